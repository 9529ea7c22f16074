"""What runs on a person's machine and is never deployed: the command line, the local stack, emulated
vendors."""
