"""Emulated vendors: small servers that behave as the real ones are documented to, quirks included."""
