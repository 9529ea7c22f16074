"""The local stack: the real template on an emulator of AWS, with its state kept on disk."""
