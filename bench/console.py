"""What a page of the console costs, by how much is stored: DynamoDB reads, and the server's own time.

The log table is a stand-in whose rows are made when they are asked for, so that a million of them cost
nothing. It answers the queries that the store sends, as DynamoDB would, and counts what DynamoDB would bill.
The requests of release 0.1.0, which asked run by run, stand beside it.
"""

import base64
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median
from types import SimpleNamespace
from typing import Any, cast, get_args

from bench.figures import Figures, at_most, told
from shared.bootstrap_deployment import Deployment
from shared.console import sessions
from shared.console.assets import addresses
from shared.console.router import route
from shared.domain.link import Link, LogRow, Outcome, OutcomeKind, Side
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.mapping.compile import compile_flow
from shared.ports import Commit
from shared.ports.sessions import Session
from shared.settings import Integration
from shared.stores._attributes import to_wire
from shared.stores._keys import stamp
from shared.stores._log_rows import LogRows
from shared.stores._table import Table
from shared.stores.aws_log import AwsSyncLog
from shared.stores.body import Bodies
from shared.stores.memory import MemoryWorld

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
KINDS = get_args(OutcomeKind)
SMALL, MEGABYTE, READ_UNIT = 1_000, 1_000_000, 4_096
PAGES: Mapping[str, tuple[str, dict[str, str]]] = {
    "first page": ("", {}),
    "log": ("log", {}),
    "list of one outcome": ("log", {"outcome": "failed"}),
    "list of a run": ("log", {"run": "20261122T101000Z-0000"}),
    "search": ("log", {"q": "smith"}),
    "list of runs": ("runs", {}),
}
OPEN = 40
"""Records that are open, at both sizes: what a person would call a bad day."""


