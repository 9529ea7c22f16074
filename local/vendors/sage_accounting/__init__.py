"""Sage Business Cloud Accounting, API v3.1, emulated for tests and demonstrations."""
