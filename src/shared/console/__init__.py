"""The console: what happened to every record and why, and the buttons that act on it. Plain HTML, no
script."""
