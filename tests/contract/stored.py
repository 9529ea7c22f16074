"""Links, events and log rows as the storage suites use them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shared.domain.link import Base, ChangeEvent, Intent, Lease, Link, LogRow, Outcome, OutcomeKind, Side
from shared.ports import Commit
from tests.contract.stores_world import START


def link(
    link_id: str = "LINK1", kind: str | None = "created", entity: str = "sales_order", **parts: Any
) -> Link:
    """A link between opportunity and order, with money in it."""
    outcome = Outcome(kind, "order 1042 was made", waits_for=("sage_50", "account", "A1")) if kind else None  # type: ignore[arg-type]
    sides = {
        "sugarcrm": Side(
            "opp-1", "v1", {"amount": Decimal("1200.10"), "name": "Smith & Sons"}, {"total": 1}, "r1", START
        ),
        "sage_50": Side(
            "1042", None, {"total": Decimal("1200.100")}, {"total": 1}, "r1", START, START, "1042"
        ),
    }
    whole = Link(
        link_id,
        entity,
        "sugarcrm",
        "opp-1",
        base={"total": Base(Decimal("1200.10"), 1, "sugarcrm")},
        sides=sides,
        outcome=outcome,
        rules_version="r1",
        held={"notes": "both changed"},
        writes={"sage_50.total": ("2026-11-22T10:15:00+00:00",)},
        updated_at=START,
    )
    return replace(whole, **parts)


def commit(one: Link | None = None, expected: int = 0, owner: str = "worker-a", **parts: Any) -> Commit:
    return Commit(one or link(), expected, owner, **parts)


def lease(owner: str = "worker-a", seconds: float = 60, intent: bool = False) -> Lease:
    wanted = Intent(
        "sage_50", "create", "LINK1", START, {"total": Decimal("1200.10")}, {"total": Decimal("1.0")}
    )
    return Lease(owner, START + timedelta(seconds=seconds), wanted if intent else None)


def event(record_id: str = "opp-1", entity: str = "sales_order", **parts: Any) -> ChangeEvent:
    return replace(ChangeEvent("acme", "sugarcrm", entity, record_id, "poll", RUN, START), **parts)


def row(
    record_id: str = "opp-1",
    kind: OutcomeKind = "created",
    run_id: str = "",
    minutes: float = 0,
    **parts: Any,
) -> LogRow:
    made = LogRow(
        START + timedelta(minutes=minutes),
        run_id or RUN,
        "sugarcrm",
        "sales_order",
        record_id,
        "poll",
        Outcome(kind, "because", notes=("first", "second")),
        "LINK1",
        "Smith & Sons",
        {"sage_50": ("1042", "1042", "")},
        "r1",
        ({"field": "total", "system": "sage_50", "before": None, "after": Decimal("10.50")},),
    )
    return replace(made, **parts)


RUN = "20261122T101500Z-a1b2"
