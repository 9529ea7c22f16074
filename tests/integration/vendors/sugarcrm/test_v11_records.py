"""v11 records: create, partial update, delete, links, bulk, currencies, line items, metadata, rights."""

import json
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _signed_in(sugar: Any) -> None:
    sugar.sign_in()


def _error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_a_put_changes_only_what_it_sends(sugar: Any) -> None:
    made = sugar.rest(
        "POST",
        "/Opportunities",
        {
            "name": 'O\'Hara <Ltd> & "Co" 😀',
            "amount": "1234.56",
            "date_closed": "2026-01-31",
            "sales_stage": "Closed Won",
        },
    ).json()
    assert made["sales_order_no_c"] is None
    done = sugar.rest("PUT", f"/Opportunities/{made['id']}", {"sales_order_no_c": "502"}).json()
    assert (done["name"], done["amount"], done["sales_order_no_c"]) == (
        'O\'Hara <Ltd> & "Co" 😀',
        "1234.560000",
        "502",
    )
    written = sugar.admin("writes")[-1]
    assert (written["kind"], written["user_id"], written["changes"]) == (
        "update",
        "seed_sync_id",
        {"sales_order_no_c": [None, "502"]},
    )
    cleared = sugar.rest("PUT", f"/Opportunities/{made['id']}", {"sales_order_no_c": ""}).json()
    assert cleared["sales_order_no_c"] == ""


def test_missing_records_routes_and_methods(sugar: Any) -> None:
    assert _error(sugar.rest("GET", "/Opportunities/nope")) == (404, "not_found")
    assert _error(sugar.rest("PUT", "/Opportunities/nope", {"name": "x"})) == (404, "not_found")
    assert _error(sugar.rest("DELETE", "/Opportunities/nope")) == (404, "not_found")
    assert _error(sugar.rest("GET", "/Nowhere")) == (404, "no_method")
    assert _error(sugar.rest("PUT", "/Opportunities", {})) == (404, "no_method")


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ({"name": "x", "amount": "much"}, "invalid_parameter"),
        ({"name": "x", "date_closed": "31/01/2026"}, "invalid_parameter"),
        ({"name": "x", "amount": "NaN"}, "invalid_parameter"),
    ],
)
def test_bad_values_are_refused_and_nothing_is_stored(sugar: Any, body: Any, label: str) -> None:
    assert _error(sugar.rest("POST", "/Opportunities", body)) == (422, label)
    assert sugar.admin("opportunities") == []


@pytest.mark.parametrize(
    ("module", "body", "field", "kept"),
    [
        ("Opportunities", {"name": "x" * 300}, "name", "x" * 50),
        ("Opportunities", {"amount": 5}, "name", ""),
        ("Opportunities", {"name": "x", "sales_stage": "No such stage"}, "sales_stage", "No such stage"),
        ("ProductTemplates", {"name": "x", "qty_in_stock": "12 boxes"}, "qty_in_stock", 12),
        ("ProductTemplates", {"name": "x", "qty_in_stock": "a few"}, "qty_in_stock", 0),
    ],
)
def test_what_does_not_fit_is_cut_or_kept_in_silence(
    sugar: Any, module: str, body: Any, field: str, kept: Any
) -> None:
    made = sugar.rest("POST", f"/{module}", body)
    assert made.status_code == 200
    assert made.json()[field] == kept


def test_unknown_and_read_only_fields_are_ignored(sugar: Any) -> None:
    made = sugar.rest(
        "POST",
        "/Opportunities",
        {"name": "x", "no_such_c": "y", "date_modified": "2001-01-01T00:00:00+00:00", "base_rate": "9"},
    ).json()
    assert "no_such_c" not in made
    assert made["base_rate"] == "1.000000"
    assert not made["date_modified"].startswith("2001")


