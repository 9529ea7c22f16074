"""What the Sage Sales Management connector is given in tests: specs, a clock, stores in memory."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from shared.mapping.maps import ObjectMap
from shared.mapping.object_map import compile_object
from shared.mapping.source import Source
from shared.ports import ObjectSpec
from shared.stores.memory import MemoryWorld
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.sage_sales_management.system import SageSalesManagement

SYSTEM = "sage_sales_management"
SECRET = {"public_key": "demo-public", "private_key": "demo-private"}
OWNER = "emma@example.test"
_SHARED = Path(__file__).parents[4] / "src" / "shared"


@cache
def map_of(entity: str) -> ObjectMap:
    """As the shipped rule file says."""
    name = f"systems/{SYSTEM}/{entity}.toml"
    return compile_object(SYSTEM, entity, Source(name, (_SHARED / name).read_text("utf-8")))


def spec_of(entity: str) -> ObjectSpec:
    return map_of(entity).spec


@dataclass
class Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Recorder:
    lines: list[Any] = field(default_factory=list)

    def exchange(self, line: Any) -> None:
        self.lines.append(line)

    @property
    def everything(self) -> str:
        return json.dumps(self.lines, default=str)

    def calls(self) -> list[str]:
        """Method and path of each call, in order."""
        return [f"{line['method']} {str(line['path']).removeprefix('/api/v4/')}" for line in self.lines]


Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Bench:
    """Connectors that share a clock, stores and a recorder, as the functions of one connection do."""

    url: str = "https://crm.example"
    answer: Answer | None = None
    options: dict[str, str] = field(default_factory=lambda: {"owner": OWNER})
    secret: dict[str, str] = field(default_factory=lambda: dict(SECRET))
    recorder: Recorder = field(default_factory=Recorder)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.stores = MemoryWorld(self.clock.now).stores("acme")
        self.clients: list[HttpClient] = []

    def http(self, url: str) -> HttpClient:
        made = HttpClient(
            SYSTEM,
            url,
            recorder=self.recorder,
            allow=lambda address: None,
            seconds_left=lambda: 60.0,
            transport=httpx.MockTransport(self.answer) if self.answer else None,
        )
        self.clients.append(made)
        return made

    def system(self, worker: str = "worker", **options: str) -> SageSalesManagement:
        return SageSalesManagement(
            self.http(self.url),
            {**self.options, **options},
            self.secret,
            self.clock,
            binding=TokenBinding(SYSTEM, worker, self.clock, self.stores.tokens),
            cache=self.stores.cache,
            open=self.http,
        )

    def close(self) -> None:
        for one in self.clients:
            one.close()
