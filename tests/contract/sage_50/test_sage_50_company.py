"""The tables of a Sage company, what `check` says of it, and that no other one is written to."""

from dataclasses import replace

import pytest

from shared.errors import (
    Halt,
    MissingField,
    Unavailable,
)
from shared.mapping.compile import compile_flow
from tests.contract.sage_50.world import CUSTOMER, ORDER, Bench, order


def test_tables(bench: Bench) -> None:
    sage = bench.sage()
    assert sage.table("currencies")[:2] == [
        {"id": "1", "iso": "GBP", "rate": "1", "base": "1"},
        {"id": "2", "iso": "EUR", "rate": "1.17", "base": "0"},
    ]
    assert {"id": "1", "rate": "20", "name": "Standard rated transactions"} in sage.table("tax_codes")
    with pytest.raises(MissingField, match="'CHF'"):
        bench.sage(base_currency="CHF").table("currencies")


def test_check_of_a_good_connection(bench: Bench) -> None:
    found = bench.sage(expected_company="example trading ltd").check([CUSTOMER, ORDER])
    assert {one.level for one in found} == {"ok"}
    assert {one.subject for one in found} == {
        "connection",
        "tax codes",
        "currencies",
        "account",
        "sales_order",
    }


def test_the_shipped_rules_name_fields_that_exist(bench: Bench) -> None:
    specs = [one.maps["sage_50"].spec for one in compile_flow("sugarcrm--sage_50").entities.values()]
    found = bench.sage().check(specs)
    assert len(specs) > 1 and [one for one in found if one.level == "error"] == []


def test_check_tells_what_is_wrong_without_raising(bench: Bench) -> None:
    wrong = replace(CUSTOMER, fields=("accountRef", "shoeSize"), key_path="memo")
    assert [
        one.message
        for one in bench.sage(expected_company="Other Ltd").check([])
        if "Other Ltd" in one.message
    ]
    assert "HTTP 403" in bench.sage(token="no").check([CUSTOMER])[0].message
    errors = [one.message for one in bench.sage().check([wrong]) if one.level == "error"]
    assert any("memo" in message for message in errors)
    errors = [
        one.message for one in bench.sage().check([replace(wrong, key_path=None)]) if one.level == "error"
    ]
    assert any("shoeSize" in message for message in errors)


def test_nothing_is_written_to_another_company(bench: Bench) -> None:
    with pytest.raises(Halt, match="'Other Ltd'"):
        bench.sage(expected_company="Other Ltd").create(ORDER, order(), "KEY")
    bench.post("/options", {"sdo_ok": False})
    with pytest.raises(Unavailable, match="sdoStatusOk"):
        bench.sage(expected_company="Example Trading Ltd").create(ORDER, order(), "KEY")
    assert bench.orders() == []
    bench.post("/options", {"sdo_ok": True})
    sage = bench.sage(expected_company="Example Trading Ltd")
    bench.calls()
    sage.create(ORDER, order(), "A")
    sage.create(ORDER, order(), "B")
    assert bench.calls() == {"GET status": 1, "POST salesorder": 2}


def test_describe_gives_lengths(bench: Bench) -> None:
    found = bench.sage().describe("salesOrder")
    assert found is not None
    assert (found["customerOrderNumber"].length, found["invoiceItems.description"].length) == (60, 60)
    newer = bench.sage(sage_version="29").describe("salesOrder")
    assert newer is not None and newer["invoiceItems.description"].length == 120
    assert bench.sage().describe("starship") is None