def test_an_edit_conflict_is_a_409(sugar: Any) -> None:
    sugar.admin("clock", {"freeze": True})
    made = sugar.rest("POST", "/Opportunities", {"name": "x"}).json()
    stamp = {"X-TIMESTAMP": made["date_modified"]}
    sugar.admin("clock", {"shift": 5})
    assert sugar.rest("PUT", f"/Opportunities/{made['id']}", {"name": "y"}, headers=stamp).status_code == 200
    assert _error(sugar.rest("PUT", f"/Opportunities/{made['id']}", {"name": "z"}, headers=stamp)) == (
        409,
        "edit_conflict",
    )


def test_a_used_id_is_a_409(sugar: Any) -> None:
    assert sugar.rest("POST", "/Opportunities", {"id": "mine", "name": "x"}).json()["id"] == "mine"
    assert sugar.rest("POST", "/Opportunities", {"id": "mine", "name": "y"}).status_code == 409
    assert len(sugar.admin("opportunities")) == 1


def test_rights(sugar: Any) -> None:
    made = sugar.rest("POST", "/Opportunities", {"name": "x"}).json()
    sugar.sign_in(user="reader")
    assert sugar.rest("GET", f"/Opportunities/{made['id']}").status_code == 200
    assert _error(sugar.rest("PUT", f"/Opportunities/{made['id']}", {"name": "y"})) == (403, "not_authorized")
    assert _error(sugar.rest("POST", "/WebLogicHooks", {"name": "h"})) == (403, "not_authorized")


def test_links_can_be_made_and_cut(sugar: Any) -> None:
    account = sugar.rest(
        "POST",
        "/Accounts",
        {"name": "Smith", "email": [{"email_address": "a@smith.example", "primary_address": True}]},
    ).json()
    assert account["email1"] == "a@smith.example"
    assert account["email"][0]["email_address"] == "a@smith.example"
    deal = sugar.rest("POST", "/Opportunities", {"name": "Deal"}).json()
    linked = sugar.rest("POST", f"/Opportunities/{deal['id']}/link/accounts/{account['id']}").json()
    assert linked["related_record"]["name"] == "Smith"
    assert sugar.rest("GET", f"/Opportunities/{deal['id']}").json()["account_name"] == "Smith"
    sugar.rest("DELETE", f"/Opportunities/{deal['id']}/link/accounts/{account['id']}")
    assert sugar.rest("GET", f"/Opportunities/{deal['id']}").json()["account_id"] is None
    made = sugar.rest("POST", f"/Opportunities/{deal['id']}/link/contacts", {"last_name": "Hara"}).json()
    several = sugar.rest(
        "POST",
        f"/Accounts/{account['id']}/link",
        {"link_name": "contacts", "ids": [made["related_record"]["id"]]},
    ).json()
    assert [record["last_name"] for record in several["related_records"]] == ["Hara"]
    assert (
        sugar.rest("PUT", f"/Opportunities/{deal['id']}", {"account_id": account["id"]}).json()[
            "account_name"
        ]
        == "Smith"
    )


def test_bulk_runs_every_part_and_answers_in_order(sugar: Any) -> None:
    sugar.admin("opportunities", [{"id": "o-1", "name": "One"}, {"id": "o-2", "name": "Two"}])
    answer = sugar.rest(
        "POST",
        "/bulk",
        {
            "requests": [
                {
                    "url": "/v11_10/Opportunities/o-1",
                    "method": "PUT",
                    "data": json.dumps({"sales_order_no_c": "1"}),
                },
                {
                    "url": "v11_10/Opportunities/nope",
                    "method": "PUT",
                    "data": json.dumps({"sales_order_no_c": "2"}),
                },
                {
                    "url": "v11_10/Opportunities/o-2",
                    "method": "PUT",
                    "data": json.dumps({"sales_order_no_c": "3"}),
                    "headers": [],
                },
                {"url": "/v11_10/Opportunities/o-2?fields=sales_order_no_c"},
                {"url": "/v11_10/ping"},
                {"url": "/v11_10/Opportunities/o-2", "method": "PUT", "data": {"sales_order_no_c": "4"}},
            ]
        },
    )
    parts = answer.json()
    assert [part["status"] for part in parts] == [200, 404, 200, 200, 200, 422]
    assert parts[0]["status_text"] == "OK"
    assert parts[0]["contents"]["sales_order_no_c"] == "1"
    assert parts[1]["contents"]["error"] == "not_found"
    assert parts[3]["contents"]["sales_order_no_c"] == "3"
    assert parts[4]["contents"] == "pong"
    counted = sugar.admin("calls")
    assert counted["calls"]["POST /bulk"] == 1
    assert counted["bulk_parts"]["PUT /Opportunities/{id}"] == 3


