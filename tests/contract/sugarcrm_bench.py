"""An emulated SugarCRM, and connectors to it by either API."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.vendors.sugarcrm.app import build_app
from local.vendors.sugarcrm.options import SugarOptions
from shared.ports import Native, ObjectSpec, System
from shared.systems.sugarcrm.system import make_sugarcrm
from tests.contract.doors import Odd
from tests.contract.system_bench import Facts, HttpBench
from tests.unit.systems.sugarcrm.fakes import SECRET, Clock, Recorder, Tokens, bound

SPEC = ObjectSpec(
    "sugarcrm",
    "sales_order",
    "Opportunities",
    "id",
    "date_modified",
    ("name", "sales_order_no_c"),
    poll_mode="cursor",
    key_path="next_step",
    label_paths=("name",),
)
_SHARED: dict[str, Any] = {
    "spec": SPEC,
    "name": "name",
    "note": "sales_order_no_c",
    "unknown": "9e5c1a52-0000-4000-8000-000000000000",
    "needed": {"sales_stage": "Prospecting", "date_closed": "2026-12-01", "amount": "1"},
    "refused": {"sales_order_no_c": "9" * 80},
    "stamps": frozenset({"date_modified", "modified_user_id", "modified_by_name"}),
    "wrong_secret": {**SECRET, "password": "mistyped"},
    "stranger": {**SECRET, "user": "nobody"},
}
_OPTIONS = (
    ("page_size", "0", "1000"),
    ("page_size", "many", "1000"),
    ("settle_seconds", "soon", "number of seconds"),
    ("api", "v12", "v4_1"),
)
V11 = Facts(
    **_SHARED,
    creates={"path": "Opportunities$", "method": "POST"},
    updates={"path": r"bulk$|Opportunities/[^/]+$", "method": "PUT|POST"},
    denial=Odd(403, json.dumps({"error": "not_authorized", "error_message": "You are not authorized."})),
    refused_options=(*_OPTIONS, ("api_version", "11.10", "v11_10"), ("paging", "sideways", "offset")),
)
V4_1 = Facts(
    **_SHARED,
    creates={"operation": "set_entry$"},
    updates={"operation": "set_entries"},
    deletions_after=10,
    denial=Odd(200, json.dumps({"name": "Access Denied", "number": 40, "description": "No access"})),
    refused_options=(*_OPTIONS, ("encryption", "ROT13", "PLAIN")),
)
FACTS = {"v11": V11, "v4_1": V4_1}


class SugarBench(HttpBench):
    def __init__(self, api: str, **options: str) -> None:
        app = build_app(SugarOptions(cron_seconds=0))
        super().__init__(app, FACTS[api])
        self.api, self.options = api, options

    def restart(self) -> None:
        self.post("/reset", {})
        self.post("/clock", {"freeze": self.moment.isoformat()})
        self.clock, self.recorder, self.store = Clock(self.moment), Recorder(), Tokens()

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
        http = self.http("sugarcrm", url, self.recorder, timeout, left)
        chosen = {"api": self.api, **self.options, **options}
        return make_sugarcrm(http, chosen, secret or SECRET, self.clock, bound(self.clock, self.store, owner))

    def make(self, rows: Sequence[Mapping[str, Native]]) -> list[str]:
        return list(self.post("/opportunities", [{**self.facts.needed, **row} for row in rows])["ids"])

    def edit(self, record_id: str, **values: Native) -> None:
        self.post("/opportunities", {"id": record_id, **values})

    def delete(self, record_id: str) -> None:
        self.post("/opportunities", {"id": record_id, "delete": True})

    def records(self) -> dict[str, dict[str, Any]]:
        rows = self.admin.get("/opportunities").json()
        return {row["id"]: row for row in rows if not row["deleted"]}

    def pass_time(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.post("/clock", {"freeze": self.later(seconds)})

    def tokens(self) -> list[str]:
        stored = self.store.token.value if self.store.token else {}
        return [stored[name] for name in ("access_token", "refresh_token") if name in stored]

    def secrets(self) -> list[str]:
        """And the digest that v4_1 takes in its place."""
        password = SECRET["password"]
        return [password, hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()]

    def recorded(self) -> str:
        return self.recorder.everything
