"""Products, services and stock items, their prices and the quantities in stock."""

from typing import Any


def price_types(sage: Any) -> list[str]:
    return [one["id"] for one in sage.get("product_sales_price_types")["$items"]]


def test_each_kind_has_what_it_needs(sage: Any) -> None:
    product = sage.product()
    assert (
        product["displayed_as"] == "Widget blue"
        and product["active"] is True
        and product["deletable"] is True
    )
    rate = sage.get("service_rate_types")["$items"][0]["id"]
    service = sage.make(
        "services",
        "service",
        description="Fitting",
        sales_ledger_account_id=sage.account(),
        sales_rates=[{"service_rate_type_id": rate, "rate": "40", "rate_includes_tax": False}],
    )
    assert (service["sales_rates"][0]["rate"], service["sales_rates"][0]["rate_name"]) == ("40.0", "Rate")
    assert [source for _, source in sage.refused("POST", "services", {"service": {}})] == [
        "description",
        "sales_ledger_account_id",
    ]
    assert "item_code" in [source for _, source in sage.refused("POST", "stock_items", {"stock_item": {}})]


def test_prices_are_told_apart_by_their_type(sage: Any) -> None:
    first, second, third = price_types(sage)
    made = sage.product(
        sales_prices=[
            {"product_sales_price_type_id": first, "price": "9.995"},
            {"product_sales_price_type_id": second, "price": 8, "price_includes_tax": True},
        ]
    )
    assert [one["price"] for one in made["sales_prices"]] == ["10.0", "8.0"]
    path = f"products/{made['id']}"
    after = sage.change(path, "product", sales_prices=[{"product_sales_price_type_id": first, "price": "11"}])
    assert [(one["id"], one["price"]) for one in after["sales_prices"]] == [
        (made["sales_prices"][0]["id"], "11.0")
    ]
    sage.options.change({"line_arrays": "merge"})
    after = sage.change(path, "product", sales_prices=[{"product_sales_price_type_id": third, "price": "12"}])
    assert [one["price"] for one in after["sales_prices"]] == ["11.0", "12.0"]
    assert sage.change(path, "product", description="Renamed")["sales_prices"] == after["sales_prices"]


def test_item_codes_are_unique_over_all_kinds(sage: Any) -> None:
    key = sage.product("SAME")["id"]
    body = {
        "stock_item": {
            "item_code": "same",
            "description": "x",
            "sales_ledger_account_id": sage.account(),
            "purchase_ledger_account_id": sage.account(),
        }
    }
    assert sage.refused("POST", "stock_items", body)[0][1] == "item_code"
    sage.call("DELETE", f"products/{key}", status=204)
    sage.options.change({"deleted_item_code_taken": True})
    sage.refused("POST", "stock_items", body)
    sage.options.change({"deleted_item_code_taken": False})
    sage.call("POST", "stock_items", body, 201)


def test_products_list_stock_items_too(sage: Any) -> None:
    stock, product = sage.stock_item(), sage.product()
    listed = sage.get("products", attributes="all")["$items"]
    assert [one["$path"] for one in listed] == [f"/products/{product['id']}", f"/products/{stock['id']}"]
    assert [one["catalog_item_type"]["id"] for one in listed] == ["PRODUCT", "STOCK"]
    assert [one["$path"] for one in sage.get("stock_items")["$items"]] == [f"/stock_items/{stock['id']}"]
    assert sage.get(f"products/{stock['id']}")["item_code"] == "STK-1"


def test_search_and_active(sage: Any) -> None:
    key = sage.product("WID-B")["id"]
    sage.product("BOLT", description="Steel bolt")
    assert [sage.get("products", search=text)["$total"] for text in ("wid-b", "steel", "o", "none")] == [
        1,
        1,
        1,
        0,
    ]
    sage.change(f"products/{key}", "product", active=False)
    assert sage.get("products", active="true")["$items"][0]["displayed_as"] == "Steel bolt"
    assert sage.get("products", active="false")["$total"] == 1


