"""Drives the pure core against the ports: one batch of change events in, one result for each out."""

from shared.sync.engine.context import Context
from shared.sync.engine.engine import Engine
from shared.sync.engine.result import Deferred, Ended, Failed, Result

__all__ = ["Context", "Deferred", "Ended", "Engine", "Failed", "Result"]