def test_bulk_is_limited(sugar: Any) -> None:
    parts = [{"url": "/v11_10/ping"}] * 101
    assert _error(sugar.rest("POST", "/bulk", {"requests": parts})) == (413, "request_too_large")
    assert _error(sugar.rest("POST", "/bulk", {})) == (422, "missing_parameter")


def test_currencies(sugar: Any) -> None:
    euro = sugar.rest(
        "POST", "/Currencies", {"name": "Euro", "iso4217": "EUR", "symbol": "€", "conversion_rate": "1.25"}
    ).json()
    deal = sugar.rest(
        "POST", "/Opportunities", {"name": "x", "amount": "125", "currency_id": euro["id"]}
    ).json()
    assert (deal["amount_usdollar"], deal["base_rate"], deal["currency_name"]) == (
        "100.000000",
        "1.250000",
        "Euro",
    )
    listed = sugar.rest("POST", "/Currencies/filter", {"fields": "iso4217,conversion_rate"}).json()["records"]
    assert [(row["iso4217"], row["conversion_rate"]) for row in listed] == [("EUR", "1.250000")]
    assert sugar.rest("GET", "/Currencies/-99").json()["iso4217"] == "GBP"


def test_line_items_own_the_amount_of_their_opportunity(sugar: Any) -> None:
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal", "amount": 1})
    for likely, stage in (("100.10", "Closed Won"), ("50.20", "Closed Won")):
        sugar.rest(
            "POST",
            "/RevenueLineItems",
            {
                "name": "Line",
                "opportunity_id": "o-1",
                "likely_case": likely,
                "quantity": 2,
                "sales_stage": stage,
            },
        )
    deal = sugar.rest("PUT", "/Opportunities/o-1", {"amount": "7", "sales_order_no_c": "9"}).json()
    assert (deal["amount"], deal["sales_status"], deal["sales_order_no_c"]) == (
        "150.300000",
        "Closed Won",
        "9",
    )
    lines = sugar.rest("GET", "/Opportunities/o-1/link/revenuelineitems?fields=quantity,likely_case").json()[
        "records"
    ]
    assert [line["quantity"] for line in lines] == ["2.000000", "2.000000"]


def test_metadata_names_the_custom_fields_with_their_length(sugar: Any) -> None:
    answer = sugar.rest("GET", "/metadata?type_filter=modules&module_filter=Opportunities,Accounts").json()
    assert answer["modules"].keys() == {"Opportunities", "Accounts"}
    fields = answer["modules"]["Opportunities"]["fields"]
    assert fields["sales_order_no_c"]["len"] == 50
    assert fields["sales_order_no_c"]["source"] == "custom_fields"
    assert fields["base_rate"]["readonly"] is True
    assert "Closed Won" in sugar.rest("GET", "/Opportunities/enum/sales_stage").json()


def test_custom_fields_have_the_customers_names_or_do_not_exist(start: Any) -> None:
    sugar = start(order_field="sage_no_c", account_field=None, extra_opportunity_fields=("po_number_c",))
    sugar.sign_in()
    fields = sugar.rest("GET", "/metadata").json()["modules"]
    assert {"sage_no_c", "po_number_c"} <= fields["Opportunities"]["fields"].keys()
    assert "sales_order_no_c" not in fields["Opportunities"]["fields"]
    assert "sales_account_ref_c" not in fields["Accounts"]["fields"]
    made = sugar.rest("POST", "/Opportunities", {"name": "x", "sage_no_c": "7", "po_number_c": "P"}).json()
    assert (made["sage_no_c"], made["po_number_c"]) == ("7", "P")
