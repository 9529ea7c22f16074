"""Requirements of a flow, poll conditions at hand, and reference tables."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.check import refuse, unmet_condition
from shared.mapping.compile import compile_flow
from shared.mapping.faults import FieldUnreadable, RuleRefused
from shared.mapping.rules import Requirement
from shared.mapping.tables import currency_table, tax_rates
from shared.ports import Condition

RULES = compile_flow("sugarcrm--sage_50").entities["sales_order"].requirements
GOOD = {"customer_id": "a1", "customer_ref": "SMI001", "amount": Decimal("12.50"), "currency": "GBP"}
CUSTOMER = {"currency": "GBP", "on_hold": False, "inactive": False}

REFUSED = [
    (
        {"customer_id": None},
        {},
        "account",
        "customer_id",
        "The opportunity has no account: choose one in SugarCRM.",
    ),
    ({"amount": None}, {}, "amount", "amount", "The amount is blank: enter the amount of the opportunity."),
    (
        {"amount": Decimal(0)},
        {},
        "amount_positive",
        "amount",
        "The amount is 0: an order needs an amount above zero. Correct it, or leave the "
        "opportunity without an order.",
    ),
    (
        {"amount": Decimal("-5.00")},
        {},
        "credit_note",
        "amount",
        "The amount is -5.00: what is below zero is a credit note. Enter it in Sage 50 as a credit note, or "
        "correct the amount.",
    ),
    (
        {"amount": Decimal("1.005")},
        {},
        "amount_pence",
        "amount",
        "The amount 1.005 has more than two decimal places: round it in SugarCRM.",
    ),
    (
        {"amount": Decimal("100000000")},
        {},
        "amount_size",
        "amount",
        "The amount 100000000 is larger than Sage takes (at most 99999999.99): check the amount.",
    ),
    (
        {},
        {"inactive": True},
        "customer_active",
        "customer.inactive",
        "The customer is marked inactive in Sage: make it active there, or correct the account reference.",
    ),
    (
        {},
        {"on_hold": True},
        "customer_not_on_hold",
        "customer.on_hold",
        "The customer's account is on hold in Sage: release it there.",
    ),
    (
        {"currency": "EUR"},
        {},
        "currency",
        "currency",
        "The opportunity is in EUR, but the customer's Sage account is in GBP: Sage takes orders in the customer's currency only.",  # noqa: E501
    ),
]


def test_a_good_record_passes() -> None:
    refuse(RULES, GOOD, {"customer": CUSTOMER})


@pytest.mark.parametrize(("change", "customer", "rule", "field", "message"), REFUSED)
def test_refused(
    change: dict[str, Any], customer: dict[str, Any], rule: str, field: str, message: str
) -> None:
    with pytest.raises(RuleRefused) as fault:
        refuse(RULES, {**GOOD, **change}, {"customer": {**CUSTOMER, **customer}})
    assert (fault.value.rule, fault.value.field, str(fault.value)) == (rule, field, message)


def test_one_of_and_not_negative() -> None:
    rules = [
        Requirement("one_of", "status", ("won", "sold"), "The status {value} is none of {wanted}.", "state"),
        Requirement("not_negative", "amount", None, "Below zero.", "sign"),
    ]
    refuse(rules, {"status": "won", "amount": None}, {})
    with pytest.raises(RuleRefused, match=r"The status lost is none of won, sold."):
        refuse(rules, {"status": "lost"}, {})
    with pytest.raises(RuleRefused, match=r"Below zero"):
        refuse(rules, {"status": "won", "amount": Decimal(-1)}, {})


@pytest.mark.parametrize(
    ("condition", "met", "unmet"),
    [
        (Condition("f", "equals", "Closed Won"), "closed won", "Lost"),
        (Condition("f", "not_equals", "a"), None, "A"),
        (Condition("f", "in", ("a", "b")), "b", "c"),
        (Condition("f", "blank"), None, "x"),
        (Condition("f", "blank"), "", " x"),
        (Condition("f", "not_blank"), "x", ""),
        (Condition("f", "gt", "9"), "10", "9"),
        (Condition("f", "gte", "2026-12-01"), "2026-12-01", None),
        (Condition("f", "lt", "2026-12-01"), "2026-11-30", "2026-12-01"),
        (Condition("f", "lte", "5"), Decimal(5), "5.1"),
        (Condition("f", "equals", "1"), True, False),
    ],
)
def test_conditions(condition: Condition, met: Any, unmet: Any) -> None:
    assert unmet_condition((condition,), {"f": met}) is None
    assert unmet_condition((condition,), {"f": unmet}) == condition


def test_reference_tables() -> None:
    rows = [
        {"id": "-99", "iso": "GBP", "rate": "1", "base": "1"},
        {"id": "e", "iso": "eur", "rate": "1.25", "base": "0"},
    ]
    assert currency_table(rows) == {"-99": "GBP", "": "GBP", "e": "EUR"}
    assert tax_rates([{"id": "1", "rate": "20.00", "name": "Standard"}]) == {"T1": Decimal(20)}
    with pytest.raises(FieldUnreadable, match=r"rate of tax code 2 holds"):
        tax_rates([{"id": "2", "rate": "x", "name": ""}])
