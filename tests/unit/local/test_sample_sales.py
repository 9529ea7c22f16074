"""The sample of Sage Sales Management and Sage 50: the same every time, and every case in it."""

from collections import Counter

from local.demo.flows import FLOWS
from local.demo.sage_sales_management_sage_50 import customers, goods
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


def test_what_is_sold_has_its_cases() -> None:
    rows = goods.products()
    assert sum(bool(one["inactiveFlag"]) for one in rows) == 1
    assert sum(one["itemType"] == 2 for one in rows) == 1, "labour is not kept in stock"
    assert all(goods.picture(colour).startswith(b"\x89PNG") for _, _, colour in goods.PICTURES)
    assert len({name for _, name, _ in goods.PICTURES}) == len(goods.PICTURES)


def test_balances_are_what_the_invoices_leave() -> None:
    """One is paid, one in part, two are not; one customer owes more than its limit."""
    owed: Counter[str] = Counter()
    for one in goods.postings():
        owed[one["accountRef"]] += round(one["amount"] * (1 if one["type"] == "SI" else -1), 2)
    paid = [one["paid"] for one in goods.invoices()]
    assert owed[goods.PLAIN] == 0 < owed[goods.LISTED]
    assert owed[goods.OVER] > 500
    assert [bool(one) for one in paid] == [True, True, False, False]


def test_every_product_named_later_is_sold() -> None:
    assert goods.NAMES[goods.INACTIVE - 1] == "Desk lamp"
    assert {goods.PLAIN, goods.LISTED, goods.OVER} <= {one["accountRef"] for one in customers.customers()}
    assert FLOWS["sage_sales_management--sage_50"].later is not None


def test_both_demonstrations_quote() -> None:
    """And say one sentence for each thing that people do, see `later`."""
    assert all(FLOWS[f"sage_sales_management--{sage}"].later for sage in ("sage_50", "sage_accounting"))
