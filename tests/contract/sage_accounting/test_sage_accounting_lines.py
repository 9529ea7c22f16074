"""Lines of a draft in Sage Accounting, over real HTTP: what goes back when they are written again."""

from decimal import Decimal
from typing import Any

from shared.systems.sage_accounting.system import SageAccounting
from tests.contract.sage_accounting.records import changed, invoice, line, one
from tests.contract.sage_accounting_bench import INVOICE, Bench

CODED = {
    "trade_of_asset": True,
    "unit_price_includes_tax": False,
    "eu_goods_services_type_id": "GOODS",
    "eu_sales_description_id": "TRIANGULATION",
    "analysis_type_categories": ["EVENTS", "NORTH"],
}


def draft(bench: Bench, *lines: dict[str, Any]) -> str:
    """A draft whose lines a person has entered in Sage itself."""
    (account,) = [row["id"] for row in bench.records("ledger_accounts") if row["nominal_code"] == 4900]
    made = bench.sage().create(INVOICE, invoice(bench.customer(), invoice_lines=[line()]), "key-1").id
    rows = [{**line(ledger_account_id=account), **own} for own in lines]
    plain = [{name: str(v) if isinstance(v, Decimal) else v for name, v in row.items()} for row in rows]
    bench.post("/sales_invoices", {"id": made, "invoice_lines": plain})
    return made


def shown_lines(sage: SageAccounting, record_id: str) -> list[dict[str, Any]]:
    found: Any = one(sage, INVOICE, record_id).values["invoice_lines"]
    return list(found)


def stored(bench: Bench) -> list[dict[str, Any]]:
    """Lines as Sage has them, without what it gives anew at each save."""
    (found,) = bench.records("sales_invoices")
    return [{name: value for name, value in row.items() if name != "id"} for row in found["invoice_lines"]]


def test_an_untouched_line_goes_back_with_all_that_sage_knows_of_it(bench: Bench) -> None:
    made = draft(bench, CODED, {"description": "Exempt", "tax_rate_id": "GB_EXEMPT", "tax_amount": "0"})
    before, sage = stored(bench), bench.sage()
    shown = shown_lines(sage, made)
    assert shown[0]["analysis_type_categories"] == ["EVENTS", "NORTH"]
    assert shown[0]["coding"].startswith("Other Income (4900), Standard 20.00%, Goods, Triangulation")
    edited = {**shown[1], "quantity": Decimal("3")}
    changed(sage, INVOICE, made, invoice_lines=[shown[0], edited])
    after = stored(bench)
    assert after[0] == before[0]
    differ = {name for name in before[1] if before[1][name] != after[1][name]}
    assert {"quantity", "net_amount", "total_amount"} <= differ and "tax_rate" not in differ
    assert (
        after[1]["tax_rate"]["id"] == "GB_EXEMPT"
        and after[1]["ledger_account"] == before[1]["ledger_account"]
    )
    again = shown_lines(sage, made)
    assert [row["analysis_type_categories"] for row in again[:1]] == [["EVENTS", "NORTH"]]
    assert {row["id"] for row in again}.isdisjoint({row["id"] for row in shown}), "Sage numbers them anew"


def test_lines_in_another_order_with_a_new_one_and_a_part_of_one(bench: Bench) -> None:
    made = draft(bench, CODED, {"description": "Second"})
    sage = bench.sage()
    first, second = shown_lines(sage, made)
    part = {name: value for name, value in first.items() if name not in ("id", "coding")}
    changed(
        sage, INVOICE, made, invoice_lines=[second, line(description="New"), {**part, "quantity": "1"}, first]
    )
    found = stored(bench)
    assert [row["description"] for row in found] == ["Second", "New", "Widget", "Widget"]
    codes = [row["ledger_account"]["displayed_as"][-5:-1] for row in found]
    assert codes == ["4900", "4000", "4900", "4900"]
    assert [bool(row["trade_of_asset"]) for row in found] == [False, False, True, True]


def test_a_percentage_stays_one_as_long_as_it_comes_to_what_is_asked(bench: Bench) -> None:
    made = draft(bench, {"discount_amount": None, "discount_percentage": "10"})
    sage = bench.sage()
    (row,) = shown_lines(sage, made)
    assert row["discount_amount"] == "2.0"
    asked = {**row, "quantity": Decimal(4), "discount_amount": Decimal("4.00")}
    changed(sage, INVOICE, made, invoice_lines=[asked])
    assert (stored(bench)[0]["discount_percentage"], stored(bench)[0]["discount_amount"]) == ("10.0", "4.0")
    (row,) = shown_lines(sage, made)
    changed(sage, INVOICE, made, invoice_lines=[{**row, "discount_amount": Decimal("1.00")}])
    assert (stored(bench)[0]["discount_percentage"], stored(bench)[0]["discount_amount"]) == ("0.0", "1.0")


def test_a_line_priced_with_tax_stays_so_until_its_own_money_changes(bench: Bench) -> None:
    gross = {"quantity": "1", "unit_price": "12.00", "tax_amount": "2.00", "unit_price_includes_tax": True}
    other = {"description": "Other", "quantity": "1", "unit_price": "50.00", "tax_amount": "10.00"}
    made = draft(bench, gross, other)
    before, sage = stored(bench), bench.sage()
    first, second = shown_lines(sage, made)
    assert first["unit_price"] == "10.00"
    second |= {"quantity": Decimal(2), "tax_amount": Decimal("20.00")}
    changed(sage, INVOICE, made, invoice_lines=[{**first, "unit_price": Decimal("10.00")}, second])
    assert stored(bench)[0] == before[0] and bench.records("sales_invoices")[0]["total_amount"] == "132.0"
    first, second = shown_lines(sage, made)
    changed(sage, INVOICE, made, invoice_lines=[{**first, "description": "Renamed"}, second])
    assert (stored(bench)[0]["description"], stored(bench)[0]["unit_price"]) == ("Renamed", "12.0")
    first, second = shown_lines(sage, made)
    first |= {"quantity": Decimal(3), "tax_amount": Decimal("6.00")}
    changed(sage, INVOICE, made, invoice_lines=[first, second])
    (row, _) = stored(bench)
    assert (row["unit_price"], row["unit_price_includes_tax"], row["net_amount"]) == ("10.0", False, "30.0")
