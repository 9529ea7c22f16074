"""Quotations are made in the CRM, priced, and come back from Sage 50, over HTTP."""

from collections.abc import Iterator

import pytest

from tests.e2e.quote_world import QuoteWorld, quote_world


@pytest.fixture
def here() -> Iterator[QuoteWorld]:
    with quote_world() as made:
        made.goods()
        yield made
        assert made.failed == [], made.tell()


def test_a_quotation_without_prices_comes_back_priced_and_read_only(here: QuoteWorld) -> None:
    order = here.quote(("W1", 3), ("G1", 1))
    here.hook(order)
    (quote,) = here.sage_quotes()
    assert (quote["orderType"], quote["quoteStatus"], quote["customerAccountRef"]) == (9, 1, "ACME01"), (
        here.tell()
    )
    assert (quote["itemsNet"], quote["itemsTax"]) == (117.5, 23.5)
    row = here.crm_quote(order)
    assert (row["extId"], row["statusId"]["value"], row["readOnly"]) == ("1001", "Validated draft", True), (
        here.tell()
    )
    assert (row["Z_net"], row["Z_tax"], row["Z_gross"]) == (117.5, 23.5, 141)
    assert [(line["price"], line["quantity"], line["total"]) for line in here.crm_lines(order)] == [
        (12.5, 3, 37.5),
        (80, 1, 80),
    ]


def test_what_has_come_back_is_at_rest(here: QuoteWorld) -> None:
    order = here.quote(("W1", 3))
    here.hook(order)
    here.settle()
    assert here.last().kind == "created", here.tell()
    writes = len(here.sage.ask("GET", "writes"))
    here.hook(order)
    assert here.last().kind == "unchanged" and len(here.sage_quotes()) == 1, here.tell()
    assert len(here.sage.ask("GET", "writes")) == writes
