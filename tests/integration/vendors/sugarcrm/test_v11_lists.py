"""v11 lists: filters and their operators, paging, order, fields, nested links and counts."""

import json
from typing import Any

import pytest

UNSYNCED = [
    {
        "$and": [
            {"sales_stage": {"$equals": "Closed Won"}},
            {"$or": [{"sales_order_no_c": {"$is_null": ""}}, {"sales_order_no_c": {"$equals": ""}}]},
        ]
    }
]


@pytest.fixture(autouse=True)
def _deals(sugar: Any) -> None:
    sugar.admin(
        "accounts",
        [
            {"id": "acc-1", "name": "Smith", "sales_account_ref_c": "SMITH001", "email1": "a@smith.example"},
            {"id": "acc-2", "name": "Jones"},
        ],
    )
    sugar.admin(
        "opportunities",
        [
            {
                "id": "o-1",
                "name": "Null",
                "sales_stage": "Closed Won",
                "amount": "559.59596",
                "account_id": "acc-1",
                "date_closed": "2026-01-31",
            },
            {
                "id": "o-2",
                "name": "Blank",
                "sales_stage": "Closed Won",
                "amount": 100,
                "sales_order_no_c": "",
                "account_id": "acc-2",
            },
            {
                "id": "o-3",
                "name": "Numbered",
                "sales_stage": "Closed Won",
                "amount": 20,
                "sales_order_no_c": "502",
            },
            {"id": "o-4", "name": "Open", "sales_stage": "Prospecting", "amount": 5, "sales_order_no_c": ""},
        ],
    )
    sugar.sign_in()


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (UNSYNCED, ["Blank", "Null"]),
        ([{"sales_stage": "closed won"}], ["Blank", "Null", "Numbered"]),
        ([{"sales_stage": {"$not_equals": "Closed Won"}}], ["Open"]),
        ([{"sales_order_no_c": {"$empty": ""}}], ["Blank", "Null", "Open"]),
        ([{"sales_order_no_c": {"$not_empty": ""}}], ["Numbered"]),
        ([{"sales_order_no_c": {"$is_null": ""}}], ["Null"]),
        ([{"sales_order_no_c": {"$not_null": ""}}], ["Blank", "Numbered", "Open"]),
        ([{"amount": {"$gt": 20}}], ["Blank", "Null"]),
        ([{"amount": {"$gte": "20", "$lt": 559}}], ["Blank", "Numbered"]),
        ([{"amount": {"$lte": 5}}], ["Open"]),
        ([{"name": {"$in": ["Null", "Open"]}}], ["Null", "Open"]),
        ([{"name": {"$not_in": ["Null", "Open"]}}], ["Blank", "Numbered"]),
        ([{"name": {"$starts": "N"}}], ["Null", "Numbered"]),
        ([{"name": {"$ends": "n"}}], ["Open"]),
        ([{"name": {"$contains": "%"}}], []),
        ([{"amount": {"$between": [10, 200]}}], ["Blank", "Numbered"]),
        ([{"accounts.id": "acc-1"}], ["Null"]),
        ([{"account_id": "acc-1"}], ["Blank", "Null", "Numbered", "Open"]),
        ([{"account_name": "No such account", "sales_stage": "Prospecting"}], ["Open"]),
        ([{"accounts.sales_account_ref_c": {"$equals": "SMITH001"}}], ["Null"]),
        ([{"date_closed": {"$dateBetween": ["2026-01-01", "2026-12-31"]}}], ["Null"]),
        ([{"$creator": ""}], []),
        ([], ["Blank", "Null", "Numbered", "Open"]),
    ],
)
def test_filters(sugar: Any, condition: Any, names: list[str]) -> None:
    assert sugar.names(condition) == names
    counted = sugar.rest("POST", "/Opportunities/filter/count", {"filter": condition})
    assert counted.json() == {"record_count": len(names)}


