"""Searches of the emulated service are as the vendor's published shapes say."""

from typing import Any

import httpx
import pytest

from tests.integration.vendors.hyperaccounts.office import by, search


def test_search_wants_raw_columns(http: httpx.Client) -> None:
    assert [one["accountRef"] for one in search(http, "SalesLedger", by("ACCOUNT_REF", "eq", "EXA001"))] == [
        "EXA001"
    ]
    assert search(http, "SalesLedger", by("accountRef", "eq", "EXA001")) == []
    assert search(http, "SalesLedger", by("account_ref", "eq", "EXA001")) == []
    assert len(search(http, "SalesLedger")) == 2


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([by("NAME", "ne", "Example")], ["EUR001"]),
        ([by("NAME", "like", "BEI%")], ["EUR001"]),
        ([by("NAME", "nlike", "%_spiel")], ["EXA001"]),
        ([by("ACCOUNT_REF", "in", "('EUR001','X''Y')")], ["EUR001"]),
        ([by("ACCOUNT_REF", "gte", "EU"), by("ACCOUNT_REF", "lt", "EX")], ["EUR001"]),
        (
            [by("ACCOUNT_REF", "eq", "EXA001", **{"or": True}), by("ACCOUNT_REF", "eq", "EUR001")],
            ["EUR001", "EXA001"],
        ),
        ([by("ACCOUNT_REF", "eq", "EXA001"), by("ACCOUNT_REF", "eq", "EUR001", **{"or": True})], []),
        ([by("CURRENCY", "gt", "1")], ["EUR001"]),
        ([by("DEF_TAX_CODE", "eq", "T1"), by("RECORD_DELETED", "eq", "0")], ["EUR001", "EXA001"]),
    ],
)
def test_operators(http: httpx.Client, filters: list[dict[str, Any]], found: list[str]) -> None:
    assert sorted(one["accountRef"] for one in search(http, "SalesLedger", *filters)) == found


def test_dates_compare_in_the_servers_form(http: httpx.Client) -> None:
    http.post("/_admin/clock", json={"freeze": "2026-11-21T10:00:00"})
    http.patch("/api/customer", json={"accountRef": "EXA001", "telephone": "1"})
    changed = by("RECORD_MODIFY_DATE", "eq", "21/11/2026 10:00:00")
    assert [one["recordModifyDate"] for one in search(http, "SalesLedger", changed)] == [
        "21/11/2026 10:00:00"
    ]
    for value in ("2026-11-21", "11/21/2026"):
        answer = http.post("/api/searchSalesLedger", json=[by("RECORD_MODIFY_DATE", "gte", value)]).json()
        assert answer["success"] is False


@pytest.mark.parametrize("body", [{}, ["x"], [by("NAME", "contains", "x")], [by("NAME", "in", "A,B")]])
def test_malformed_searches_are_refused(http: httpx.Client, body: Any) -> None:
    assert http.post("/api/searchSalesLedger", json=body).json()["success"] is False
