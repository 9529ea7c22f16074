from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import RecordRejected
from shared.systems.sage_50.dates import SageDates
from shared.systems.sage_50.tables import CUSTOMER, SALES_ORDER, TABLES
from shared.systems.sage_50.values import Values50, rounded, whole_address

VALUES = Values50(SageDates(), 28, "1")
NEWER = Values50(SageDates(), 30, "1")

SINGLE: dict[str, Any] = {
    "accountRef": "A1",
    "telephone": "1",
    "defTaxCode": 1,
    "currency": 2,
    "onHold": True,
    "inactiveAccount": False,
    "creditLimit": Decimal("10.5"),
    "email2": "",
    "www": "w",
}
ROW: dict[str, Any] = {
    "accountRef": "A1",
    "telephoneNumber": "1",
    "defTaxCode": "T1",
    "currency": "2",
    "accountOnHold": True,
    "inactiveAccount": 0,
    "creditLimit": 10.5,
    "email2": None,
    "webAddress": "w",
}


def test_a_search_row_and_a_single_read_give_the_same_values() -> None:
    assert (
        VALUES.from_row(CUSTOMER, ROW)
        == VALUES.from_single(CUSTOMER, SINGLE)
        == {
            "accountRef": "A1",
            "telephone": "1",
            "defTaxCode": "1",
            "currency": "2",
            "onHold": True,
            "inactiveAccount": False,
            "creditLimit": Decimal("10.50"),
            "email2": "",
            "www": "w",
            "potential": "no",
        }
    )


def test_an_order_counts_its_currency_from_zero_in_its_own_read() -> None:
    single = VALUES.from_single(SALES_ORDER, {"currency": 0, "orderNumber": 1042, "orderDate": "21/11/2026"})
    row = VALUES.from_row(SALES_ORDER, {"currency": 1, "orderNumber": "1042", "orderDate": "21/11/2026"})
    assert single == row == {"currency": "1", "orderNumber": "1042", "orderDate": "2026-11-21"}


@pytest.mark.parametrize(
    ("raw", "places", "text"),
    [
        ("2.7499999999999996", 6, "2.75"),
        ("-5.68e-14", 2, "0.00"),
        ("1234.565", 2, "1234.57"),
        ("1.123456", 6, "1.123456"),
        ("10", 6, "10.00"),
        ("1e3", 6, "1000.00"),
        ("99999999.99", 2, "99999999.99"),
        ("0", 6, "0.00"),
    ],
)
def test_raw_doubles_are_rounded(raw: str, places: int, text: str) -> None:
    assert str(rounded(Decimal(raw), places)) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_what_was_entered_survives_the_double(number: Decimal) -> None:
    assert rounded(Decimal(repr(float(number))), 6) == number or abs(number) > 10**8


def test_a_value_that_cannot_be_read_is_kept_for_the_rules_to_name() -> None:
    assert VALUES.from_row(CUSTOMER, {"creditLimit": "lots", "inactiveAccount": "perhaps"}) == {
        "creditLimit": "lots",
        "inactiveAccount": "perhaps",
        "potential": "no",
    }


def test_all_faults_of_a_record_are_told_at_once() -> None:
    with pytest.raises(RecordRejected) as caught:
        VALUES.to_body(
            CUSTOMER,
            {
                "name": "x" * 61,
                "accountRef": "TOOLONG99",
                "creditLimit": "lots",
                "onHold": "maybe",
                "paymentDueDays": Decimal("1.5"),
            },
            creating=True,
        )
    assert len(caught.value.reasons) == 5
    assert "61 characters, and Sage takes at most 60" in caught.value.reasons[0]
    assert "maybe" in str(caught.value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), "1e999999999", "1e15"])
def test_amounts_that_are_no_amounts_are_refused(value: Any) -> None:
    with pytest.raises(RecordRejected, match="creditLimit"):
        VALUES.to_body(CUSTOMER, {"creditLimit": value}, creating=False)


def test_none_clears_on_a_change_and_is_left_out_of_a_create() -> None:
    values = {"name": None, "creditLimit": None, "onHold": None, "currency": None}
    assert VALUES.to_body(CUSTOMER, values, creating=True) == {}
    assert VALUES.to_body(CUSTOMER, values, creating=False) == {"name": "", "creditLimit": 0, "onHold": False}


def test_newer_releases_hold_longer_descriptions() -> None:
    long = {"invoiceItems": [{"description": "x" * 100}]}
    with pytest.raises(RecordRejected, match="description of line 1"):
        VALUES.to_body(SALES_ORDER, long, creating=True)
    assert NEWER.to_body(SALES_ORDER, long, creating=True)["invoiceItems"][0]["description"] == "x" * 100


def test_what_is_sent_has_the_types_of_a_write() -> None:
    line = {"taxCode": "T1", "quantity": 2, "unitPrice": "1.10"}
    body = VALUES.to_body(
        SALES_ORDER,
        {
            "customerAccountRef": " exa001 ",
            "orderDate": "2026-02-01",
            "currency": "2",
            "invoiceItems": [line],
        },
        creating=True,
    )
    assert body == {
        "customerAccountRef": "EXA001",
        "orderDate": "01/02/2026",
        "currency": 2,
        "invoiceItems": [
            {"discount": 0, "departmentNumber": 0, "taxCode": 1, "quantity": 2, "unitPrice": Decimal("1.10")}
        ],
    }


def test_fields_unknown_to_the_tables_are_sent_as_they_are() -> None:
    assert VALUES.to_body(CUSTOMER, {"addtitionalRef1": "X"}, creating=True) == {"addtitionalRef1": "X"}


def test_an_address_is_sent_whole_or_not_at_all() -> None:
    assert whole_address({"address1": "", "address2": None, "delName": "D"}) == {"delName": "D"}
    assert whole_address({"address5": "LS1"}) == {
        "address1": "",
        "address2": "",
        "address3": "",
        "address4": "",
        "address5": "LS1",
    }


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.object)
def test_ids_can_be_searched_and_names_are_unique(table: Any) -> None:
    assert all(table.fields[name].column for name in table.ids)
    rows = [one.row for one in table.fields.values() if one.row]
    columns = [one.column for one in table.fields.values() if one.column]
    assert len(set(rows)) == len(rows) and len(set(columns)) == len(columns)


def test_an_id_of_two_parts_may_hold_a_slash_in_its_first() -> None:
    assert TABLES["customerAddress"].split("A/B/2") == {"accountRef": "A/B", "addressNumber": "2"}
    assert TABLES["product"].split("A/B/2") == {"stockCode": "A/B/2"}


def test_what_a_percentage_came_to_is_told_by_the_net_amount() -> None:
    line = {"stockCode": "W1", "quantity": 3, "unitPrice": 9.99, "discount": 10, "netAmount": 26.97}
    found = VALUES.from_single(TABLES["salesInvoice"], {"invoiceItems": [line, {**line, "discount": 0}]})
    lines: Any = found["invoiceItems"]
    assert [one["discountGiven"] for one in lines] == [Decimal("3.00"), Decimal(0)]


def test_a_line_is_sent_by_its_stock_code_whichever_kind_of_item_it_names() -> None:
    lines = [{"productCode": "W1"}, {"serviceCode": "FIT"}, {"stockCode": "S1", "productCode": ""}]
    sent = VALUES.to_body(SALES_ORDER, {"invoiceItems": lines}, creating=True)["invoiceItems"]
    assert [one["stockCode"] for one in sent] == ["W1", "FIT", "S1"]
    assert not {"productCode", "serviceCode", "discountGiven"} & {name for one in sent for name in one}
