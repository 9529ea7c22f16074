"""The memory twin of the counts of calls."""

from collections.abc import Mapping

from shared.domain.call_budget import Window
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
        slots = {int(slot): count for slot, count in kept["slots"].items()}
        return Window(tuple((begin, end) for begin, end in kept["spans"]), slots), kept["version"]

    def save_window(self, system: str, window: Window, version: int) -> bool:
        with self._windows.lock:
            if self.window(system)[1] != version:
                return False
            slots = {str(slot): count for slot, count in window.slots.items()}
            spans = [list(span) for span in sorted(window.spans)]
            self._windows.put({"version": version + 1, "spans": spans, "slots": slots}, system)
            return True
