"""What holds for every resource: paging, attributes, change feeds, formats, idempotency, refusals and
faults."""

import asyncio
import re
from typing import Any

import httpx
import pytest

KEY = "a" * 32


def test_pages_link_to_each_other_and_the_last_comes_again(sage: Any) -> None:
    for number in range(5):
        sage.contact(f"Firm {number}", reference=f"F{number}")
    page = sage.get("contacts", items_per_page=2, page=2, search="firm", attributes="name")
    assert (page["$total"], page["$page"], page["$itemsPerPage"]) == (5, 2, 2)
    assert [one["name"] for one in page["$items"]] == ["Firm 2", "Firm 3"]
    assert page["$next"] == "/contacts?page=3&items_per_page=2&search=firm&attributes=name"
    assert page["$back"] == "/contacts?page=1&items_per_page=2&search=firm&attributes=name"
    last = sage.get("contacts", items_per_page=2, page=9, search="firm")
    assert (last["$page"], last["$next"], len(last["$items"])) == (3, None, 1)
    empty = sage.get("contacts", search="nobody")
    assert (empty["$total"], empty["$page"], empty["$next"], empty["$back"], empty["$items"]) == (
        0,
        1,
        None,
        None,
        [],
    )
    assert sage.get("contacts")["$itemsPerPage"] == 20
    sage.refused("GET", "contacts?items_per_page=201")


def test_lists_are_trimmed_to_what_was_asked(sage: Any) -> None:
    contact = sage.contact(main_address={"city": "Leeds"})
    plain = sage.get("contacts", exclude_system="true")["$items"][0]
    assert plain.keys() == {"id", "displayed_as", "$path"}
    asked = sage.get("contacts", exclude_system="true", attributes="name,currency")["$items"][0]
    assert asked.keys() == {"id", "displayed_as", "$path", "name", "currency"}
    whole = sage.get("contacts", exclude_system="true", attributes="all", nested_attributes="all")["$items"][
        0
    ]
    assert whole["main_address"]["city"] == "Leeds" and whole["main_address"]["country"].keys() == {
        "id",
        "displayed_as",
        "$path",
    }
    one = sage.get(f"contacts/{contact['id']}")
    assert one["main_address"].keys() == {"id", "displayed_as", "$path"}
    assert (
        sage.get(f"contacts/{contact['id']}", nested_attributes="all")["main_contact_person"]["name"]
        == "Main Contact"
    )
    assert sage.get(f"contacts/{contact['id']}", attributes="name").keys() == {
        "id",
        "displayed_as",
        "$path",
        "name",
    }


def test_change_feeds_include_their_second_and_deletions_do_not(sage: Any) -> None:
    sage.admin("clock", {"freeze": "2026-05-01T10:00:00Z"})
    key = sage.product()["id"]
    assert sage.get(f"products/{key}")["updated_at"] == "2026-05-01T10:00:00Z"

    def changed(since: str) -> list[str]:
        return [one["id"] for one in sage.get("products", updated_or_created_since=since)["$items"]]

    assert (
        changed("2026-05-01T10:00:00Z")
        == [key]
        == changed("2026-05-01")
        == changed("2026-05-01T11:00:00+01:00")
    )
    assert changed("2026-05-01T10:00:01Z") == []
    sage.admin("clock", {"freeze": "2026-05-01T11:00:00Z"})
    sage.call("DELETE", f"products/{key}", status=204)
    assert changed("2026-05-01T10:00:00Z") == []
    gone = sage.get("products", deleted_since="2026-05-01T10:59:59Z", attributes="all")["$items"]
    assert [one["deleted_at"] for one in gone] == ["2026-05-01T11:00:00Z"]
    assert sage.get("products", deleted_since="2026-05-01T11:00:00Z")["$items"] == []
    sage.refused("GET", "products?updated_or_created_since=yesterday")
    sage.call("GET", f"products/{key}", status=404)
    sage.options.change({"deleted_get": 200})
    assert sage.get(f"products/{key}")["deleted_at"] == "2026-05-01T11:00:00Z"


