"""The sample of Sage Sales Management and Sage 50: the same every time, and every case in it."""

from collections import Counter

from local.demo.flows import FLOWS
from local.demo.sage_sales_management_sage_50 import customers
from local.demo.sage_sales_management_sage_50.load import plan


def test_it_is_the_same_every_time() -> None:
    assert customers.customers() == customers.customers()
    assert plan().size >= customers.size()
    assert "sage_sales_management--sage_50" in FLOWS


def test_every_case_is_there_as_often_as_it_says() -> None:
    rows = customers.customers()
    assert len(rows) == sum(count for count, _ in customers.KINDS.values())
    held = Counter(bool(one["onHold"]) for one in rows)
    assert held[True] == customers.KINDS["on_hold"][0]
    assert sum(one["creditLimit"] == 0 for one in rows) == customers.KINDS["no_limit"][0]
    assert sum(bool(one["inactiveAccount"]) for one in rows) == customers.KINDS["inactive"][0]


def test_references_are_what_sage_takes_and_unique() -> None:
    references = [one["accountRef"] for one in customers.customers()]
    assert len(set(references)) == len(references)
    assert all(len(one) <= 8 and one.isalnum() and one == one.upper() for one in references)
