"""One person among many lines of the archive: how many hits are left, how long it takes, and what of others
was touched.

The lines are of the shapes that vendors' calls are archived in: pages of lists, single records, creates,
addresses, forms and JSON inside JSON. What is left is searched as text, not by the code that erases.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from bench.figures import Figures, exactly, told
from shared.bootstrap import Services
from shared.domain import codec
from shared.domain.erasure import Eraser, Person
from shared.domain.link import Link, Outcome
from shared.domain.rules import Rule
from shared.mapping.compile import compile_flow
from shared.operations.erase import erase
from shared.operations.erase_person import Subject
from shared.ports import Commit, Run
from shared.ports.audit import Entry
from shared.stores.memory import MemoryWorld

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
PER_OBJECT, EVERY = 100, 97
TOLD = ("Ann O'Connor", "ann.oconnor@example.test", "0161 496 0000", "1 Mill Lane, Leek", "1970-01-01")
HITS = ("connor", "4960000", "496 0000", "mill lane", "1970-01-01", "12x345", "mill%20lane", "mill+lane")


def run(lines: int = 100_000) -> Figures:
    """Figures by name."""
    world = MemoryWorld(lambda: NOW)
    stores = world.stores("main")
    for start in range(0, lines, PER_OBJECT):
        some = [_line(number) for number in range(start, min(lines, start + PER_OBJECT))]
        stores.archive.write(f"20261122T{start // PER_OBJECT % 86_400:06d}Z-{start:08x}", some)
    before = [line for name in stores.archive.objects() for line in stores.archive.lines(name)]
    person = Person(frozenset({"12x345"}), {"id": frozenset()}, frozenset(TOLD[:4]))
    integration = SimpleNamespace(name="main", connections={"vtiger": None})
    part = _elsewhere(world)
    flow, clock = compile_flow("vtiger--sage_accounting"), SimpleNamespace(now=lambda: NOW)
    services = SimpleNamespace(stores=stores, clock=clock, integration=integration, flow=flow)
    one = Subject("contact", {"vtiger": "12x345"}, None, Eraser(person))
    began = time.perf_counter()
    receipt = erase(cast(Services, services), one, True, trail=world.console.audit)
    seconds = time.perf_counter() - began
    after = [line for name in stores.archive.objects() for line in stores.archive.lines(name)]
    texts = [codec.dumps(line).casefold() for line in after]
    left = sum(any(hit in text for hit in HITS) for text in texts)
    beside = [f"{key} {text}" for name in ("dynamodb", "s3") for key, text in _stored(world, name)]
    beside_left = sum(any(hit in text.casefold() for hit in HITS) for text in beside)
    assert stores.sweeps.get([part]) is not None, "the sweep could not go on"
    touched = sum(a != b for n, (a, b) in enumerate(zip(before, after, strict=True)) if n % EVERY)
    name = f"erasing one person among {lines} archive lines"
    return {
        f"{name}: hits left": exactly(left, 0, "lines"),
        f"{name}: hits left in tables, positions of lists and the audit trail": exactly(
            beside_left, 0, "rows"
        ),
        f"{name}: lines of others that changed": exactly(touched, 0, "lines"),
        f"{name}: lines changed": told(receipt.found["lines of the archive"], "lines"),
        f"{name}: time": told(seconds / lines * 100_000, "s per 100,000 lines"),
    }


def _elsewhere(world: MemoryWorld) -> str:
    """Where else she is: what is kept of lists, what was told of others, who did what. A part of a sweep."""
    stores, who = world.stores("main"), TOLD[0]
    stores.cursors.save("vtiger", "contact", {"seen": {"deleted": {"12x345": "t"}}, "gone": ["12x345"]})
    stores.log.put_run(Run("20261122T101500Z-poll", "poll", "contact", "vtiger", NOW, NOW, "done", who))
    stores.gate.pause("vtiger", f"refuses {who}")
    why = Outcome("held", f"because of {who}", Rule.MATCH)
    stores.links.commit(Commit(Link("L" * 24, "invoice", "vtiger", "9x1", outcome=why), 0, "w"), NOW)
    where = ("main", "vtiger", "contact", "12x345", "other 12x345", f"{who} is one of two")
    world.console.audit.note(Entry(NOW, "p-1", "bob@example.test", "decide", *where, id="1"))
    return stores.sweeps.put(
        "vtiger", "contact", {"ids": ["12x345", "12x346"], "gone": [], "kept": ["12x345"]}
    )


def _stored(world: MemoryWorld, service: str) -> Iterator[tuple[object, str]]:
    """All but the archive, which is searched by itself."""
    for (_, kind), rows in world._services[service].rows.items():
        if kind != "object":
            yield from rows.items()


def _line(number: int) -> dict[str, Any]:
    if number % EVERY:
        return _exchange({"result": [_person(number), _person(number + 1)]})
    name, email, phone, street, born = TOLD
    ann = {"id": "12x345", "name": name, "email": email, "phone": phone, "street": street, "born": born}
    bare = {key: value for key, value in ann.items() if key != "id"}
    shapes: list[dict[str, Any]] = [
        _exchange({"result": [_person(number), ann]}),
        _exchange(ann, path="/contacts/12x345"),
        {**_exchange({"id": "12x345"}), "request": bare},
        _exchange({}, path="/query?q=name%3D%27Ann%20O%27Connor%27"),
        _exchange({}, path="/query?email=ann.oconnor%40example.test"),
        {**_exchange({}), "request": {"rest_data": json.dumps({"list": [ann]})}},
        {**_exchange({}), "response": json.dumps(json.dumps({"note": f"{name}, {street}"}))},
        _exchange({"id": "9x1", "note": f"ask ANN O'CONNOR, (0161) 4960000, {street}", "total": number}),
        {
            "kind": "record",
            "id": "12x345",
            "system": "vtiger",
            "entity": "contact",
            "before": ann,
            "after": ann,
        },
        {**_exchange({}), "request": [{"name": key, "value": value} for key, value in ann.items()]},
    ]
    return shapes[number // EVERY % len(shapes)]


def _exchange(response: Any, path: str = "/contacts") -> dict[str, Any]:
    return {
        "kind": "exchange", "at": NOW.isoformat(), "system": "vtiger", "method": "GET", "path": path,
        "status": 200, "response": response, "ms": 12,
    }  # fmt: skip


def _person(number: int) -> dict[str, Any]:
    return {
        "id": f"13x{number}", "name": f"Bob Miller {number}", "email": f"bob{number}@example.test",
        "phone": f"0161 497 {number % 10_000:04d}", "street": f"{number} High Street", "born": "1971-02-02",
    }  # fmt: skip
