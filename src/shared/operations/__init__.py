"""What the functions and the command line do: one operation a file."""
