"""Products, services and invoices of Sage Accounting, and what the rule files make of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import (
    OutcomeUnknown,
    RecordRejected,
)
from shared.mapping.compile import compile_flow
from shared.ports import Gone
from shared.sync.engine.reference_tables import Tables
from shared.systems.sage_accounting.document_fields import LINE_NAMES
from tests.contract.sage_accounting.records import changed, invoice, line, one
from tests.contract.sage_accounting_bench import (
    INVOICE,
    PRODUCT,
    SERVICE,
    Bench,
    poll,
)


def test_products_and_stock_items_are_listed_once_and_written_where_they_belong(bench: Bench) -> None:
    sage = bench.sage()
    made = sage.create(
        PRODUCT,
        {
            "item_code": "WID",
            "description": "Widget",
            "sales_price": Decimal("9.99"),
            "active": True,
            "sales_tax_rate_id": "GB_STANDARD",
            "cost_price": Decimal("4"),
        },
        "key-1",
    )
    assert made.values["sales_price"] == "9.99" and "quantity_in_stock" not in made.values
    assert made.values["sales_ledger_account_id"] and made.values["purchase_ledger_account_id"]
    stock = bench.sage(new_products="stock_items").create(
        PRODUCT, {"item_code": "BOX", "description": "Box", "sales_price": "1.50"}, "key-2"
    )
    assert Decimal(str(stock.values["quantity_in_stock"])) == 0
    found, _ = poll(bench.sage(), PRODUCT, None)
    assert sorted(record.id for record in found) == sorted([made.id, stock.id])
    other = bench.sage("another")
    assert changed(other, PRODUCT, stock.id, description="Carton").values["description"] == "Carton"
    assert bench.writes()[-1]["resource"] == "stock_items"
    assert changed(other, PRODUCT, made.id, active=False).values["active"] is False
    assert [hit.id for hit in other.find(PRODUCT, "item_code", ["box"])["box"]] == [stock.id]
    assert isinstance(sage.read(PRODUCT, ["0" * 32])["0" * 32], Gone)
    assert set(bench.lanes) == {"items"}


def test_a_price_is_the_first_types_and_the_others_are_sent_again(bench: Bench) -> None:
    sage = bench.sage()
    types = [row["id"] for row in bench.records("product_sales_price_types")]
    item = sage.create(PRODUCT, {"description": "Widget", "item_code": "W"}, "key-1").id
    bench.post(
        "/products",
        {
            "id": item,
            "sales_prices": [
                {
                    "product_sales_price_type_id": types[0],
                    "price_name": "Sales Price",
                    "price": "12.00",
                    "price_includes_tax": True,
                },
                {
                    "product_sales_price_type_id": types[1],
                    "price_name": "Trade",
                    "price": "7.00",
                    "price_includes_tax": False,
                },
            ],
        },
    )
    gross = one(sage, PRODUCT, item)
    assert gross.values["sales_price"] == "12.0 including VAT" and gross.values["price_includes_tax"] is True
    net = changed(sage, PRODUCT, item, sales_price=Decimal("10"))
    assert net.values["sales_price"] == "10.0" and net.values["price_includes_tax"] is False
    kept = {
        row["product_sales_price_type"]["id"]: row["price"]
        for row in next(row for row in bench.records("products") if row["id"] == item)["sales_prices"]
    }
    assert kept[types[1]] == "7.0" and kept[types[0]] == "10.0"


def test_services_have_rates_and_a_plan_without_stock_is_told_once(bench: Bench) -> None:
    bench.options(plan="Standard")
    sage = bench.sage()
    made = sage.create(
        SERVICE, {"item_code": "CON", "description": "Consulting", "sales_rate": "80.00"}, "key-1"
    )
    assert made.values["sales_rate"] == "80.0" and made.values["sales_ledger_account_id"]
    assert changed(sage, SERVICE, made.id, sales_rate="85.5").values["sales_rate"] == "85.5"
    poll(sage, PRODUCT, None)
    bench.calls()
    _, cursor = poll(bench.sage(), PRODUCT, None)
    poll(bench.sage(), PRODUCT, cursor)
    assert bench.calls() == {"GET /products": 3}
    with pytest.raises(RecordRejected, match="no stock"):
        bench.sage(new_products="stock_items").create(
            PRODUCT, {"item_code": "B", "description": "Box"}, "key-2"
        )


def test_a_draft_is_written_released_once_and_then_left_alone(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    item = sage.create(PRODUCT, {"description": "Widget", "item_code": "W"}, "key-0")
    lines = [
        line(product_id=item.id),
        line(description="Advice", discount_amount=Decimal("1.98"), tax_amount=Decimal("3.60")),
    ]
    made = sage.create(
        INVOICE, invoice(contact, invoice_lines=lines, **{"main_address/city": "Leeds"}), "key-1"
    )
    assert (
        made.values["status_id"] == "DRAFT"
        and made.values["number"] == ""
        and made.values["main_address/city"] == "Leeds"
    )
    assert made.values["tax_amount"] == "7.6" and made.values["contact_id"] == contact
    shown: Any = made.values["invoice_lines"]
    own = shown[0].keys() - set(LINE_NAMES)
    assert own == {"id", "coding", "ledger_account_id"} and shown[0]["coding"].startswith("Sales - Products")
    assert {name: shown[0][name] for name in LINE_NAMES} == {
        "product_id": item.id,
        "service_id": "",
        "description": "Widget",
        "quantity": "2.0",
        "unit_price": "9.99",
        "discount_amount": "0.0",
        "tax_rate_id": "GB_STANDARD",
        "tax_amount": "4.0",
    }
    assert shown[1]["discount_amount"] == "1.98"
    patched = changed(sage, INVOICE, made.id, reference="SO-2", invoice_lines=lines[:1], status_id="UNPAID")
    assert patched.values["status_id"] == "UNPAID" and patched.values["number"].startswith("SI-")
    assert patched.values["reference"] == "SO-2" and len(patched.values["invoice_lines"]) == 1
    writes = len(bench.writes())
    refused = changed(sage, INVOICE, made.id, reference="SO-3")
    assert isinstance(refused, RecordRejected) and "issued" in str(refused)
    assert changed(sage, INVOICE, made.id, status_id="UNPAID").values["number"] == patched.values["number"]
    assert len(bench.writes()) == writes and set(bench.lanes) == {"items", "documents"}
    assert [row["sent"] for row in bench.records("sales_invoices")] == [False]
    assert bench.records("sales_invoices")[0]["tax_amount"] == "4.0"


def test_an_invoice_may_be_issued_at_once_and_other_statuses_are_sages_own(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    issued = sage.create(INVOICE, invoice(contact, status_id="UNPAID"), "key-1")
    assert issued.values["status_id"] == "UNPAID" and issued.values["number"]
    with pytest.raises(RecordRejected, match="payments"):
        sage.create(INVOICE, invoice(contact, status_id="PAID"), "key-2")
    draft = sage.create(INVOICE, invoice(contact, status_id=""), "key-3")
    assert draft.values["status_id"] == "DRAFT"
    assert "payments" in str(changed(sage, INVOICE, draft.id, status_id="VOID"))
    found = sage.find(INVOICE, "reference", ["so-1"])["so-1"]
    assert {hit.id for hit in found} == {issued.id, draft.id} and found[0].values["invoice_lines"]
    number = str(issued.values["number"])
    assert [hit.id for hit in sage.find(INVOICE, "number", [number])[number]] == [issued.id]
    assert {hit.id for hit in sage.find(INVOICE, "contact_id", [contact])[contact]} == {issued.id, draft.id}


def test_a_release_whose_answer_was_lost_is_looked_at(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    draft = sage.create(INVOICE, invoice(contact), "key-1")
    bench.fault("lost_reply", "/release$")
    assert changed(sage, INVOICE, draft.id, status_id="UNPAID").values["number"]
    second = sage.create(INVOICE, invoice(contact), "key-2")
    bench.fault("lost_request", "/release$")
    assert isinstance(changed(sage, INVOICE, second.id, status_id="UNPAID"), OutcomeUnknown)


def test_invoices_in_a_foreign_currency_state_their_rate_as_the_setting_says(bench: Bench) -> None:
    for direction in ("base_per_foreign", "foreign_per_base"):
        bench.options(rate_direction=direction)
        sage, contact = bench.sage(rate_direction=direction), bench.customer(currency_id="EUR")
        made = sage.create(
            INVOICE, invoice(contact, currency_id="EUR", exchange_rate=Decimal("0.8")), f"key-{direction}"
        )
        assert Decimal(str(made.values["exchange_rate"])) == Decimal("0.8")
        base, total = (
            Decimal(str(made.values[name])) for name in ("base_currency_total_amount", "total_amount")
        )
        assert abs(base - total * Decimal("0.8")) <= Decimal("0.02")
        rows = sage.table("currencies")
        assert rows[0] == {"id": "GBP", "iso": "GBP", "rate": "1", "base": "1"}
        assert abs(
            Decimal(next(row["rate"] for row in rows if row["id"] == "EUR")) - Decimal("0.86")
        ) < Decimal("0.001")


def test_what_the_rule_files_write_is_read_back_the_same(bench: Bench) -> None:
    flow, sage = compile_flow("vtiger--sage_accounting", {}), bench.sage()
    known = Tables(
        {"sage_accounting": sage},
        {"sage_accounting": frozenset({"currencies", "tax_codes"})},
        bench.stores.cache,
        bench.clock.now,
    ).of("sage_accounting")
    linked: dict[str, Any] = {f"{way}.{entity}": {} for way in ("link", "native") for entity in flow.entities}
    address = {"billing_street": "1 High St\nFloor 2", "billing_town": "Leeds", "billing_postcode": "LS1 1AA"}
    line_values = {
        "product": "product-1",
        "description": "Widget",
        "quantity": Decimal(2),
        "unit_price": Decimal("9.99"),
        "discount_amount": Decimal(0),
        "tax_rate": Decimal(20),
        "tax": Decimal("4.00"),
    }
    records: list[tuple[str, dict[str, Any]]] = [
        (
            "account",
            {"name": "Acme", "reference": "A1", "email": "jo@acme.test", "phone": "0113 496 0000", **address},
        ),
        ("contact", {"full_name": "Ann O'Hara", "email": "ann@acme.test", "account": "account-1"}),
        (
            "product",
            {
                "sku": "W",
                "description": "Widget",
                "price": Decimal("9.99"),
                "cost": Decimal(4),
                "active": True,
                "tax_rate": Decimal(20),
            },
        ),
        (
            "service",
            {
                "sku": "C",
                "description": "Advice",
                "price": Decimal(80),
                "tax_rate": Decimal(0),
                "active": True,
            },
        ),
        (
            "invoice",
            {
                "account": "account-1",
                "invoice_date": date(2026, 11, 21),
                "reference": "SO-1",
                "currency": "GBP",
                "status": "draft",
                "lines": [line_values],
                **address,
            },
        ),
    ]
    for entity, wanted in records:
        rules, tables = flow.entities[entity].maps["sage_accounting"], {**known, **linked}
        made = sage.create(rules.spec, rules.write(wanted, tables, []), f"key-{entity}")
        shown = rules.read(made.values, tables)
        for name, value in wanted.items():
            assert shown[name] == rules.norm(name, value, tables), (entity, name)
        linked[f"link.{entity}"][made.id] = f"{entity}-1"
        linked[f"native.{entity}"][f"{entity}-1"] = made.id
