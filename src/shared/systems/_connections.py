"""The systems of one integration, and what their clients record."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.ports import System
from shared.settings import Connection, Integration


class ExchangeLog:
    """Collects what the clients record, for the archive of the run."""

    def __init__(self) -> None:
        self.lines: list[Mapping[str, Any]] = []

    def exchange(self, line: Mapping[str, Any]) -> None:
        self.lines.append(line)


class Connections(Mapping[str, System]):
    """The integration's systems, each built when it is first asked for: an idle poll signs in to one side
    only."""

    def __init__(self, integration: Integration, build: Callable[[Connection], System]) -> None:
        self._integration, self._build = integration, build
        self._built: dict[str, System] = {}

    def __getitem__(self, name: str) -> System:
        if name not in self._built:
            self._built[name] = self._build(self._integration.connections[name])
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self._integration.connections

    def __iter__(self) -> Iterator[str]:
        return iter(self._integration.connections)

    def __len__(self) -> int:
        return len(self._integration.connections)