def test_decimals_are_text_and_stamps_have_whole_seconds(sage: Any) -> None:
    product = sage.product(
        cost_price=30,
        sales_prices=[
            {
                "product_sales_price_type_id": sage.get("product_sales_price_types")["$items"][0]["id"],
                "price": "321.20",
            }
        ],
    )
    assert product["cost_price"] == "30.0" and product["sales_prices"][0]["price"] == "321.2"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", product["created_at"])
    contact = sage.contact()
    assert contact["credit_limit"] == "0.0" and contact["credit_days"] == 30


def test_the_order_without_a_sort_is_nobodys_promise(sage: Any) -> None:
    for number in range(6):
        sage.product(f"P{number}")
    sage.options.change({"list_order": "id"})
    keys = [one["id"] for one in sage.get("products")["$items"]]
    assert keys == sorted(keys)


# ---------------------------------------------------------------- refusals


def test_every_missing_field_is_named(sage: Any) -> None:
    answer = sage.call("POST", "products", {"product": {"item_code": "X"}}, 422)
    assert {one["$source"] for one in answer} == {
        "description",
        "sales_ledger_account_id",
        "purchase_ledger_account_id",
    }
    assert all(
        (one["$severity"], one["$dataCode"], one["$message"])
        == ("error", "RecordInvalid", "This field is required.")
        for one in answer
    )


def test_the_wrapper_and_the_types_are_checked_before_the_record(sage: Any) -> None:
    body: Any
    for body in ({"name": "Acme"}, {"contacts": {"name": "Acme"}}, []):
        assert sage.call("POST", "contacts", body, 422)[0]["$dataCode"] == "Validation"
    wrong = {"contact": {"name": "Acme", "contact_type_ids": ["CUSTOMER"], "credit_limit": "much"}}
    assert sage.refused("POST", "contacts", wrong) == [("contact[credit_limit] is invalid", "")]
    sage.options.change({"validation_status": 400})
    sage.call("POST", "contacts", wrong, 400)


def test_lengths_are_checked(sage: Any) -> None:
    body = {"contact": {"name": "x" * 101, "contact_type_ids": ["CUSTOMER"], "reference": "LONGER-THAN"}}
    assert [source for _, source in sage.refused("POST", "contacts", body)] == ["name", "reference"]
    assert sage.get("contacts", exclude_system="true")["$total"] == 0


