"""A thousand integrations in one stack, and a sweep over a million records, in virtual time."""
