"""A whole system in memory: the reference implementation of the port, and the tests' double."""

from shared.systems.memory.system import MemorySystem

__all__ = ["MemorySystem"]
