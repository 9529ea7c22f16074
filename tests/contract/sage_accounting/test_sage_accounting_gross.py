"""Prices of Sage Accounting that include VAT: converted where the net gives exactly them, else named."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.compile import compile_flow
from shared.mapping.faults import FieldUnreadable
from tests.contract.sage_accounting.records import changed, invoice, line, one
from tests.contract.sage_accounting_bench import ACCOUNT, INVOICE, PRODUCT, SERVICE, Bench

FLOW = compile_flow("vtiger--sage_accounting").entities


def item(bench: Bench, price: str, code: str = "GB_STANDARD", kind: str = "products") -> str:
    """An item whose first price includes VAT."""
    of, name, types = {
        "products": (PRODUCT, "price", "product_sales_price_type"),
        "services": (SERVICE, "rate", "service_rate_type"),
    }[kind]
    made = bench.sage().create(of, {"description": "Widget", "item_code": f"{price} {code}"}, f"k{price}").id
    first = bench.records(f"{types}s")[0]["id"]
    entry = {f"{types}_id": first, f"{name}_name": "Sales", name: price, f"{name}_includes_tax": True}
    body: dict[str, Any] = {"id": made, f"sales_{name}s": [entry]}
    bench.post(f"/{kind}", {**body, **({"sales_tax_rate_id": code} if code else {})})
    return made


@pytest.mark.parametrize(
    ("price", "code", "net"),
    [
        ("12.00", "GB_STANDARD", "10.00"),
        ("10.50", "GB_LOWER", "10.00"),
        ("9.99", "GB_EXEMPT", "9.99"),
        ("0.00", "GB_STANDARD", "0.00"),
    ],
)
@pytest.mark.parametrize("kind", ["products", "services"])
def test_it_reads_as_the_net_that_gives_exactly_it(
    bench: Bench, price: str, code: str, net: str, kind: str
) -> None:
    of = PRODUCT if kind == "products" else SERVICE
    values = one(bench.sage(), of, item(bench, price, code, kind)).values
    assert (values[of.fields[2]], values["price_includes_tax"]) == (net, True)


@pytest.mark.parametrize(
    ("price", "code", "words"),
    [
        ("10.05", "GB_STANDARD", "no price without it gives exactly that at 20 %"),
        ("12.00", "", "its rate is not known"),
    ],
)
def test_what_has_no_such_net_is_refused_by_name(bench: Bench, price: str, code: str, words: str) -> None:
    values = one(bench.sage(), PRODUCT, item(bench, price, code)).values
    with pytest.raises(FieldUnreadable, match=rf"^Prices that include VAT: sales_price is .*{words}") as no:
        FLOW["product"].maps["sage_accounting"].read({"sales_price": values["sales_price"]}, {})
    assert no.value.rule == "includes_vat"


def test_a_new_net_price_leaves_it_including_vat_where_that_is_exact(bench: Bench) -> None:
    made = item(bench, "12.00")
    changed(bench.sage(), PRODUCT, made, sales_price=Decimal("11.00"))
    (stored,) = [row for row in bench.records("products") if row["id"] == made]
    entry = stored["sales_prices"][0]
    assert (entry["price"], entry["price_includes_tax"]) == ("13.2", True)
    assert one(bench.sage("later"), PRODUCT, made).values["sales_price"] == "11.00"


def test_an_invoice_line_that_includes_vat(bench: Bench) -> None:
    customer = bench.sage().create(ACCOUNT, {"name": "Cafe"}, "c").id
    made = bench.sage().create(INVOICE, invoice(customer, invoice_lines=[line()]), "i").id
    ledger = bench.records("sales_invoices")[0]["invoice_lines"][0]["ledger_account"]["id"]
    gross = {
        "description": "Widget",
        "ledger_account_id": ledger,
        "tax_rate_id": "GB_STANDARD",
        "unit_price_includes_tax": True,
    }
    lines = [
        {**gross, "quantity": "2", "unit_price": "12.00", "tax_amount": "4.00"},
        {**gross, "quantity": "3", "unit_price": "4.00", "tax_amount": "2.00"},
    ]
    bench.post("/sales_invoices", {"id": made, "invoice_lines": lines})
    found: Any = one(bench.sage("later"), INVOICE, made).values["invoice_lines"]
    assert [row["unit_price"] for row in found] == ["10.00", "4.0 including 20 % VAT"]
