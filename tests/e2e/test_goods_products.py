"""The row "products" of the flow: Sage -> CRM, with stock, base price, pictures, and what is out of use."""

from collections.abc import Iterator

import pytest

from tests.e2e.goods_world import PNG, goods_world, picture, pictures, told
from tests.e2e.sales_world import SalesWorld


@pytest.fixture
def here() -> Iterator[SalesWorld]:
    with goods_world() as made:
        yield made


@pytest.mark.parametrize("kind, stock", [(0, 7), (1, None), (2, None)])
def test_products_stock_is_a_number_and_blank_where_it_does_not_apply(
    here: SalesWorld, kind: int, stock: int | None
) -> None:
    here.product("W1", description="Widget", salesPrice=12.5, qtyInStock=7, itemType=kind)
    here.settle()
    row = here.rows("products")["W1"]
    assert (row["stock"], row["price"], row["Z_basePrice"]) == (stock, 12.5, 12.5)
    here.product("W1", itemType=1)
    here.settle()
    assert here.rows("products")["W1"]["stock"] is None, here.tell()


def test_products_base_price_is_left_out_where_the_tenant_has_no_field_for_it() -> None:
    with goods_world(custom_fields={}) as here:
        here.product("W1", description="Widget", salesPrice=12.5)
        here.settle()
        row = here.rows("products")["W1"]
        assert row["price"] == 12.5 and "Z_basePrice" not in row


def test_products_inactive_are_not_available_and_come_back(here: SalesWorld) -> None:
    here.product("W1", description="Widget", inactiveFlag=True)
    here.settle()
    row = here.rows("products")["W1"]
    assert (row["notAvailable"], row["readOnly"]) == (True, False)
    here.product("W1", inactiveFlag=False)
    here.settle()
    assert here.rows("products")["W1"]["notAvailable"] is False


def test_products_deleted_in_sage_are_not_available_and_read_only_within_one_cycle(here: SalesWorld) -> None:
    here.product("W1", description="Widget")
    here.product("W2", description="Gadget")
    here.settle()
    here.product("W1", deletedFlag=True)
    here.cycle()
    rows = here.rows("products")
    assert (rows["W1"]["notAvailable"], rows["W1"]["readOnly"]) == (True, True), here.tell()
    assert (rows["W2"]["notAvailable"], rows["W2"]["readOnly"]) == (False, False)
    here.sage.ask("DELETE", "calls")
    assert here.cycle() == 0, "what is out of use already is no news"
    assert here.sage.ask("GET", "calls")["POST searchproduct"] == 1
    here.product("W1", deletedFlag=False)
    here.settle()
    row = here.rows("products")["W1"]
    assert (row["notAvailable"], row["readOnly"]) == (False, False), here.tell()


def test_products_pictures_cost_one_read_and_two_calls_when_they_are_new_or_renamed(here: SalesWorld) -> None:
    here.product("W1", description="Widget")
    picture(here, "W1", "C:\\pictures\\widget.png")
    here.settle()
    assert pictures(here) == [("widget.png", len(PNG))], here.tell()
    here.crm.ask("DELETE", "calls")
    here.sage.ask("DELETE", "calls")
    here.product("W1", salesPrice=2)
    here.settle()
    assert "GET product" not in here.sage.ask("GET", "calls"), "an unchanged one is never looked at"
    picture(here, "W1", "widget-2.png")
    here.settle()
    assert here.sage.ask("GET", "calls")["GET product"] == 1
    sent = {call: count for call, count in here.calls().items() if "documents" in call or "bucket" in call}
    assert sent == {"POST products/id/documents": 1, "PUT _bucket": 1}
    assert told(here, "W1")[0] == "updated: picture written to Sage Sales Management"


@pytest.mark.parametrize(
    "content, why",
    [
        (PNG + b"x" * 10_000_000, "has 10,000,016 bytes; more than 5,000,000 are not sent"),
        (b"%PDF-1.7", "is no PNG, JPEG, GIF or WebP file"),
        (b"", "names a picture of product W1 and gives none"),
    ],
)
def test_products_picture_of_10_mb_or_no_image_is_told_and_stops_nothing(
    here: SalesWorld, content: bytes, why: str
) -> None:
    here.product("W1", description="Widget", salesPrice=3)
    picture(here, "W1", "widget.png", content)
    here.settle()
    assert here.rows("products")["W1"]["price"] == 3 and pictures(here) == []
    assert told(here, "W1")[0].startswith("created:") and why in told(here, "W1")[0], here.tell()
    picture(here, "W1", "widget.png")
    here.settle()
    here.product("W1", salesPrice=4)
    here.settle()
    assert pictures(here) == [("widget.png", len(PNG))], "corrected, it goes with the product's next change"


@pytest.mark.parametrize("kind", ["lost_reply", "500", "html"])
def test_products_picture_whose_answer_is_lost_is_told_and_not_sent_twice(
    here: SalesWorld, kind: str
) -> None:
    here.product("W1", description="Widget")
    picture(here, "W1", "widget.png")
    here.crm.ask("POST", "faults", [{"kind": kind, "match": {"method": "POST", "path": "documents$"}}])
    here.settle()
    assert len(pictures(here)) <= 1 and "W1" in here.rows("products")
    assert "may have reached Sage Sales Management" in told(here, "W1")[0], here.tell()
    here.product("W1", salesPrice=9)
    here.settle()
    assert len(pictures(here)) <= 1 and here.rows("products")["W1"]["price"] == 9


def test_products_picture_that_is_lost_on_its_way_is_sent_again_to_the_same_place(here: SalesWorld) -> None:
    here.product("W1", description="Widget")
    picture(here, "W1", "widget.png")
    here.crm.ask("POST", "faults", [{"kind": "lost_request", "match": {"method": "PUT", "path": "_bucket"}}])
    here.settle()
    assert pictures(here) == [("widget.png", len(PNG))], here.tell()


def test_products_picture_taken_away_in_sage_stays_and_is_told(here: SalesWorld) -> None:
    here.product("W1", description="Widget")
    picture(here, "W1", "widget.png")
    here.settle()
    picture(here, "W1", "", b"")
    here.settle()
    assert len(pictures(here)) == 1
    assert "picture was not written, and Sage Sales Management keeps what it has" in told(here, "W1")[0]
    assert "taken away" in told(here, "W1")[0], here.tell()


def test_products_without_a_code_in_the_crm_are_left_alone(here: SalesWorld) -> None:
    here.crm.ask("POST", "records/products", {"model": "Widget", "price": 1})
    here.product("W1", description="Widget", salesPrice=3)
    here.settle()
    rows = here.crm.ask("GET", "records/products")
    assert sorted((row["extId"], row["price"]) for row in rows if row["extId"]) == [("W1", 3)]
    assert [row["price"] for row in rows if not row["extId"]] == [1], "nothing is guessed from its name"
