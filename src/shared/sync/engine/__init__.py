"""Drives the pure core against the ports: one batch of change events in, one result for each out."""

from shared.sync.engine.context import Context
from shared.sync.engine.engine import Engine
from shared.sync.engine.job import Defer, Done, Fail, Result

__all__ = ["Context", "Defer", "Done", "Engine", "Fail", "Result"]
