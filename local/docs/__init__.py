"""What the pages in docs/ take from the code."""
