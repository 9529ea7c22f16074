"""What the functions and the command line do: one file for each operation."""