def run(rows: int = 1_000_000, quiet: int = 100_000, rounds: int = 15) -> Figures:
    """Figures by name."""
    figures: Figures = {}
    for page, (path, query) in PAGES.items():
        sizes = ((SMALL, SMALL // 10), (rows, quiet))
        few, many = (_page(n, runs, path, query, rounds) for n, runs in sizes)
        name = f"console, {page} with {rows} log rows and {quiet} quiet runs, times 1000 rows:"
        figures[f"{name} DynamoDB reads"] = at_most(many[1] / few[1], 1.5, "times", f"{many[1]:g} units")
        figures[f"{name} server time"] = at_most(many[2] / few[2], 1.5, "times", f"{many[2] * 1000:.1f} ms")
        figures[f"{name} requests"] = at_most(many[0] / few[0], 1.5, "times", f"{many[0]} requests")
    figures["console, first page with 40 open records: kilobytes as sent"] = at_most(
        _sent(rows, quiet) / 1000, 50, "kB", f"{len(addresses())} files beside it"
    )
    figures[f"console, first page run by run as in 0.1.0, {quiet} quiet runs: DynamoDB requests"] = told(
        _run_by_run(rows, quiet), "requests"
    )
    return figures


def _sent(rows: int, quiet: int) -> int:
    """Bytes of the document and of the files that it asks for, packed where a browser takes that."""
    deployment, cookie = _deployment(Stored(rows, quiet))
    paths = ["/main/", *addresses().values()]
    answers = [route(_asked(path, {}, cookie), deployment).payload(packed=True) for path in paths]
    return sum(len(base64.b64decode(one["body"])) for one in answers)


def _asked(path: str, query: Mapping[str, str], cookie: str) -> dict[str, Any]:
    return {
        "rawPath": path,
        "requestContext": {"http": {"method": "GET"}},
        "cookies": [cookie],
        "queryStringParameters": dict(query),
    }


def _page(
    rows: int, quiet: int, path: str, query: Mapping[str, str], rounds: int
) -> tuple[int, float, float]:
    """Requests, read units and seconds of one page."""
    table = Stored(rows, quiet)
    deployment, cookie = _deployment(table)
    took = []
    for _ in range(rounds):
        table.requests, table.units, table.seconds = 0, 0.0, 0.0
        began = time.perf_counter()
        reply = route(_asked(f"/main/{path}", query, cookie), deployment)
        took.append(time.perf_counter() - began - table.seconds)
        assert reply.status == 200 and "main" in reply.body, reply.body[-300:]
        assert path == "runs" or "Smith" in reply.body, reply.body[-300:]
    return table.requests, table.units, median(took)


def _deployment(table: "Stored") -> tuple[Deployment, str]:
    world = MemoryWorld(lambda: NOW)
    integration = Integration("main", "sugarcrm--sage_50", {})
    world.integrations.save(integration)
    stores = replace(world.stores("main"), log=table.log())
    for number in range(OPEN):
        stores.links.commit(Commit(_open(number), 0, "bench"), NOW)
    services = SimpleNamespace(integration=integration, systems={"sugarcrm": None, "sage_50": None})
    services.flow, services.state = compile_flow(integration.flow), world.integrations.state("main")
    services.stores, services.close, services.refused = stores, lambda: None, ""
    services.clock, services.address = SimpleNamespace(now=lambda: NOW), lambda *_: "https://crm.example/1"
    made = SimpleNamespace(integrations=world.integrations, services=lambda _: services)
    made.dead_letters = SimpleNamespace(counts=dict)
    made.env = SimpleNamespace(allow_local=True)
    made.console = SimpleNamespace(stores=world.console, web=None, local=True)
    begun = datetime.now(UTC)
    session = Session("p-1", "ann@example.com", ("admin",), begun, begun, begun + sessions.LONGEST)
    world.console.sessions.begin("key", session)
    return cast(Deployment, made), f"{sessions.cookie_name('tieout', True)}=key"


def _open(number: int) -> Link:
    """A held opportunity, with a reason of its own."""
    seen = {"name": "Smith & Sons", "amount": f"{number}.00", "account.name": "Smith"}
    side = Side(f"opp-{number}", "v1", seen, label="Smith & Sons", observed_at=NOW)
    outcome = Outcome("held", f"because of the amount, which is -{number}.00", Rule.MATCH, "amount")
    key = f"LINK{number}"
    return Link(
        key, "sales_order", "sugarcrm", side.id, sides={"sugarcrm": side}, outcome=outcome, updated_at=NOW
    )


def _run_by_run(rows: int, quiet: int) -> int:
    """Its rows are those of the runs before the quiet ones, so that each of these is asked for them."""
    return quiet + 1 + (1 if rows else 0)


class Stored:
    """A log table: rows until now, two fifths of them `failed`, so that a page of these is full at both
    sizes; and runs without any. `seconds`: its own time, which is not the server's."""

    def __init__(self, rows: int, quiet: int) -> None:
        self._rows, self._quiet = rows, quiet
        bodies = Bodies(cast(Any, None), "bucket")
        self._forms = LogRows("main", bodies, 90)
        self._counts = {kind: rows * 2 // 5 if kind == "failed" else rows * 3 // 35 for kind in KINDS}
        self.requests, self.units, self.seconds = 0, 0.0, 0.0
        self._made: dict[tuple[str, int], dict[str, Any]] = {}

    def log(self) -> AwsSyncLog:
        table = Table(self, "log")
        return AwsSyncLog(table, "main", self._forms, Bodies(cast(Any, None), "bucket"), 90, lambda: NOW)

    def get_item(self, Key: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        self.requests, self.units = self.requests + 1, self.units + 1
        run_id = Key["sk"]["S"]
        return {"Item": to_wire({**self._run(run_id, 0), "counted_at": stamp(NOW)})}

    def query(self, **asked: Any) -> dict[str, Any]:
        began = time.perf_counter()
        answer = self._answer(asked)
        self.seconds += time.perf_counter() - began
        return answer

    def _answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        values = {
            name: next(iter(value.values())) for name, value in asked["ExpressionAttributeValues"].items()
        }
        make, count = self._partition(values[":pk"], asked.get("IndexName"))
        start = int(asked.get("ExclusiveStartKey", {}).get("n", 0))
        items, read, size, at = [], 0, 0, start
        most = asked.get("Limit", count)
        while at < count and read < most and size < MEGABYTE:
            item = make(at)
            if ":from" in values and not values[":from"] <= item["sk"]["S"] <= values[":to"]:
                if item["sk"]["S"] < values[":from"]:
                    at = count
                    break
                at += 1
                continue
            read, at, size = read + 1, at + 1, size + _size(item)
            if values.get(":run") in (None, item.get("run", {}).get("S")):
                items.append(item)
        self.requests += 1
        self.units += -(-max(size, 1) // READ_UNIT) / (2 if "IndexName" in asked else 1)
        return {"Items": items, **({"LastEvaluatedKey": {"n": at}} if at < count else {})}

    def _partition(self, pk: str, index: str | None) -> tuple[Callable[[int], dict[str, Any]], int]:
        if pk == "main#runs":
            return lambda n: to_wire(
                self._run(f"{NOW - timedelta(minutes=n):%Y%m%dT%H%M%SZ}-0000", n)
            ), self._quiet
        if index == "by_outcome_and_time":
            kind = pk.rpartition("#")[2]
            return lambda n: self._row(kind, n), self._counts[kind]
        return lambda n: {}, 0

    def _row(self, kind: str, number: int) -> dict[str, Any]:
        if (kind, number) not in self._made:
            at = NOW - timedelta(seconds=(2 if kind == "failed" else 10) * number + KINDS.index(kind))
            run_id = f"{at - timedelta(minutes=at.minute % 5, seconds=at.second):%Y%m%dT%H%M%SZ}-0000"
            row = LogRow(
                at,
                run_id,
                "sugarcrm",
                "sales_order",
                f"opp-{kind}-{number}",
                "poll",
                Outcome(cast(OutcomeKind, kind), "because of the amount, which is 0.00"),
                "LINK" + str(number),
                "Smith & Sons",
                {"sage_50": ("1042", "1042", "")},
                "r1",
                seq=f"{number:012}",
            )
            self._made[kind, number] = to_wire(self._forms.item(row))
        return self._made[kind, number]

    def _run(self, run_id: str, number: int) -> dict[str, Any]:
        began = stamp(NOW - timedelta(minutes=number))
        texts = {"cause": "poll", "entity": "sales_order", "system": "sugarcrm", "state": "done"}
        return {
            "pk": "main#runs", "sk": run_id, "run_id": run_id, "started_at": began, "finished_at": began,
            "message": "0 read, 0 queued", "expires": 2_000_000_000, **texts,
        }  # fmt: skip


def _size(item: Mapping[str, Any]) -> int:
    return sum(len(name) + len(str(next(iter(value.values())))) for name, value in item.items())
