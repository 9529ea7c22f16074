"""What `SystemContract` is told and given of one vendor: how to connect to it, what people do at its screens,
and how its bad days are made."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

import httpx

from local.vendors._serve import App, serve
from shared.ports import Hint, Native, ObjectSpec, Patch, Reading, Recorder, Snapshot, System, Values
from shared.systems._http import HttpClient
from tests.contract.doors import Door, Odd

Match = dict[str, str]
MOMENT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NOBODY = "http://127.0.0.1:9"
"""The discard port: nobody listens."""


@dataclass(frozen=True)
class Facts:
    """The kind of record that the contract works with, and what this vendor can do."""

    spec: ObjectSpec
    name: str
    """Native path of a text that may be searched, and that people may give to several records."""
    note: str
    """Native path of another text."""
    unknown: str
    """An id as the vendor forms them, which no record has or had."""
    needed: Values = field(default_factory=dict)
    """What a create must send besides the name."""
    malformed: tuple[str, ...] = ("", "not an id'", "a/b?c=d#e")
    refused: Values | None = None
    """Values that the vendor definitely refuses, None where it takes everything."""
    creates: Match = field(default_factory=dict)
    """Which calls of a create write, in the words of `local.vendors._faults`."""
    updates: Match = field(default_factory=dict)
    guarded: bool = False
    """A patch with an old version is refused."""
    deletions_after: float | None = None
    """Seconds after which a poll tells of a deletion; None where it never does."""
    denial: Odd | None = None
    """How the vendor says that the user may not read these records."""
    stamps: frozenset[str] = frozenset()
    """What moves in the vendor's own record with every write, whatever is written."""
    wrong_secret: Mapping[str, str] | None = None
    """Secrets of which one was mistyped; None where there is no sign-in."""
    stranger: Mapping[str, str] | None = None
    """Those of somebody whom the vendor does not know."""
    refused_options: tuple[tuple[str, str, str], ...] = ()
    """(option, a value that makes no sense, a word of what is allowed)."""


class SystemBench(ABC):
    """One vendor, emptied for each test. All of its connectors share their stores, as a connection's do."""

    facts: Facts

    @abstractmethod
    def system(
        self,
        *,
        owner: str = "worker",
        url: str | None = None,
        secret: Mapping[str, str] | None = None,
        timeout: float = 5.0,
        left: float = 60.0,
        **options: str,
    ) -> System:
        """A connector. `left`: seconds until the worker's deadline."""

    @abstractmethod
    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        """Records that people enter, in this order. Ids as `read` spells them."""

    @abstractmethod
    def edit(self, record_id: str, **values: Native) -> None: ...

    @abstractmethod
    def delete(self, record_id: str) -> None: ...

    @abstractmethod
    def records(self) -> dict[str, dict[str, Any]]:
        """The living records as the vendor itself keeps them, by id."""

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """At the vendor, whose clock stands still otherwise, and for connectors."""

    @abstractmethod
    def fault(self, kind: str, match: Match | None = None, **more: Any) -> None:
        """See `local.vendors._faults`: kind, times, skip, after."""

    @abstractmethod
    def faults_left(self) -> int:
        """How many switched on faults have not happened."""

    @abstractmethod
    def mend(self) -> None:
        """No faults, no odd answers."""

    @abstractmethod
    def deny(self) -> None:
        """The integration's user may no longer read the records."""

    @abstractmethod
    def tokens(self) -> list[str]:
        """What the connection's store keeps of sign-ins and must stay with this vendor."""

    @abstractmethod
    def recorded(self) -> str:
        """Everything that connectors gave to the archive."""

    @abstractmethod
    def secrets(self) -> list[str]:
        """The configured ones."""

    @property
    def door(self) -> Door | None:
        """None where nothing goes over HTTP."""
        return None

    # what follows from it

    def warm(self, **connecting: Any) -> System:
        """A connector that has signed in and knows the vendor's metadata: what it calls next matters."""
        system = self.system(**connecting)
        system.read(self.facts.spec, [self.facts.unknown])
        return system

    def make_named(self, names: Sequence[str]) -> list[str]:
        return self.make([{self.facts.name: name} for name in names])

    def values(self, name: str) -> Values:
        """What a create sends."""
        return {**self.facts.needed, self.facts.name: name}

    def patch(self, record_id: str, note: str, **more: Any) -> Patch:
        return Patch(record_id, {self.facts.note: note}, key=uuid4().hex, **more)

    def record(self, record_id: str) -> dict[str, Any]:
        """The vendor's own record, but for its stamps."""
        found = self.records()[record_id]
        return {name: value for name, value in found.items() if name not in self.facts.stamps}

    def named(self, name: str) -> set[str]:
        return {one for one, values in self.records().items() if values[self.facts.name] == name}


class HttpBench(SystemBench):
    """An emulated vendor behind a door, over real HTTP. Started once; `reset` empties it for a test."""

    client: type[HttpClient] = HttpClient

    def __init__(self, app: App, facts: Facts) -> None:
        self.facts = facts
        self._door = Door(app)
        self._served = serve(self._door)
        self.url = self._served.url
        self.admin = httpx.Client(base_url=f"{self.url}/_admin", trust_env=False, timeout=20)
        self._closing: list[Callable[[], None]] = []
        self.moment = MOMENT

    @property
    def door(self) -> Door:
        return self._door

    @abstractmethod
    def restart(self) -> None:
        """Nothing at the vendor or in the stores, and the vendor's clock at `moment`."""

    def reset(self) -> Self:
        self._end_clients()
        self.mend()
        self.moment = MOMENT
        self.restart()
        return self

    def post(self, path: str, body: Any) -> Any:
        answer = self.admin.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, match: Match | None = None, **more: Any) -> None:
        self.post("/faults", [{"kind": kind, "match": match or {}, **more}])

    def faults_left(self) -> int:
        return sum(row["times"] != 0 for row in self.admin.get("/faults").json())

    def mend(self) -> None:
        self._door.open()
        self.admin.delete("/faults").raise_for_status()

    def deny(self) -> None:
        assert self.facts.denial is not None
        self._door.answer(self.facts.denial, times=-1)

    def later(self, seconds: float) -> str:
        """The vendor's clock moved on, as ISO text."""
        self.moment += timedelta(seconds=seconds)
        return self.moment.isoformat()

    def http(
        self, system: str, url: str | None, recorder: Recorder, timeout: float, left: float
    ) -> HttpClient:
        """The edge of one connector, closed with the test."""
        made = self.client(
            system,
            url or self.url,
            recorder=recorder,
            allow=lambda address: None,
            seconds_left=lambda: left,
            timeout=timeout,
        )
        self._closing.append(made.close)
        return made

    def _end_clients(self) -> None:
        while self._closing:
            self._closing.pop()()

    def close(self) -> None:
        self._end_clients()
        self.admin.close()
        self._served.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()


def snap(reading: Reading | Hint | Exception) -> Snapshot:
    assert isinstance(reading, Snapshot), reading
    return reading


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)
