"""The made-up books that payments are checked against, and that the check notices every way of being
wrong."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bench.payments import run, sample
from shared.domain.record import replace
from shared.systems.sage_accounting import invoices, settlements
from shared.systems.sage_accounting.settlements import Part, Settlement, settle

COUNT = 500


def wrong(found: Counter[str]) -> dict[str, int]:
    return {name: found[name] for name in ("wrong", "sum", "vtiger") if found[name]}


def test_every_invoice_is_split_as_the_people_did_it() -> None:
    found = run.part((COUNT, 0, 1))
    assert wrong(found) == {} and found["reads"] == found["allocations"] > 10
    assert all(found[f"settled {how}"] > 20 for how in sample.HOW) and found["naive"] > 50


def test_the_books_do_what_people_do() -> None:
    books = [sample.book(number) for number in range(COUNT)]
    rows = [row for book in books for one in book.invoices for row in book.body(one)["payments_allocations"]]
    statuses = Counter(book.body(one)["status"]["id"] for book in books for one in book.invoices)
    assert set(statuses) == {"DRAFT", "UNPAID", "PART_PAID", "PAID", "VOID"}
    assert sum(row["negative_payment"] for row in rows) > 5
    assert sum(row["discount"] != "0.0" for row in rows) > 20
    assert any(len(one["allocated_artefacts"]) > 3 for book in books for one in book.allocations.values())
    assert sample.text(5) == "0.05" and sample.text(-1250) == "-12.5" and sample.text(100) == "1.0"


def _all_is_money(body: Any, allocations: Any) -> Settlement | None:
    """The old way: the total less what is outstanding."""
    found = settle(body, allocations)
    return found and replace(
        found,
        received=found.total - found.outstanding,
        credited=settlements.ZERO,
        discounted=settlements.ZERO,
        otherwise=settlements.ZERO,
    )


def _keeps_refunds(body: Any, allocations: Any) -> Settlement | None:
    rows = [row for row in body["payments_allocations"] if not row["negative_payment"]]
    return settle({**body, "payments_allocations": rows}, allocations)


def _knows_no_allocations(body: Any, allocations: Any) -> Settlement | None:
    return settle(body, {})


def _forgets_the_rest(body: Any, allocations: Any) -> Settlement | None:
    found = settle(body, allocations)
    unsaid = (
        sum(part.amount for part in found.parts if part.name in (settlements.UNSAID, settlements.VOID))
        if found
        else 0
    )
    return found and replace(found, otherwise=found.otherwise - unsaid)


def _guesses(invoice: str, amount: Any, entries: Any, name: str) -> list[Part]:
    """Whatever gave the first part of an allocation gave all of it."""
    givers = [one for one in entries if one.amount < 0]
    return [Part(settlements._how(givers[0]) if givers else "received", amount, name)]


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (invoices, "settle", _all_is_money),
        (invoices, "settle", _keeps_refunds),
        (invoices, "settle", _knows_no_allocations),
        (invoices, "settle", _forgets_the_rest),
        (settlements, "_allocated", _guesses),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_broken_way_is_noticed(
    module: Any, name: str, broken: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, broken)
    assert run.part((COUNT, 0, 1))["wrong"] > 5
