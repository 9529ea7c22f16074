"""The local stack as a machine of one's own has it: how much it needs, and what becomes of a bad day."""
