"""An emulated Sage 50 company, and connectors to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.vendors.hyperaccounts.app import build_app
from local.vendors.hyperaccounts.options import HyperOptions
from shared.ports import Native, ObjectSpec, System
from shared.systems.sage_50.system import Sage50
from tests.contract.doors import Odd
from tests.contract.system_bench import Facts, HttpBench

TOKEN = "demo-token"
SPEC = ObjectSpec(
    "sage_50",
    "account",
    "customer",
    "accountRef",
    "recordModifyDate",
    ("accountRef", "name", "telephone"),
    poll_mode="cursor",
    key_path="analysis1",
    natural_path="accountRef",
    label_paths=("name",),
)
FACTS = Facts(
    SPEC,
    "name",
    "telephone",
    "NEVER001",
    refused={"name": "x" * 61},
    creates={"path": "customer$", "method": "POST"},
    updates={"path": "customer$", "method": "PATCH"},
    denial=Odd(403, json.dumps({"Message": "Authorization has been denied for this request."})),
    # The telephone has a second name in the rows of searches.
    stamps=frozenset({"RECORD_MODIFY_DATE", "recordModifyDate", "telephoneNumber"}),
    wrong_secret={"token": "mistyped"},
    stranger={"token": "another-company"},
    refused_options=(
        ("settle_seconds", "soon", "whole number"),
        ("sage_version", "newest", "whole number"),
        ("timeout_seconds", "long", "whole number"),
        ("search_in", "perhaps", "yes or no"),
        ("date_format", "stardate", "dd/mm/yyyy"),
    ),
)


@dataclass
class Clock:
    """Stands still at first; sleeping moves it on, and is taken from what is `left`."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    slept: list[float] = field(default_factory=list)
    left: float = 600.0

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds


@dataclass
class Tape:
    lines: list[Any] = field(default_factory=list)

    def exchange(self, line: Any) -> None:
        self.lines.append(line)


class Sage50Bench(HttpBench):
    def __init__(self) -> None:
        super().__init__(build_app(HyperOptions()), FACTS)

    def restart(self) -> None:
        self.post("/reset", {})
        # A call whose answer was lost may still be under way when the next one arrives.
        self.post("/options", {"overlap": False})
        self._tell_time(0)
        self.tape = Tape()

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
        http = self.http("sage_50", url, self.tape, timeout, left)
        chosen = {"timeout_seconds": f"{timeout:.0f}", **options}
        return Sage50(http, chosen, secret or {"token": TOKEN}, self.clock, lambda resource: None)

    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        return list(self.post("/customers", [dict(row) for row in rows]))

    def edit(self, record_id: str, **values: Native) -> None:
        self.post("/customers", {"accountRef": record_id, **values})

    def delete(self, record_id: str) -> None:
        self.admin.delete(f"/customers/{record_id}").raise_for_status()

    def records(self) -> dict[str, dict[str, Any]]:
        return {row["accountRef"]: row for row in self.admin.get("/customers").json()}

    def pass_time(self, seconds: float) -> None:
        self._tell_time(seconds)

    def _tell_time(self, seconds: float) -> None:
        """The server's clock is a local one, without a zone."""
        moment = datetime.fromisoformat(self.later(seconds))
        self.post("/clock", {"freeze": moment.replace(tzinfo=None).isoformat()})
        self.clock = Clock(moment)

    def tokens(self) -> list[str]:
        """None is given by the vendor."""
        return []

    def secrets(self) -> list[str]:
        return [TOKEN]

    def recorded(self) -> str:
        return json.dumps(self.tape.lines, default=str)
