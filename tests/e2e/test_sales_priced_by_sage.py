"""Quotations that Sage 50 prices itself (`by = "sage"`), once `check` has seen that the site does."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.operations.connect import check_system
from shared.operations.proved_prices import queue_unproved
from shared.settings import Connection
from shared.sync.engine import priced_there
from shared.systems.sage_50.system import Sage50
from tests.e2e.quote_world import SAGE, QuoteWorld, quote_world

BY_SAGE = '[quotation.pricing]\nby = "sage"\n'


def check(here: QuoteWorld) -> tuple[str, str]:
    """(level, words) of what `check` says of prices."""
    services = here.services()
    found = check_system(services, SAGE)
    services.close()
    return next((one.level, one.message) for one in found if one.subject == "prices")


def released(here: QuoteWorld) -> str:
    services = here.services()
    found = queue_unproved(services, SAGE)
    services.close()
    return " ".join(one.message for one in found)


def goods(here: QuoteWorld, *, settle: bool = True) -> None:
    home = {"countryCode": "GB", "defTaxCode": 1}
    here.customer("BEST01", name="Best Ltd", discountRate=10, **home)
    here.product("W1", description="Widget", salesPrice=12.5, taxCode=1, nominalCode="4000")
    here.product("T1", description="Thing", salesPrice=7, taxCode=1)
    here.product("FREE1", description="Sample", taxCode=1)
    lists = [{"reference": "TRADE", "static": False}]
    here.prices(
        lists=lists,
        customers={"BEST01": "TRADE"},
        prices=[
            {"customer": "BEST01", "stockCode": "W1", "price": 11},
            {"list": "TRADE", "stockCode": "T1", "price": 6},
        ],
    )
    if settle:
        here.settle()


@pytest.fixture(scope="module")
def shop() -> Iterator[QuoteWorld]:
    """A site that prices, and that has been seen to."""
    sage = {"unpriced_lines": "customer_price"}
    with quote_world(BY_SAGE, sage=sage, options={SAGE: {"price_test": "best01 w1"}}) as made:
        goods(made)
        order = made.quote(("W1", 2), account="BEST01")
        made.hook(order)
        assert (made.last().kind, made.last().rule) == ("held", "price"), made.tell()
        assert "tieout check has not proved yet that this Sage 50 does" in made.last().reason
        assert made.sage_quotes() == []
        said = check(made)
        assert said[0] == "ok" and "W1 came to BEST01 at 11.00 less 10 %" in said[1], said
        assert made.sage_quotes() == [], "the test quotation is gone"
        assert check(made) == ("ok", "Sage 50 prices quotations itself: this site was seen to do so.")
        assert released(made) == "1 document held until Sage 50 was seen to price: tried again now."
        made.cycle()
        assert made.crm_quote(order)["Z_net"] == 19.8, made.tell()
        assert released(made) == "", "nothing is held for that any more"
        yield made


@pytest.fixture
def here(shop: QuoteWorld) -> Iterator[QuoteWorld]:
    yield shop
    assert shop.failed == [], shop.tell()


def test_by_sage_the_quotation_goes_without_prices_and_comes_back_with_sages(here: QuoteWorld) -> None:
    order = here.quote(("W1", 3), {"product": "T1", "quantity": 2, "price": 99}, account="BEST01")
    here.hook(order)
    assert here.last().kind == "created", here.tell()
    assert here.last().notes[-3:] == (
        "line 2: Sage 50 prices T1, in place of 99.00",
        "line 1: W1 at 11.00 less 10 %, priced by Sage 50",
        "line 2: T1 at 6.00 less 10 %, priced by Sage 50",
    )
    row = here.crm_quote(order)
    assert (row["Z_net"], row["Z_tax"], row["readOnly"]) == (40.5, 8.1, True), here.tell()
    assert [(line["price"], line["discount1"]) for line in here.crm_lines(order)] == [(11, 10), (6, 10)]
    here.hook(order)
    assert here.last().kind == "unchanged", here.tell()


def test_by_sage_a_list_without_stored_prices_is_no_reason_to_hold(here: QuoteWorld) -> None:
    order = here.quote(("T1", 1), account="BEST01")
    here.hook(order)
    assert here.last().kind == "created" and here.crm_lines(order)[0]["price"] == 6, here.tell()


def test_by_sage_a_line_that_got_no_price_keeps_the_quotation_back(here: QuoteWorld) -> None:
    order = here.quote(("W1", 1), ("FREE1", 1), account="BEST01")
    here.hook(order)
    assert (here.last().kind, here.last().rule) == ("held", "price"), here.tell()
    number = str(max(one["orderNumber"] for one in here.sage_quotes()))
    assert f"Sage 50 made quotation {number} without a price for line 2 (FREE1)" in here.last().reason
    here.hook(order)
    assert here.last().kind == "held" and not here.crm_quote(order)["readOnly"], here.tell()
    lines = here.sage_quote(number)["invoiceItems"]
    lines[1]["unitPrice"] = 4
    here.in_sage(number, customerAccountRef="BEST01", invoiceItems=lines)
    here.hook(number, SAGE)
    assert [line["price"] for line in here.crm_lines(order)] == [11, 4], here.tell()
    lines = here.sage_quote(number)["invoiceItems"]
    lines[1]["unitPrice"] = 0
    here.in_sage(number, customerAccountRef="BEST01", invoiceItems=lines)
    here.hook(number, SAGE)
    assert [line["price"] for line in here.crm_lines(order)] == [11, 0], "made free later, on purpose"


ALTERED: dict[str, tuple[dict[str, Any], str]] = {
    "a quantity": ({"quantity": Decimal(30)}, "which has 30 of W1 in line 1 in place of 3"),
    "a price without its total": (
        {"unitPrice": Decimal(12)},
        "shows 29.70 net and 5.94 tax, where its lines come to 32.40 net and 6.48 tax",
    ),
}


@pytest.mark.parametrize("case", ALTERED)
def test_by_sage_a_document_that_is_not_the_one_asked_for_is_held(
    here: QuoteWorld, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, why = ALTERED[case]
    create = Sage50.create

    def other(self: Any, *given: Any) -> Any:
        made = create(self, *given)
        rows: Any = made.values.get("invoiceItems")
        changed = {**made.values, "invoiceItems": [{**row, **line} for row in rows or ()]}
        return replace(made, values=changed) if rows else made

    monkeypatch.setattr(Sage50, "create", other)
    order = here.quote(("W1", 3), account="BEST01")
    here.hook(order)
    assert (here.last().kind, here.last().rule) == ("held", "totals"), here.tell()
    assert why in here.last().reason and not here.crm_quote(order)["readOnly"]
    monkeypatch.undo()
    here.hook(order)
    assert here.crm_quote(order)["Z_net"] == 29.7, "Sage shows what was asked for, now"


def test_a_document_that_nobody_compares_is_noticed(here: QuoteWorld) -> None:
    """Its own check."""
    with pytest.MonkeyPatch.context() as broken, pytest.MonkeyPatch.context() as altered:
        broken.setattr(priced_there, "otherwise", lambda *given: "")
        with pytest.raises(AssertionError):
            test_by_sage_a_document_that_is_not_the_one_asked_for_is_held(here, "a quantity", altered)


def test_by_sage_an_inactive_product_is_named(here: QuoteWorld) -> None:
    order = here.quote(("T1", 1), account="BEST01")
    here.product("T1", inactiveFlag=True)
    here.hook(order)
    here.product("T1", inactiveFlag=False)
    assert (here.last().kind, here.last().rule) == ("skipped", "item"), here.tell()


# ---------------------------------------------------------------- a site that has not been seen to price


@pytest.fixture(scope="module")
def unseen() -> Iterator[QuoteWorld]:
    """Customers and products in Sage alone: a check asks for no more."""
    with quote_world(BY_SAGE) as made:
        goods(made, settle=False)
        yield made


def site(unseen: QuoteWorld, reading: str, setting: str) -> QuoteWorld:
    unseen.sage.ask("POST", "options", {"unpriced_lines": reading})
    integration = unseen.services().integration
    ledger = Connection(SAGE, {**integration.connections[SAGE].options, "price_test": setting})
    unseen.world.integrations.save(
        replace(integration, connections={**integration.connections, SAGE: ledger})
    )
    return unseen


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        ("refused", "This site refused a test quotation whose line has no price (Sage 50 refused"),
        ("sales_price", "W1 came to BEST01 at 12.50 on the test quotation, and its price there is 11.00"),
    ],
)
def test_by_sage_a_site_that_does_not_price_is_named(unseen: QuoteWorld, reading: str, says: str) -> None:
    here = site(unseen, reading, "BEST01 W1")
    for _ in range(2):
        level, said = check(here)
        assert level == "warning" and says in said
        assert here.sage_quotes() == [], "whatever came of it is removed"


def test_by_sage_a_test_quotation_that_stays_is_named_and_removed_the_next_time(unseen: QuoteWorld) -> None:
    here = site(unseen, "sales_price", "BEST01 W1")
    fault = {"kind": "500", "match": {"method": "DELETE", "path": "salesOrder"}}
    here.sage.ask("POST", "faults", [fault])
    level, said = check(here)
    (left,) = here.sage_quotes()
    assert level == "error" and f"The test quotation {left['orderNumber']} could not be removed" in said
    here.sage.ask("POST", "faults", [])
    assert check(here)[0] == "warning" and here.sage_quotes() == []


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("", "put the reference of a customer and the code of a product"),
        ("BEST01", "put the reference of a customer and the code of a product"),
        ("NONE01 W1", "Sage 50 has no customer NONE01"),
        ("BEST01 X9", "Sage 50 has no product X9"),
        ("BEST01 T1", "Sage 50 shows no stored price of T1 for BEST01 that differs from its sales price"),
        ("BEST01 FREE1", "so a test would prove nothing"),
    ],
)
def test_by_sage_a_test_that_would_prove_nothing_is_not_made(
    unseen: QuoteWorld, setting: str, says: str
) -> None:
    here = site(unseen, "customer_price", setting)
    writes = here.sage.ask("GET", "writes")
    level, said = check(here)
    assert level == "warning" and says in said
    assert here.sage.ask("GET", "writes") == writes
