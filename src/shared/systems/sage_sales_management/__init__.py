"""Sage Sales Management (formerly ForceManager), by its public API v4."""
