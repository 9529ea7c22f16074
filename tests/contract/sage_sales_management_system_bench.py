"""An emulated Sage Sales Management under the contract of `ports.System`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from local.vendors.sage_sales_management.app import build_app
from local.vendors.sage_sales_management.options import SalesOptions
from shared.ports import Native, System
from shared.systems._tokens import TokenBinding
from shared.systems.sage_sales_management.system import SageSalesManagement
from tests.contract.doors import Odd
from tests.contract.system_bench import Facts, HttpBench
from tests.unit.systems.sage_sales_management.fakes import OWNER, SECRET, SYSTEM, Bench, Clock, spec_of

FACTS = Facts(
    spec_of("contact"),
    "lastName",
    "comment",
    "99999999",
    malformed=("", "nonsense", "not an id'", "12x", "-5", "a/b?c=d#e"),
    refused={"accountId": "99999999"},
    creates={"method": "POST", "path": "/contacts$"},
    updates={"method": "PUT"},
    guarded=True,
    deletions_after=10,
    denial=Odd(403, '{"message": "Forbidden"}'),
    stamps=frozenset({"dateUpdated", "salesRepIdUpdated"}),
    wrong_secret={**SECRET, "private_key": "mistyped"},
    stranger={**SECRET, "public_key": "nobody"},
    refused_options=(
        ("settle_seconds", "soon", "number of seconds"),
        ("fresh_seconds", "-5", "number of seconds"),
    ),
)


class SalesBench(HttpBench):
    def __init__(self, **switches: Any) -> None:
        self.switches = switches
        super().__init__(build_app(SalesOptions(**switches)), FACTS)

    def restart(self) -> None:
        self.post("/reset", {})
        self.post("/clock", {"freeze": self.moment.isoformat()})
        self.account = str(self.post("/records/accounts", {"name": "Example Ltd"})["id"])
        self.facts = replace(FACTS, needed={"accountId": self.account, "firstName": "Ann"})
        self.shared = Bench(self.url, clock=Clock(self.moment))

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
        stores, clock = self.shared.stores, self.shared.clock
        return SageSalesManagement(
            self.http(SYSTEM, url, self.shared.recorder, timeout, left),
            {"owner": OWNER, **options},
            secret or SECRET,
            clock,
            binding=TokenBinding(SYSTEM, owner, clock, stores.tokens),
            cache=stores.cache,
            open=lambda address: self.http(SYSTEM, address, self.shared.recorder, timeout, left),
        )

    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        needed = {"accountId": int(self.account), "firstName": "Ann"}
        return [
            str(one) for one in self.post("/records/contacts", [{**needed, **row} for row in rows])["ids"]
        ]

    def edit(self, record_id: str, **values: Native) -> None:
        self.post("/records/contacts", {"id": record_id, **values})

    def delete(self, record_id: str) -> None:
        self.admin.delete(f"/records/contacts/{record_id}").raise_for_status()

    def records(self) -> dict[str, dict[str, Any]]:
        return {str(row["id"]): row for row in self.admin.get("/records/contacts").json()}

    def pass_time(self, seconds: float) -> None:
        self.shared.clock.sleep(seconds)
        self.post("/clock", {"freeze": self.later(seconds)})

    def tokens(self) -> list[str]:
        stored = self.shared.stores.tokens.load(SYSTEM)
        return [stored.value["session"]] if stored else []

    def secrets(self) -> list[str]:
        return [SECRET["private_key"]]

    def recorded(self) -> str:
        return self.shared.recorder.everything
