"""Row “credit position”: what is news, and what the CRM is to show."""

from dataclasses import replace
from decimal import Decimal

from shared.ports import Position
from shared.sync.credit import Told, differing, is_due, is_news, shown, view

ACME = Position("ACME01", "ACME01", Decimal("10.50"), Decimal(0), "Open", False)
TOLD = Told(shown(ACME), "2026-11-30")


def test_news_is_whatever_the_list_shows_otherwise() -> None:
    assert is_news(ACME, None, "2026-11-30") and not is_news(ACME, TOLD, "2026-12-24")
    for changed in (
        replace(ACME, balance=Decimal("10.51")),
        replace(ACME, credit_limit=None),
        replace(ACME, account_status="Legal"),
        replace(ACME, on_hold=True),
        replace(ACME, foreign="2"),
    ):
        assert is_news(changed, TOLD, "2026-11-30")


def test_a_customer_without_an_account_is_looked_for_while_it_is_new() -> None:
    unplaced = Told(shown(ACME), "2026-11-30", "unplaced", "2026-12-01")
    assert is_news(ACME, unplaced, "2026-12-01") and not is_news(ACME, unplaced, "2026-12-02")


def test_everybody_is_due_once_a_day() -> None:
    assert is_due(None, "2026-11-30") and is_due(TOLD, "2026-12-01") and not is_due(TOLD, "2026-11-30")


def test_what_is_stored_is_what_was_told() -> None:
    for one in (TOLD, replace(TOLD, state="unplaced", until="2026-12-01"), replace(TOLD, state="refused")):
        assert Told.of(one.row()) == one


def test_a_foreign_account_shows_no_amounts_unless_told() -> None:
    euro = replace(ACME, foreign="2")
    assert view(euro, Decimal(3), foreign=False) == {
        "balance": None,
        "overdue": None,
        "credit_limit": None,
        "account_status": "Open",
        "on_hold": False,
    }
    assert view(euro, Decimal(3), foreign=True)["overdue"] == Decimal(3)


def test_only_what_differs_is_written_and_all_of_it_where_nothing_was_read() -> None:
    wanted = {"balance": Decimal(1), "on_hold": True}
    assert differing(wanted, None, ["balance"]) == {"balance": Decimal(1)}
    assert differing(wanted, {"balance": Decimal("1.00")}, list(wanted)) == {"on_hold": True}
