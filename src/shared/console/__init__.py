"""The console: what happened to every record and why, and the two buttons that act on it. Connector HTML, no
script."""
