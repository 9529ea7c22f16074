"""One emulated SugarCRM with sample data, and connectors to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from shared.ports import Hint, ObjectSpec, Reading, Snapshot, System
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.unit.systems.sugarcrm.fakes import (
    SECRET,
    Clock,
    Recorder,
    Tokens,
    bound,
    wire_to,
)

ODD = """O'Neil & "Sons" 🏗 Ünï \\ 100%"""


@dataclass
class Bench:
    """One emulated server, and systems that talk to it."""

    url: str
    app: Any
    api: str
    recorder: Recorder
    clock: Clock
    tokens: Tokens

    @property
    def server(self) -> Any:
        return self.app.state.sugar

    def system(self, **options: str) -> System:
        return make_sugarcrm(
            wire_to(url=self.url, recorder=self.recorder),
            {"api": self.api, **options},
            SECRET,
            self.clock,
            bound(self.clock, self.tokens),
        )

    def seed(self, count: int = 5, **values: Any) -> list[str]:
        self.server.seed("Accounts", [{"id": "acc-1", "name": ODD, "sales_account_ref_c": "SMITH001"}])
        ids = [f"opp-{number:04d}" for number in range(count)]
        self.server.seed(
            "Opportunities",
            [
                {
                    "id": item,
                    "name": f"Deal {item}",
                    "amount": "12.5",
                    "currency_id": "-99",
                    "sales_stage": "Closed Won",
                    "account_id": "acc-1",
                    **values,
                }
                for item in ids
            ],
        )
        return ids

    def faults(self, *rows: dict[str, Any]) -> None:
        httpx.post(f"{self.url}/_admin/faults", json=list(rows)).raise_for_status()


def all_records(
    system: System, spec: ObjectSpec, cursor: Any = None, size: int = 100
) -> tuple[list[Reading | Hint], Any]:
    pages = list(system.changes(spec, cursor, size))
    return [item for page in pages for item in page.records], pages[-1].cursor


def snapshots(found: Sequence[Reading | Hint]) -> list[Snapshot]:
    return [item for item in found if isinstance(item, Snapshot)]