def test_unknown_things_and_wrong_verbs(sage: Any) -> None:
    assert sage.call("GET", "contacts/none", status=404)[0] == {
        "$severity": "error",
        "$dataCode": "RecordNotFound",
        "$message": "Couldn't find record.",
        "$source": "",
    }
    sage.call("GET", "nothing", status=404)
    sage.call("PATCH", "contacts", {}, 405)
    sage.call("DELETE", "ledger_accounts/1", status=405)
    answer = sage.http.post("/v3.1/contacts", content="name=x", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    bad = {
        "product": {
            "description": "x",
            "sales_ledger_account_id": "f" * 32,
            "purchase_ledger_account_id": "f" * 32,
        }
    }
    assert sage.refused("POST", "products", bad, 404) == [("Couldn't find record.", "")]
    sage.service.violations.clear()


def test_unknown_fields_are_ignored_or_refused(sage: Any) -> None:
    sage.contact(telephone="0113 496 0000")
    sage.options.change({"unknown_fields": "refuse"})
    sage.refused(
        "POST", "contacts", {"contact": {"name": "A", "contact_type_ids": ["CUSTOMER"], "telephone": "1"}}
    )


# ---------------------------------------------------------------- businesses


def test_the_business_is_chosen_and_told(sage: Any) -> None:
    first, second = sage.get("businesses")["$items"]
    assert sage.get("businesses/lead")["id"] == first["id"] and first["subscriptions"][0]["active"] is True
    sage.contact("Only here")
    there = sage.http.get("/v3.1/contacts?exclude_system=true", headers={"X-Business": second["id"]})
    assert there.headers["X-Business"] == second["id"] and there.json()["$total"] == 0
    here = sage.http.get("/v3.1/contacts?exclude_system=true")
    assert here.headers["X-Business"] == first["id"] and here.json()["$total"] == 1
    assert here.headers["x_request_id"] != there.headers["x_request_id"]
    assert "X-Business" not in sage.http.get("/v3.1/businesses").headers
    assert sage.http.get("/v3.1/contacts", headers={"X-Business": "f" * 32}).status_code == 403
    sage.options.change({"unknown_business_status": 404})
    assert sage.http.get("/v3.1/contacts", headers={"X-Business": "f" * 32}).status_code == 404


def test_what_a_business_starts_with(sage: Any) -> None:
    rates = {one["id"]: one["percentage"] for one in sage.get("tax_rates", attributes="all")["$items"]}
    assert rates == {
        "GB_STANDARD": "20.0",
        "GB_LOWER": "5.0",
        "GB_ZERO": "0.0",
        "GB_EXEMPT": "0.0",
        "GB_NO_TAX": "0.0",
    }
    sales = sage.get("ledger_accounts", visible_in="sales", attributes="all")["$items"]
    assert "Sales - Products (4000)" in [one["displayed_as"] for one in sales]
    assert all(one["visible_in_sales"] for one in sales)
    assert sage.get("currencies/GBP")["displayed_as"] == "Pound Sterling (GBP)"
    assert sage.get("countries/GB")["displayed_as"] == "United Kingdom (GB)"
    assert [one["displayed_as"] for one in sage.get("product_sales_price_types")["$items"]] == [
        "Sales Price",
        "Trade",
        "Wholesale",
    ]
    assert sage.get("service_rate_types")["$items"][0]["displayed_as"] == "Rate"
    assert sage.get("financial_settings")["base_currency"]["id"] == "GBP"
    assert sage.get("business_settings")["country_of_registration"]["id"] == "GB"
    for resource in (
        "contact_types",
        "address_types",
        "contact_person_types",
        "artefact_statuses",
        "catalog_item_types",
        "country_groups",
        "eu_goods_services_types",
        "payment_methods",
        "transaction_types",
        "ledger_account_types",
    ):
        assert sage.get(resource)["$total"] > 1


def test_settings_are_changed_in_part(sage: Any) -> None:
    changed = sage.change("invoice_settings", "invoice_settings", next_invoice_number=100)
    assert (changed["next_invoice_number"], changed["quote_number_prefix"]) == (100, "SQ-")
    assert sage.invoice(sage.contact()["id"])["displayed_as"] == "SI-100"


def test_exchange_rates_and_a_business_of_its_own_mind(sage: Any) -> None:
    sage.admin("exchange_rates", {"EUR": "0.8"})
    rate = sage.get("exchange_rates/EUR")
    assert (rate["rate"], rate["inverse_rate"], rate["base_currency"]["id"]) == ("0.8", "1.25", "GBP")
    sage.make("business_exchange_rates", "business_exchange_rate", currency_id="EUR", rate="0.9")
    assert sage.get("exchange_rates/EUR")["rate"] == "0.9"
    assert sage.get("live_exchange_rates/EUR")["rate"] == "0.8"
    sage.change("business_exchange_rates/EUR", "business_exchange_rate", rate="0.91")
    assert sage.get("business_exchange_rates", attributes="all")["$items"][0]["rate"] == "0.91"
    sage.call("DELETE", "business_exchange_rates/EUR", status=204)
    assert sage.get("exchange_rates/EUR")["rate"] == "0.8"
    sage.options.change({"rate_direction": "foreign_per_base"})
    assert sage.get("exchange_rates/EUR")["rate"] == "1.25"


# ---------------------------------------------------------------- idempotency


def test_a_repeat_gets_the_first_answer_for_seven_days(sage: Any) -> None:
    first = sage.contact("Acme", idempotency_id=KEY)
    assert "idempotency_id" not in first
    assert sage.contact("Something else", idempotency_id=KEY) == first
    assert sage.get("contacts", exclude_system="true")["$total"] == 1
    changed = sage.change(f"contacts/{first['id']}", "contact", name="Acme Two", idempotency_id="b" * 32)
    sage.change(f"contacts/{first['id']}", "contact", name="Acme Three")
    assert (
        sage.change(f"contacts/{first['id']}", "contact", name="Acme Two", idempotency_id="b" * 32) == changed
    )
    assert sage.get(f"contacts/{first['id']}")["name"] == "Acme Three"
    sage.admin("clock", {"shift_seconds": 7 * 86400 + 1})
    sage.http.headers["Authorization"] = f"Bearer {sage.admin('grant')['access_token']}"
    assert sage.contact("Later", idempotency_id=KEY)["id"] != first["id"]


def test_an_id_of_another_resource_is_a_mismatch(sage: Any) -> None:
    sage.contact(idempotency_id=KEY)
    body = {
        "product": {
            "description": "x",
            "sales_ledger_account_id": sage.account(),
            "purchase_ledger_account_id": sage.account(),
            "idempotency_id": KEY,
        }
    }
    answer = sage.call("POST", "products", body, 422)[0]
    assert (answer["$dataCode"], answer["$message"]) == (
        "IdempotencyResourceMismatch",
        "Entity type mismatch",
    )
    sage.options.change({"idempotency_status": 409})
    sage.call("POST", "products", body, 409)
    sage.refused(
        "POST",
        "contacts",
        {"contact": {"name": "A", "contact_type_ids": ["CUSTOMER"], "idempotency_id": "short"}},
    )


def test_a_refusal_is_not_kept(sage: Any) -> None:
    sage.refused("POST", "contacts", {"contact": {"contact_type_ids": ["CUSTOMER"], "idempotency_id": KEY}})
    sage.contact("Now right", idempotency_id=KEY)


# ---------------------------------------------------------------- faults


def test_a_500_after_the_commit_is_healed_by_the_same_id(sage: Any) -> None:
    sage.admin("faults", [{"kind": "late_500", "match": {"path": "/contacts$", "method": "POST"}}])
    body = {"contact": {"name": "Acme", "contact_type_ids": ["CUSTOMER"], "idempotency_id": KEY}}
    assert sage.call("POST", "contacts", body, 500)[0]["$dataCode"] == "UnexpectedError"
    made = sage.get("contacts", search="Acme")["$items"]
    assert sage.contact("Acme", idempotency_id=KEY)["id"] == made[0]["id"] and len(made) == 1


def test_limits_and_outages(sage: Any) -> None:
    sage.options.change({"retry_after": 7})
    sage.admin(
        "faults",
        [
            {"kind": "too_many"},
            {"kind": "429", "after": 3},
            {"kind": "503"},
            {"kind": "502"},
            {"kind": "lost_reply", "match": {"method": "POST"}},
        ],
    )
    limited = sage.http.get("/v3.1/contacts")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7") and limited.json()[0][
        "$severity"
    ] == "error"
    assert sage.http.get("/v3.1/contacts").headers["Retry-After"] == "3"
    assert [sage.http.get("/v3.1/contacts").status_code for _ in range(3)] == [503, 502, 200]
    with pytest.raises(httpx.HTTPError):
        sage.contact("Lost")
    assert sage.get("contacts", search="lost")["$total"] == 1