def test_entities_are_refused(sage: Any) -> None:
    key = sage.product(description="Nuts & bolts; all")["id"]
    assert (
        sage.refused("PUT", f"products/{key}", {"product": {"description": "Nuts &amp; bolts"}})[0][1]
        == "description"
    )


def test_a_supplier_is_a_vendor(sage: Any) -> None:
    customer, vendor = sage.contact()["id"], sage.contact("Maker", contact_type_ids=["VENDOR"])["id"]
    key = sage.product(usual_supplier_id=vendor)["id"]
    assert sage.refused("PUT", f"products/{key}", {"product": {"usual_supplier_id": customer}}) == [
        ("Couldn't find Supplier.", "")
    ]


def test_used_items_stay_and_can_be_made_inactive(sage: Any) -> None:
    product = sage.product()["id"]
    sage.invoice(sage.contact()["id"], sage.line(product_id=product))
    assert sage.get(f"products/{product}")["deletable"] is False
    sage.refused("DELETE", f"products/{product}")
    assert sage.change(f"products/{product}", "product", active=False)["active"] is False


def test_stock_moves_by_movements_and_invoices_and_never_below_nothing(sage: Any) -> None:
    item, contact = sage.stock_item(quantity="5", reorder_level="2")["id"], sage.contact()["id"]

    def left() -> str:
        return sage.get(f"stock_items/{item}")["quantity_in_stock"]

    assert (
        left() == "5.0"
        and sage.get(f"stock_items/{item}")["cost_price_last_updated"] == "2025-01-01T00:00:00.000Z"
    )
    assert sage.get("stock_movements", stock_item_id=item, attributes="all")["$items"][0]["quantity"] == "5.0"
    line = sage.line(product_id=item, quantity="4")
    invoice = sage.invoice(contact, line)
    assert left() == "1.0"
    body = {"sales_invoice": {"contact_id": contact, "date": "2025-06-01", "invoice_lines": [line]}}
    assert sage.refused("POST", "sales_invoices", body) == [
        ("You cannot fulfil this invoice as you do not have enough stock.", "")
    ]
    assert (
        sage.get("sales_invoices")["$total"] == 1 and sage.get("invoice_settings")["next_invoice_number"] == 2
    )
    changed = {"sales_invoice": {"invoice_lines": [{**line, "quantity": "6"}]}}
    sage.refused("PUT", f"sales_invoices/{invoice['id']}", changed)
    assert left() == "1.0", "a refused edit moves nothing"
    assert sage.get("stock_items", below_reorder_level="true")["$total"] == 1
    draft = sage.call(
        "POST", "sales_invoices", {"sales_invoice": {**body["sales_invoice"], "status_id": "DRAFT"}}, 201
    )
    sage.refused("POST", f"sales_invoices/{draft['id']}/release")
    sage.call("DELETE", f"sales_invoices/{invoice['id']}?void_reason=Returned", status=200)
    assert left() == "5.0"
    sage.call("POST", f"sales_invoices/{draft['id']}/release", status=201)
    assert left() == "1.0" and sage.get("stock_items", out_of_stock="true")["$total"] == 0


def test_stock_is_for_plus(sage: Any) -> None:
    sage.options.change({"plan": "Standard"})
    sage.call("GET", "stock_items", status=403)
    assert sage.get("financial_settings")["multi_currency_enabled"] is False


def test_price_types_go_when_inactive_and_not_the_last(sage: Any) -> None:
    made = sage.make("product_sales_price_types", "product_sales_price_type", name="Export", active=True)
    sage.refused("DELETE", f"product_sales_price_types/{made['id']}")
    sage.change(f"product_sales_price_types/{made['id']}", "product_sales_price_type", active=False)
    assert sage.get("product_sales_price_types", active="true")["$total"] == 3
    sage.call("DELETE", f"product_sales_price_types/{made['id']}", status=204)
    only = sage.get("service_rate_types")["$items"][0]["id"]
    sage.change(f"service_rate_types/{only}", "service_rate_type", active=False)
    sage.refused("DELETE", f"service_rate_types/{only}")
