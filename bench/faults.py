"""The fault matrix: each way in which a call can go wrong, at each call of an order's way, over both Sugar
APIs.

Twenty won opportunities pass through a vendor that misbehaves, then through one that behaves. In the end each
must have exactly one Sage order (0 lost, 0 doubled) and show that order's number (0 stale), and nothing may
be in a dead-letter queue.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.figures import Figures, exactly, told
from bench.site import SETTLE_SECONDS, Site, open_site, vendors

GENERIC = ("429", "500", "503", "slow", "lost_request", "lost_reply", "late_commit", "html", "truncated_json")
ONLY = {"sugarcrm": ("exclusive", "expired_session"), "sage_50": ("busy", "exclusive")}
PATIENCE_SECONDS = 0.4
"""How long a vendor may take to answer: short, so that a time-out takes no time either."""
LATE_SECONDS = 0.6
"""What a slow or late call takes in real time: longer than the client's patience, so that the answer is lost.
"""
OPPORTUNITIES = 20
ROUNDS = 40
_APART = {"expired_session": 3}
"""A session that ends again while its call is repeated is a refused user: that pauses the connection, and
rightly."""
_V11 = {"list": {"path": "/Opportunities/filter$"}, "write-back": {"path": "/bulk$|/Opportunities/[^/]+$"}}
_V4_1 = {
    "list": {"operation": "get_entry_list", "body": "Opportunities"},
    "write-back": {"operation": "set_entr"},
}
_SAGE = {
    "create": {"path": "(?i)/salesorder$", "method": "POST"},
    "customer search": {"path": "(?i)/searchsalesledger"},
}
PLACES: Mapping[str, Mapping[str, tuple[str, Mapping[str, str]]]] = {
    api: {name: ("sugarcrm", match) for name, match in sugar.items()}
    | {name: ("sage_50", match) for name, match in _SAGE.items()}
    for api, sugar in (("v11", _V11), ("v4_1", _V4_1))
}


@dataclass(frozen=True)
class Cell:
    api: str
    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.place} ({self.api})"


@dataclass
class Tally:
    lost: int = 0
    doubled: int = 0
    stale: int = 0
    dead: int = 0
    hits: int = 0
    wrong: list[str] = field(default_factory=list)


def run(kinds: tuple[str, ...] = (*GENERIC, "busy", "exclusive", "expired_session")) -> Figures:
    """Figures by name; the note of a missed one names the cells. Raises AssertionError when a fault never
    happened."""
    totals = Tally()
    cells = matrix(kinds)
    with vendors() as addresses:
        for cell in cells:
            _add(totals, cell, _one(addresses, cell))
    seen, note = f"under {len(cells)} faults", "; ".join(totals.wrong[:5])
    return {
        f"faults: orders lost {seen}": exactly(totals.lost, 0, "orders", note),
        f"faults: orders doubled {seen}": exactly(totals.doubled, 0, "orders", note),
        f"faults: order numbers stale {seen}": exactly(totals.stale, 0, "orders", note),
        f"faults: dead letters {seen}": exactly(totals.dead, 0, "messages", note),
        f"faults: calls hit {seen}": told(totals.hits, "calls"),
    }


def matrix(kinds: tuple[str, ...]) -> list[Cell]:
    return [
        Cell(api, place, kind)
        for api, places in PLACES.items()
        for place, (vendor, _) in places.items()
        for kind in kinds
        if kind in GENERIC or kind in ONLY[vendor]
    ]


def _add(totals: Tally, cell: Cell, found: Tally) -> None:
    for name in ("lost", "doubled", "stale", "dead", "hits"):
        setattr(totals, name, getattr(totals, name) + getattr(found, name))
    if found.lost or found.doubled or found.stale or found.dead:
        totals.wrong.append(
            f"{cell}: {found.lost} lost, {found.doubled} doubled, {found.stale} stale, {found.dead} dead"
        )


def _one(addresses: tuple[str, str], cell: Cell) -> Tally:
    site = open_site(addresses, cell.api, PATIENCE_SECONDS)
    for vendor in addresses:
        site.post(vendor, "reset", {})
    ids = _fill(site)
    site.clock.share = LATE_SECONDS * 2 / SETTLE_SECONDS if cell.kind in ("slow", "late_commit") else 0.0
    vendor = dict(zip(("sugarcrm", "sage_50"), addresses, strict=True))[PLACES[cell.api][cell.place][0]]
    _switch_on(site, vendor, cell)
    _until_quiet(site, ids)
    hits = sum(int(one["hits"]) for one in site.get(vendor, "faults"))
    assert hits, f"the fault {cell} never happened: its pattern matches no call"
    site.delete(vendor, "faults")
    _until_quiet(site, ids)
    return _judge(site, ids, hits)


def _fill(site: Site) -> list[str]:
    site.post(
        site.sugar, "accounts", [{"id": "acc-1", "name": "Smith & Co", "sales_account_ref_c": "SMITH001"}]
    )
    site.post(site.sage, "customers", [{"accountRef": "SMITH001", "name": "Smith & Co", "currency": 1}])
    return list(
        site.post(
            site.sugar,
            "opportunities",
            [
                {
                    "name": f"Shelving {number}",
                    "amount": f"{100 + number}.00",
                    "currency_id": "-99",
                    "date_closed": "2026-11-20",
                    "sales_stage": "Closed Won",
                    "account_id": "acc-1",
                }
                for number in range(OPPORTUNITIES)
            ],
        )["ids"]
    )


def _switch_on(site: Site, vendor: str, cell: Cell) -> None:
    """Two calls go wrong: the first one, and, of twenty creates, another in the middle."""
    row: dict[str, Any] = {"kind": cell.kind, "match": dict(PLACES[cell.api][cell.place][1]), "times": 1}
    if cell.kind in ("slow", "late_commit"):
        row["after"] = LATE_SECONDS
    if cell.kind in ("429", "503"):
        row["after"] = 5
    site.post(
        vendor, "faults", [row, {**row, "skip": _APART.get(cell.kind, 8 if cell.place == "create" else 0)}]
    )


def _until_quiet(site: Site, ids: list[str]) -> None:
    """Polls and handles until a whole quarter of an hour brought nothing more.

    Before time is moved on, what a vendor still commits late is given the real time it takes: a settle time
    is longer than the slowest commit, or it is none.
    """
    for _ in range(ROUNDS):
        polled = site.tick()
        handled = site.drain()
        time.sleep(LATE_SECONDS + 0.1 if _late(site) else 0)
        due = site.next_due()
        if due is not None:
            site.clock.sleep(max(0.0, (due - site.clock.now()).total_seconds()) + 0.01)
            continue
        site.clock.sleep(901)
        if polled and not handled and not site.world.stores("main").parks.count():
            return
    runs = site.world.stores("main").log.runs(limit=2)
    raise AssertionError(f"not quiet after {ROUNDS} rounds: {[run.message for run in runs]}")


def _late(site: Site) -> bool:
    return any(
        one["kind"] in ("slow", "late_commit")
        for vendor in (site.sugar, site.sage)
        for one in site.get(vendor, "faults")
    )


def _judge(site: Site, ids: list[str], hits: int) -> Tally:
    orders = Counter(row["customerOrderNumber"] for row in site.orders())
    numbers = {row["customerOrderNumber"]: str(row["orderNumber"]) for row in site.orders()}
    shown = {row["id"]: row["sales_order_no_c"] for row in site.opportunities()}
    links = {link.origin_id: link.link_id for link in site.world.stores("main").links.all()}
    made = [links.get(one, "") for one in ids]
    return Tally(
        lost=sum(1 for key in made if not orders[key]),
        doubled=sum(number - 1 for number in orders.values()) + sum(1 for key in orders if key not in made),
        stale=sum(1 for one, key in zip(ids, made, strict=True) if shown[one] != numbers.get(key)),
        dead=len(site.failed),
        hits=hits,
    )
