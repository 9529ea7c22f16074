"""The memory twin of the counts of calls."""

from collections.abc import Mapping

from shared.domain.call_budget import Window
from shared.stores._call_windows import slots_text, spans_text, window_of
from shared.stores.memory._shelf import Service, Shelf


class MemoryCallCounts:
    """`CallCounts`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._days = Shelf(service, integration, "calls")
        self._windows = Shelf(service, integration, "call_window")

    def add(self, day: str, calls: Mapping[str, int]) -> None:
        with self._days.lock:
            before = self.of(day)
            self._days.put(
                {**before, **{name: before.get(name, 0) + more for name, more in calls.items()}}, day
            )

    def of(self, day: str) -> dict[str, int]:
        return self._days.get(day) or {}

    def window(self, system: str) -> tuple[Window, int]:
        kept = self._windows.get(system)
        if kept is None:
            return Window(), 0
        return window_of(kept["spans"], kept["slots"]), kept["version"]

    def save_window(self, system: str, window: Window, version: int) -> bool:
        with self._windows.lock:
            if self.window(system)[1] != version:
                return False
            texts = {"spans": spans_text(window), "slots": slots_text(window)}
            self._windows.put({"version": version + 1, **texts}, system)
            return True