def test_parallel_posts_of_numbered_resources_are_told_apart(sage: Any) -> None:
    sage.options.change({"refuse_parallel": True, "delay_seconds": 0.2})

    async def both(*calls: tuple[str, Any]) -> list[int]:
        headers = {"Authorization": sage.http.headers["Authorization"]}
        async with httpx.AsyncClient(base_url=sage.http.base_url, headers=headers, trust_env=False) as client:
            answers = await asyncio.gather(*(client.post(f"/v3.1/{path}", json=body) for path, body in calls))
        return sorted(answer.status_code for answer in answers)

    contact = {"contact": {"name": "Acme", "contact_type_ids": ["CUSTOMER"]}}
    kind = {"service_rate_type": {"name": "Trade", "active": True}}
    assert asyncio.run(both(("contacts", contact), ("contacts", contact))) == [201, 409]
    assert len(sage.admin("overlaps", method="DELETE")) == 1
    assert asyncio.run(both(("contacts", contact), ("service_rate_types", kind))) == [201, 201]
    assert sage.admin("overlaps", method="GET") == []


def test_calls_and_writes_are_counted(sage: Any) -> None:
    sage.admin("calls", method="DELETE")
    key = sage.contact()["id"]
    sage.get(f"contacts/{key}")
    sage.get(f"contacts/{key}")
    assert sage.admin("calls", method="GET") == {"POST /contacts": 1, "GET /contacts/{key}": 2}
    written = sage.admin("writes", method="GET")
    assert [(one["method"], one["resource"], one["id"], one["body"]["name"]) for one in written] == [
        ("POST", "contacts", key, "Acme Ltd")
    ]
    sage.admin("contacts", {"name": "By a person", "contact_type_ids": ["CUSTOMER"]})
    assert len(sage.admin("writes", method="DELETE")) == 1 and sage.admin("writes", method="GET") == []