@pytest.mark.parametrize(
    "body",
    [
        {"filter": [{"no_such_c": "x"}]},
        {"filter": [{"name": {"$like": "x"}}]},
        {"filter": [{"amount": {"$gt": "many"}}]},
        {"filter": [{"nolink.name": "x"}]},
        {"filter": "name"},
        {"fields": "id,no_such_c"},
        {"order_by": "no_such_c:asc"},
        {"max_num": "some"},
        {"fields": [{"name": "accounts", "fields": ["no_such_c"]}]},
    ],
)
def test_what_it_cannot_read_is_a_422(sugar: Any, body: Any) -> None:
    answer = sugar.rest("POST", "/Opportunities/filter", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_parameter")


def test_a_get_takes_brackets_or_one_json_text(sugar: Any) -> None:
    brackets = sugar.rest(
        "GET",
        "/Opportunities/filter?filter[0][sales_stage][$equals]=Closed%20Won&filter[1][amount][$gt]=50"
        "&fields=name&order_by=name:asc",
    )
    assert [record["name"] for record in brackets.json()["records"]] == ["Blank", "Null"]
    text = sugar.rest(
        "GET", "/Opportunities", params={"filter": json.dumps(UNSYNCED), "order_by": "name:desc"}
    )
    assert [record["name"] for record in text.json()["records"]] == ["Null", "Blank"]


def test_values_come_as_v11_writes_them(sugar: Any) -> None:
    body = {
        "filter": [{"id": "o-1"}],
        "fields": "name,amount,currency_id,base_rate,account_id,account_name,sales_order_no_c,"
        "date_closed,deleted",
    }
    record = sugar.rest("POST", "/Opportunities/filter", body).json()["records"][0]
    assert record["amount"] == "559.595960"
    assert record["base_rate"] == "1.000000"
    assert (record["currency_id"], record["account_id"], record["account_name"]) == ("-99", "acc-1", "Smith")
    assert (record["sales_order_no_c"], record["date_closed"], record["deleted"]) == (
        None,
        "2026-01-31",
        False,
    )
    assert record["date_modified"].endswith("+00:00")
    assert record["_module"] == "Opportunities"
    assert "sales_stage" not in record


def test_times_carry_the_users_offset(start: Any) -> None:
    sugar = start(utc_offset_minutes=-240)
    sugar.admin("clock", {"freeze": "2026-03-01T02:30:00+00:00"})
    sugar.admin("opportunities", {"id": "o-1", "name": "Night"})
    sugar.sign_in()
    record = sugar.rest("GET", "/Opportunities/o-1?fields=name").json()
    assert record["date_modified"] == "2026-02-28T22:30:00-04:00"
    assert sugar.names([{"date_modified": {"$gte": "2026-02-28T22:30:00-04:00"}}]) == ["Night"]
    assert sugar.names([{"date_modified": {"$gt": "2026-03-01T02:30:00+00:00"}}]) == []


def test_fields_of_a_link_come_nested(sugar: Any) -> None:
    wanted = ["name", {"name": "accounts", "fields": ["name", "sales_account_ref_c"]}]
    listed = sugar.rest("POST", "/Opportunities/filter", {"fields": wanted, "order_by": "id:asc"}).json()[
        "records"
    ]
    account = listed[0]["accounts"]["records"][0]
    assert (account["id"], account["name"], account["sales_account_ref_c"]) == ("acc-1", "Smith", "SMITH001")
    assert listed[2]["accounts"]["records"] == []
    text = 'name,{"name":"accounts","fields":["name"]},amount'
    record = sugar.rest("GET", "/Opportunities/o-1", params={"fields": text}).json()
    assert record["accounts"]["records"][0]["name"] == "Smith"
    assert record["amount"] == "559.595960"


def test_pages_end_with_minus_one(sugar: Any) -> None:
    body = {"order_by": "id:asc", "fields": "id", "max_num": 3}
    first = sugar.rest("POST", "/Opportunities/filter", body).json()
    second = sugar.rest("POST", "/Opportunities/filter", {**body, "offset": first["next_offset"]}).json()
    assert [record["id"] for record in first["records"] + second["records"]] == ["o-1", "o-2", "o-3", "o-4"]
    assert (first["next_offset"], second["next_offset"]) == (3, -1)


def test_the_server_caps_the_page_and_has_a_default(start: Any) -> None:
    sugar = start(max_list_limit=30)
    sugar.server.seed("Opportunities", ({"id": f"o-{n:03}", "name": f"Deal {n:03}"} for n in range(70)))
    sugar.sign_in()
    capped = sugar.rest("POST", "/Opportunities/filter", {"max_num": 500}).json()
    assert (len(capped["records"]), capped["next_offset"]) == (30, 30)
    assert len(sugar.rest("POST", "/Opportunities/filter", {}).json()["records"]) == 20


def test_rows_of_one_second_have_a_stable_order(sugar: Any) -> None:
    sugar.admin("clock", {"freeze": True})
    sugar.admin("opportunities", [{"id": f"tie-{n}", "name": f"Tie {n}"} for n in range(6)])
    body = {"filter": [{"name": {"$starts": "Tie"}}], "order_by": "date_modified:asc,id:asc", "max_num": 4}
    one = sugar.rest("POST", "/Opportunities/filter", body).json()
    two = sugar.rest("POST", "/Opportunities/filter", {**body, "offset": 4}).json()
    records = one["records"] + two["records"]
    assert [record["id"] for record in records] == [f"tie-{n}" for n in range(6)]
    assert len({record["date_modified"] for record in records}) == 1


def test_deleted_rows_are_listed_on_request_only(sugar: Any) -> None:
    assert sugar.rest("DELETE", "/Opportunities/o-4").json() == {"id": "o-4"}
    assert "Open" not in sugar.names([])
    listed = sugar.rest("POST", "/Opportunities/filter", {"deleted": True, "fields": "id,name"}).json()[
        "records"
    ]
    gone = next(record for record in listed if record["id"] == "o-4")
    assert gone.keys() == {"id", "date_modified", "deleted"}


def test_links_are_listed(sugar: Any) -> None:
    found = sugar.rest("GET", "/Opportunities/o-1/link/accounts?fields=name").json()
    assert [record["name"] for record in found["records"]] == ["Smith"]
    assert found["next_offset"] == -1
    back = sugar.rest("GET", "/Accounts/acc-2/link/opportunities").json()
    assert [record["id"] for record in back["records"]] == ["o-2"]
    assert sugar.rest("GET", "/Opportunities/o-1/link/nolink").status_code == 404
