"""An emulated Sage Business Accounting under the contract of `ports.System`."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.spec import SpecCheck
from shared.ports import Native, ObjectSpec, System
from shared.stores.memory import MemoryWorld
from shared.systems._tokens import TokenBinding
from shared.systems.sage_accounting.system import SageAccounting
from tests.contract.doors import Odd
from tests.contract.sage_accounting_bench import BUSINESS, SECRET, SPECS, Clock, Tape, spec
from tests.contract.system_bench import Facts, HttpBench

SPEC: ObjectSpec = spec("account", "contacts", "name", "notes", natural_path="reference")
FACTS = Facts(
    SPEC,
    "name",
    "notes",
    "0" * 32,
    refused={"reference": "MUCH-TOO-LONG"},
    creates={"path": "/v3.1/contacts$", "method": "POST"},
    updates={"path": "/v3.1/contacts/", "method": "PUT"},
    guarded=True,
    deletions_after=10,
    denial=Odd(403, json.dumps([{"$severity": "error", "$dataCode": "AuthorizationFailure"}])),
    stamps=frozenset({"updated_at"}),
    wrong_secret={**SECRET, "client_secret": "mistyped"},
    stranger={**SECRET, "client_id": "nobody"},
    refused_options=(
        ("settle_seconds", "soon", "whole number"),
        ("fresh_seconds", "-5", "whole number"),
        ("page_size", "many", "whole number"),
        ("page_size", "0", "200"),
        ("new_products", "toys", "stock_items"),
        ("rate_direction", "sideways", "foreign_per_base"),
    ),
)


class SageAccountingBench(HttpBench):
    def __init__(self) -> None:
        check = SpecCheck(SPECS) if SPECS.is_dir() else None
        super().__init__(build_app(SageAccountingOptions(), check=check), FACTS)

    def restart(self) -> None:
        self.post("/reset", {})
        self.clock, self.tape = Clock(), Tape()
        self.moment = self.clock.now().replace(microsecond=0) - timedelta(hours=3)
        self.post("/clock", {"shift_seconds": 0, "freeze": self.moment.isoformat()})
        self.stores = MemoryWorld().stores("acme")
        self.first = str(self.post("/grant", {})["refresh_token"])

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
        address = url or self.url
        return SageAccounting(
            self.http("sage_accounting", address, self.tape, timeout, left),
            {"token_url": f"{address}/token", "business": BUSINESS, **options},
            {"refresh_token": self.first, **(secret or SECRET)},
            self.clock,
            binding=TokenBinding("sage_accounting", owner, self.clock, self.stores.tokens),
            cache=self.stores.cache,
            lanes=lambda resource: None,
            open=lambda origin: self.http("sage_accounting", origin, self.tape, timeout, left),
        )

    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        return list(self.post("/contacts", [{"contact_type_ids": ["CUSTOMER"], **row} for row in rows]))

    def edit(self, record_id: str, **values: Native) -> None:
        self.post("/contacts", {"id": record_id, **values})

    def delete(self, record_id: str) -> None:
        self.admin.delete(f"/contacts/{record_id}").raise_for_status()

    def records(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.admin.get("/contacts").json() if not row["system"]}

    def pass_time(self, seconds: float) -> None:
        self.clock.shift += timedelta(seconds=seconds)
        self.post("/clock", {"freeze": self.later(seconds)})

    def tokens(self) -> list[str]:
        stored = self.stores.tokens.load("sage_accounting")
        return [stored.value[name] for name in ("access_token", "refresh_token")] if stored else []

    def secrets(self) -> list[str]:
        return [SECRET["client_secret"], self.first]

    def recorded(self) -> str:
        return json.dumps(self.tape.lines, default=str)
