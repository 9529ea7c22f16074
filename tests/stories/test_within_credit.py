"""Requirement within_credit: no order past a customer's limit, however many workers, whatever crashes."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.ports import Portion, Position
from tests.properties.ports import Killed
from tests.stories.orders import SAGE, SUGAR, Orders

RULE = """
[sales_order.require.within_credit]
rule    = "within_credit"
field   = "customer.balance"
message = "The customer is over the credit limit in Sage."
"""


class Debts:
    """The customers of a memory ledger; their balances are kept on their records."""

    lacks: frozenset[str] = frozenset()

    def __init__(self, here: Orders) -> None:
        self._here = here

    def portions(self, place: str, known: Sequence[str]) -> Iterator[Portion]:
        yield Portion(tuple(self.of(sorted(self._here.native(SAGE, "account"))).values()), "", True)

    def of(self, ids: Sequence[str]) -> dict[str, Position]:
        rows = self._here.native(SAGE, "account")
        return {one: _position(one, rows[one]) for one in ids if one in rows}

    def overdue(self, positions: Sequence[Position], today: date) -> Iterator[tuple[str, Decimal]]:
        return ((one.id, Decimal(0)) for one in positions)


def _position(reference: str, row: dict[str, Any]) -> Position:
    limit = Decimal(str(row.get("creditLimit") or 0))
    foreign = row["currency"] if row["currency"] != "1" else ""
    return Position(reference, reference, Decimal(str(row.get("balance") or 0)), limit, foreign=foreign)


def shop(limit: str, balance: str = "0", rule: str = RULE, **values: Any) -> Orders:
    """SMITH001 with this credit. Each order is 100.00 and 20.00 tax."""
    here = Orders()
    here.new_rules(rule)
    here.rig.systems[SAGE].debts = Debts(here)
    owes(here, balance, creditLimit=limit, **values)
    return here


def owes(here: Orders, balance: str, **values: Any) -> None:
    here.rig.systems[SAGE].put("customer", "SMITH001", {"balance": balance, **values})


def test_within_credit_fifty_orders_of_one_customer_in_one_batch() -> None:
    here = shop(limit="1000", balance="400")
    for number in range(50):
        here.win(f"deal {number}")
    here.hear(SUGAR, *(f"deal {number}" for number in range(50)))
    assert len(here.orders()) == 5  # 400 and five times 120 are 1,000
    assert here.log().count("skipped") == 45
    refused = next(row.outcome for row in here.rows() if row.outcome.kind == "skipped")
    assert refused.reason == (
        "The customer is over the credit limit in Sage. Balance 400.00, ordered and not invoiced yet 600.00, "
        "this order 120.00: together 1120.00, and the limit is 1000.00."
    )


def test_within_credit_one_worker_at_a_time_orders_for_a_customer() -> None:
    here = shop(limit="150")
    here.win("first")
    here.win("second")
    with here.at(f"{SAGE}.create", lambda: here.hear(SUGAR, "second")):
        here.hear(SUGAR, "first")
    assert len(here.orders()) == 1
    here.wait(minutes=30)
    here.sync()
    assert len(here.orders()) == 1 and here.rows("second")[-1].outcome.rule == "within_credit"


@pytest.mark.parametrize("moment", [f"{SAGE}.create", f"{SAGE}.create done"])
def test_within_credit_a_crash_between_note_and_answer_leaves_no_order_past_the_limit(moment: str) -> None:
    here = shop(limit="250")
    for deal in ("first", "second", "third"):
        here.win(deal)
    with here.at(moment, Killed):
        here.hear(SUGAR, "first")
    here.rig.line.dead = False
    here.hear(SUGAR, "second", "third")
    assert len(here.orders()) <= 2
    here.wait(hours=3)
    assert len(here.orders()) == 2 and here.rig.quiet()


def test_within_credit_an_order_that_is_invoiced_or_cancelled_leaves_the_sum() -> None:
    here = shop(limit="250")
    here.win("first")
    here.win("second")
    here.sync()
    here.win("third")
    here.sync()
    assert len(here.orders()) == 2
    numbers = list(here.native(SAGE))
    here.rig.systems[SAGE].put("salesOrder", numbers[0], {"allocationStatus": "3"})  # cancelled
    here.hear(SUGAR, "third")
    assert len(here.orders()) == 3
    here.rig.systems[SAGE].put("salesOrder", numbers[1], {"dispatchStatus": "2"})  # invoiced,
    owes(here, "120")  # and in the balance
    here.win("fourth")
    here.sync()
    assert len(here.orders()) == 3


def test_within_credit_a_payment_lets_the_order_through_by_itself() -> None:
    here = shop(limit="100", balance="90")
    here.rig.systems[SUGAR].put("Accounts", "a1", {"sales_account_ref_c": "SMITH001"})
    here.win()
    here.sync()
    here.sync()
    assert here.orders() == []
    owes(here, "-30")
    here.sync()
    here.sync()
    assert len(here.orders()) == 1


def test_within_credit_a_limit_of_zero_is_no_limit_unless_told() -> None:
    assert ordered(shop(limit="0", balance="5000")) == 1
    assert ordered(shop(limit="0", rule=f'{RULE}value = "no_credit"\n')) == 0
    assert ordered(shop(limit="0", balance="-500", rule=f'{RULE}value = "no_credit"\n')) == 1
    assert ordered(shop(limit="100", balance="5000", rule="")) == 1  # off by default


def test_within_credit_of_an_account_in_another_currency_is_a_persons_to_decide() -> None:
    here = shop(limit="1000")
    here.rig.systems[SAGE].debts.of = lambda ids: {  # type: ignore[union-attr, method-assign]
        one: Position(one, one, Decimal(0), Decimal(10), foreign="2") for one in ids
    }
    here.win()
    here.hear(SUGAR, "desks")
    here.says("held", "SMITH001", "is in another currency", rule="within_credit")
    here.rig.systems[SAGE].debts.of = lambda ids: {}  # type: ignore[union-attr, method-assign]
    here.win("more")
    here.hear(SUGAR, "more")
    here.says("held", "does not say what customer SMITH001 owes", rule="within_credit", of="more")


def test_within_credit_an_order_that_sage_refuses_does_not_count() -> None:
    from shared.errors import RecordRejected

    here = shop(limit="150")
    here.win("first")
    with here.at(f"{SAGE}.create", RecordRejected("no")):
        here.hear(SUGAR, "first")
    here.win("second")
    here.hear(SUGAR, "second")
    assert len(here.orders()) == 1


@pytest.mark.parametrize(
    "text, words",
    [
        ('value = "sometimes"', "takes no value"),
        ('field = "customer.name"', "needs the balance of a reference"),
    ],
)
def test_within_credit_is_checked_when_the_rules_are_loaded(text: str, words: str) -> None:
    rule = RULE.replace('field   = "customer.balance"\n', "") if text.startswith("field") else RULE
    with pytest.raises(RuleInvalid, match=words):
        compile_flow("sugarcrm--sage_50", {"flows/sugarcrm--sage_50.toml": f"{rule}{text}\n"})


def ordered(here: Orders) -> int:
    here.win()
    here.hear(SUGAR, "desks")
    return len(here.orders())
