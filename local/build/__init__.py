"""What is made once, by hand, and committed: tables taken from well-kept libraries."""
