"""Invoices of Vtiger with their lines and taxes."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import (
    OutcomeUnknown,
    RecordRejected,
)
from shared.ports import Patch
from tests.contract.system_bench import snap
from tests.contract.vtiger.records import fault_of
from tests.contract.vtiger_bench import Server
from tests.unit.systems.vtiger.fakes import INVOICE, LINE_KEYS


def goods(server: Server) -> tuple[str, str, str]:
    """An account, a product with tax1 at 20 %, and a service without tax."""
    return (
        server.save("Accounts", {"accountname": "A"}),
        server.save("Products", {"productname": "Widget", "unit_price": "12.50", "tax1": "20"}),
        server.save("Services", {"servicename": "Consulting", "unit_price": "80"}),
    )


def invoice(account: str, lines: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    return {
        "subject": "INV",
        "account_id": account,
        "invoicedate": "2026-11-01",
        "bill_street": "1 High Street",
        "hdnTaxType": "individual",
        "LineItems": lines,
        **values,
    }


@pytest.mark.parametrize("door", ["old", "cloud"])
def test_an_invoice_goes_in_and_comes_out_the_same(door: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(door)
    account, product, service = goods(server)
    lines = [
        {
            "product": product,
            "quantity": "2",
            "listprice": "10.00",
            "discount_amount": "1.50",
            "tax": "20",
            "comment": "x",
        },
        {"service": service, "quantity": "1.5", "listprice": "80.00", "discount_amount": "0"},
    ]
    sent = invoice(account, lines, received="5.00", balance="137.20", **{"@Sage number": "7"})
    made = server.system.create(INVOICE, sent, "k")
    assert Decimal(str(made.values["hdnGrandTotal"])) == Decimal("142.20")
    assert (made.values["hdnTaxType"], made.values["currency_id"], made.values["@Sage number"]) == (
        "individual",
        "21x1",
        "7",
    )
    found: Any = made.values["LineItems"]
    first, second = found
    assert set(first) == LINE_KEYS
    assert (first["product"], first["service"], first["tax"], first["comment"]) == (
        product,
        "",
        "20.000",
        "x",
    )
    assert (second["service"], second["tax"], second["discount_amount"]) == (service, "", "0")
    assert Decimal(first["discount_amount"]) == Decimal("1.5")
    assert server.record("Invoice", made.id)["ship_street"] == "1 High Street"
    paid = snap(server.system.update(INVOICE, [Patch(made.id, {"invoicestatus": "Paid", "balance": "0"})])[0])
    assert paid.values["LineItems"] == made.values["LineItems"]
    changed = [{**lines[0], "quantity": "3", "tax": "20.000"}]
    revised = snap(server.system.update(INVOICE, [Patch(made.id, {"LineItems": changed}, paid.version)])[0])
    assert Decimal(str(revised.values["hdnGrandTotal"])) == Decimal("34.20")
    assert (revised.values["hdnTaxType"], revised.values["invoicestatus"]) == ("individual", "Paid")
    assert revised.values == snap(server.system.read(INVOICE, [made.id])[made.id]).values


def test_a_header_is_kept_when_lines_are_replaced(old: Server) -> None:
    account, product, _ = goods(old)
    made = old.save(
        "Invoice",
        {
            "subject": "I",
            "account_id": account,
            "bill_street": "1",
            "ship_street": "1",
            "productid": product,
            "hdnTaxType": "group",
            "currency_id": "21x1",
            "conversion_rate": "1",
            "hdnS_H_Amount": "4.00",
            "txtAdjustment": "1.00",
            "hdnDiscountPercent": "5",
            "assigned_user_id": "19x1",
            "LineItems": [
                {
                    "productid": product,
                    "quantity": "1",
                    "listprice": "100",
                    "tax1": "20",
                    "tax2": "0",
                    "tax3": "0",
                }
            ],
        },
    )
    before = snap(old.system.read(INVOICE, [made])[made])
    lines = [{"product": product, "quantity": "2", "listprice": "100", "tax": "20"}]
    after = snap(old.system.update(INVOICE, [Patch(made, {"LineItems": lines})])[0])
    for name in ("hdnTaxType", "currency_id", "hdnDiscountPercent", "txtAdjustment", "hdnS_H_Amount"):
        assert after.values[name] == before.values[name], name
    assert Decimal(str(after.values["hdnGrandTotal"])) == Decimal("233")
    mixed = [*lines, {"product": product, "quantity": "1", "listprice": "1", "tax": "0"}]
    assert "tax mode" in str(fault_of(old, INVOICE, Patch(made, {"LineItems": mixed})))


def test_a_tax_that_is_off_for_the_product_does_not_count(old: Server) -> None:
    account, product, service = goods(old)
    lines = [
        {"productid": product, "quantity": "2", "listprice": "10", "tax1": "20", "discount_percent": "12.5"},
        {"productid": service, "quantity": "1", "listprice": "80", "tax1": "20"},
    ]
    made = old.save(
        "Invoice",
        {
            "subject": "I",
            "account_id": account,
            "bill_street": "1",
            "ship_street": "1",
            "productid": product,
            "hdnTaxType": "individual",
            "currency_id": "21x1",
            "conversion_rate": "1",
            "LineItems": lines,
        },
    )
    found: Any = snap(old.system.read(INVOICE, [made])[made]).values["LineItems"]
    assert [(line["tax"], line["discount_amount"]) for line in found] == [("20.000", "2.50"), ("", "0")]
    with pytest.raises(
        RecordRejected, match=r"line 2: no tax that fits 20 % is switched on for “Consulting”"
    ):
        row = {"quantity": "1", "listprice": "1", "tax": "20"}
        old.system.create(
            INVOICE, invoice(account, [{"product": product, **row}, {"service": service, **row}]), "k"
        )
    with pytest.raises(RecordRejected, match=r"line 1 .*has no product or service"):
        old.system.create(
            INVOICE, invoice(account, [{"quantity": "1", "listprice": "1", "comment": "text"}]), "k"
        )
    assert len(old.records("Invoice")) == 1


def test_a_server_that_would_damage_lines_is_never_sent_any(new: Server) -> None:
    account, product, _ = goods(new)
    line = {"product": product, "quantity": "1", "listprice": "1", "tax": "20"}
    with pytest.raises(RecordRejected, match=r"8\.4\.0 cannot take invoices"):
        new.system.create(INVOICE, invoice(account, [line]), "k")
    made = new.save(
        "Invoice",
        {
            "subject": "I",
            "account_id": account,
            "bill_street": "1",
            "ship_street": "1",
            "productid": product,
            "hdnTaxType": "individual",
            "currency_id": "21x1",
            "conversion_rate": "1",
            "LineItems": [{"productid": product, "quantity": "1", "listprice": "1", "tax1": "20"}],
        },
    )
    assert isinstance(fault_of(new, INVOICE, Patch(made, {"LineItems": [line]})), RecordRejected)
    assert {"create", "revise"} & set(new.bench.recorder.operations()) == set()
    sent = snap(new.system.update(INVOICE, [Patch(made, {"invoicestatus": "Sent"})])[0])
    assert sent.values["invoicestatus"] == "Sent"
    broken = new.bench.system(line_writes="yes").update(INVOICE, [Patch(made, {"LineItems": [line]})])[0]
    assert isinstance(broken, OutcomeUnknown)
