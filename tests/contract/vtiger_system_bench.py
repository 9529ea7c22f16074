"""An emulated Vtiger by either door under the contract of `ports.System`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.vendors.vtiger.app import build_app
from local.vendors.vtiger.options import VtigerOptions
from shared.ports import Native, System
from shared.systems._tokens import TokenBinding
from shared.systems.vtiger.system import Vtiger
from tests.contract.doors import Odd
from tests.contract.system_bench import Facts, HttpBench
from tests.unit.systems.vtiger.fakes import CONTACT, SECRET, Bench, Clock

FACTS = Facts(
    CONTACT,
    "lastname",
    "mobile",
    "12x99999",
    malformed=("", "nonsense", "not an id'", "12x", "12xx1", "a/b?c=d#e"),
    refused={"lastname": ""},
    creates={"operation": "^create$"},
    updates={"operation": "^revise$"},
    guarded=True,
    deletions_after=3700,
    denial=Odd(
        200,
        json.dumps({"success": False, "error": {"code": "ACCESS_DENIED", "message": "Permission denied"}}),
    ),
    stamps=frozenset({"modifiedtime", "modifiedby"}),
    wrong_secret={**SECRET, "access_key": "mistyped"},
    stranger={**SECRET, "user": "nobody"},
    refused_options=(
        ("api", "soap", "cloud"),
        ("line_writes", "perhaps", "auto"),
        ("sync", "sometimes", "auto"),
        ("settle_seconds", "soon", "number of seconds"),
        ("fresh_seconds", "-5", "number of seconds"),
    ),
)


class VtigerBench(HttpBench):
    def __init__(self, version: str, door: str) -> None:
        super().__init__(build_app(VtigerOptions(version=version, door=door, minute_limit=0)), FACTS)
        self.api = door

    def restart(self) -> None:
        self.post("/reset", {})
        self.post("/options", {"minute_limit": 0, "sync_works": True})
        self.post("/clock", {"freeze": self.moment.isoformat()})
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
        http = self.http("vtiger", url, self.shared.recorder, timeout, left)
        stores, clock = self.shared.stores, self.shared.clock
        chosen = {"api": self.api, **options}
        binding = TokenBinding("vtiger", owner, clock, stores.tokens)
        return Vtiger(http, chosen, secret or SECRET, clock, binding, stores.cache)

    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        return list(self.post("/records/Contacts", [dict(row) for row in rows])["ids"])

    def edit(self, record_id: str, **values: Native) -> None:
        self.post("/records/Contacts", {"id": record_id, **values})

    def delete(self, record_id: str) -> None:
        self.admin.delete(f"/records/Contacts/{record_id}").raise_for_status()

    def records(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.admin.get("/records/Contacts").json()}

    def pass_time(self, seconds: float) -> None:
        self.shared.clock.sleep(seconds)
        self.post("/clock", {"freeze": self.later(seconds)})

    def tokens(self) -> list[str]:
        stored = self.shared.stores.tokens.load("vtiger")
        return [stored.value["session"]] if stored else []

    def secrets(self) -> list[str]:
        return [SECRET["access_key"]]

    def recorded(self) -> str:
        return self.shared.recorder.everything
