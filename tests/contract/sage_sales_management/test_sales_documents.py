"""Quotations and orders with their lines, which are records of their own."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import OutcomeUnknown, RecordRejected
from shared.ports import Patch, Snapshot
from shared.systems.sage_sales_management.lines import BEING_WRITTEN
from tests.contract.contract_writes import key
from tests.contract.sage_sales_management.tenant import Tenant, ids, pages, read
from tests.unit.systems.sage_sales_management.fakes import spec_of

QUOTATION, ORDER = spec_of("quotation"), spec_of("sales_order")


@pytest.fixture
def goods(tenant: Tenant) -> list[str]:
    return [
        tenant.save("products", model=f"Widget {number}", price=10, extId=f"W{number}") for number in range(3)
    ]


@pytest.fixture
def account(tenant: Tenant) -> str:
    return tenant.save("accounts", name="Example Ltd", extId="EXA001")


def line(product: str, quantity: Any = 2, price: str = "10.00", **more: Any) -> dict[str, Any]:
    return {"productId": product, "quantity": quantity, "price": Decimal(price), "description": "", **more}


def values(account: str, lines: list[dict[str, Any]], number: str = "1042") -> dict[str, Any]:
    return {
        "accountId": account,
        "reference": f"Order {number}",
        "extId": number,
        "statusId/value": "Order",
        "Z_net": Decimal("54.00"),
        "lines": lines,
    }


def stored(tenant: Tenant) -> list[tuple[Any, ...]]:
    """The living lines: product, quantity, price, total, place."""
    rows = sorted(tenant.records("salesordersLines"), key=lambda row: row["order"])
    return [
        (str(row["productId"]["id"]), row["quantity"], row["price"], row["total"], row["order"])
        for row in rows
    ]


def test_an_order_is_written_with_its_lines_and_totals(
    tenant: Tenant, goods: list[str], account: str
) -> None:
    lines = [line(goods[0], 2, "10.00", discount1=Decimal(10)), line(goods[1], Decimal("3.00"), "12.00")]
    made = tenant.system.create(ORDER, values(account, lines), key())
    assert stored(tenant) == [(goods[0], 2, 10, 18, 1), (goods[1], 3, 12, 36, 2)]
    row = tenant.record("salesorders", made.id)
    assert (row["extId"], row["statusId"]["value"], row["Z_net"]) == ("1042", "Order", 54)
    assert row["internalComment"] == "" and row["salesRepId"]["id"] == 52
    found = made.values["lines"]
    assert isinstance(found, list) and [one["productId"] for one in found] == goods[:2]


def test_quotations_and_orders_are_told_apart_by_their_status(
    tenant: Tenant, goods: list[str], account: str
) -> None:
    order = tenant.system.create(ORDER, values(account, [line(goods[0])]), key()).id
    quotation = tenant.save("salesorders", accountId=int(account), reference="Q")
    assert ids(pages(tenant, ORDER)) == [order] and ids(pages(tenant, QUOTATION)) == [quotation]


@pytest.mark.parametrize("kind", ["lost_reply", "lost_request", "500", "429"])
@pytest.mark.parametrize("path", ["/salesorders$", "/salesordersLines/bulk$", r"/salesorders/\d+$"])
def test_an_interrupted_write_is_completed_and_never_doubled(
    tenant: Tenant, goods: list[str], account: str, path: str, kind: str
) -> None:
    wanted = values(account, [line(goods[0]), line(goods[1]), line(goods[0])])
    tenant.system.create(ORDER, values(account, [line(goods[2])], "1041"), key())
    began = tenant.bench.clock.now()
    method = "PUT" if path.endswith(r"\d+$") else "POST"
    tenant.fault(kind, path=path, method=method)
    begun = path != "/salesorders$"
    with pytest.raises(OutcomeUnknown if begun or kind != "429" else Exception):
        tenant.system.create(ORDER, wanted, key())
    tenant.mend()
    found = tenant.system.trace(ORDER, wanted, began).made
    if path == "/salesorders$" and kind != "lost_reply":
        assert found == ()
        return
    (half,) = found
    if (method, kind) != ("PUT", "lost_reply"):
        assert half.values["lines"] == [], "not complete: whoever finds it writes the lines"
    (answer,) = tenant.system.update(ORDER, [Patch(half.id, {"lines": wanted["lines"]}, key=key())])
    assert isinstance(answer, Snapshot) and len(answer.values["lines"]) == 3  # type: ignore[arg-type]
    assert tenant.record("salesorders", half.id)["internalComment"] == ""
    own = [row for row in tenant.records("salesordersLines") if row["salesorderId"]["id"] == int(half.id)]
    assert len(own) == 3 and len(tenant.records("salesorders")) == 2


def test_a_document_that_is_being_written_says_so(tenant: Tenant, goods: list[str], account: str) -> None:
    tenant.fault("500", path="/salesordersLines/bulk$")
    with pytest.raises(OutcomeUnknown):
        tenant.system.create(ORDER, values(account, [line(goods[0])]), key())
    (row,) = tenant.records("salesorders")
    assert row["internalComment"] == BEING_WRITTEN


def test_lines_that_stay_keep_their_ids(tenant: Tenant, goods: list[str], account: str) -> None:
    made = tenant.system.create(
        ORDER, values(account, [line(goods[0]), line(goods[1]), line(goods[2])]), key()
    )
    before = {str(row["productId"]["id"]): row["id"] for row in tenant.records("salesordersLines")}
    lines = [line(goods[0]), line(goods[2], 5)]
    (answer,) = tenant.system.update(ORDER, [Patch(made.id, {"lines": lines}, key=key())])
    assert isinstance(answer, Snapshot)
    assert stored(tenant) == [(goods[0], 2, 10, 20, 1), (goods[2], 5, 10, 50, 2)]
    assert before[goods[0]] in {row["id"] for row in tenant.records("salesordersLines")}


@pytest.mark.parametrize(
    "bad, word",
    [
        ({"price": None}, "price"),
        ({"productId": ""}, "product"),
        ({"quantity": Decimal("1.5")}, "whole numbers"),
    ],
)
def test_a_line_that_the_vendor_would_refuse_is_refused_before_anything_is_written(
    tenant: Tenant, goods: list[str], account: str, bad: dict[str, Any], word: str
) -> None:
    with pytest.raises(RecordRejected, match=word):
        tenant.system.create(ORDER, values(account, [line(goods[0]), {**line(goods[1]), **bad}]), key())
    assert tenant.records("salesorders") == []


@pytest.mark.parametrize("how", ["changed", "added", "deleted"])
def test_a_line_that_somebody_changes_is_news_of_its_document(
    tenant: Tenant, goods: list[str], account: str, how: str
) -> None:
    """The document's own date stays as it was."""
    quotation = tenant.save("salesorders", accountId=int(account), reference="Q")
    other = tenant.save("salesorders", accountId=int(account), reference="Other")
    row = {"salesOrderId": int(quotation), "productId": int(goods[0]), "quantity": 1, "price": 5}
    one = tenant.save("salesordersLines", **row)
    tenant.save("salesordersLines", **{**row, "salesOrderId": int(other)})
    cursor: Any = None
    for _ in range(4):
        cursor = pages(tenant, QUOTATION, cursor)[-1].cursor
        tenant.pass_time(120)
    before = read(tenant, QUOTATION, quotation)
    tenant.forget_calls()
    assert ids(pages(tenant, QUOTATION, cursor)) == []
    assert tenant.calls() == {"GET salesorders": 1, "GET salesordersLines": 1}
    if how == "changed":
        tenant.save("salesordersLines", id=one, quantity=9)
    elif how == "added":
        tenant.save("salesordersLines", **row)
    else:
        tenant.delete("salesordersLines", one)
    found = [one for page in pages(tenant, QUOTATION, cursor) for one in page.records]
    assert [one.id for one in found] == [quotation]
    assert isinstance(found[0], Snapshot) and found[0].version != before.version
    count = {"changed": 1, "added": 2, "deleted": 0}[how]
    assert len(found[0].values["lines"]) == count  # type: ignore[arg-type]
