"""The control API and the page of the emulator."""

from typing import Any


def test_a_person_creates_edits_and_deletes(sugar: Any) -> None:
    made = sugar.admin("opportunities", {"name": "Deal", "amount": "10"})["id"]
    sugar.admin("opportunities", {"id": made, "sales_stage": "Closed Won"})
    sugar.admin("opportunities", {"id": made, "delete": True})
    row = sugar.admin("dump")["opportunities"][0]
    assert (row["sales_stage"], row["amount"], row["deleted"]) == ("Closed Won", 10, 1)
    assert [write["kind"] for write in sugar.admin("writes")] == ["create", "update", "delete"]
    assert sugar.admin("writes")[1]["api"] == "admin"


def test_copy_fills_in_every_field_the_order_number_too(sugar: Any) -> None:
    sugar.admin("accounts", {"id": "acc-1", "name": "Smith Ltd"})
    made = sugar.admin(
        "opportunities",
        {"name": "Deal", "amount": "10", "sales_order_no_c": "1042", "account_id": "acc-1"},
    )["id"]
    copy = sugar.admin("opportunities", {"duplicate": made, "name": "Deal 2"})["id"]
    first, second = (
        next(one for one in sugar.admin("opportunities") if one["id"] == id_) for id_ in (made, copy)
    )
    assert copy != made and second["name"] == "Deal 2"
    for field in ("amount", "sales_order_no_c", "account_id", "account_name"):
        assert second[field] == first[field], field
    assert sugar.http.post("/_admin/opportunities", json={"duplicate": "none"}).status_code == 400


def test_mistakes_get_a_sentence_and_change_nothing(sugar: Any) -> None:
    for body in (
        {"nmae": "x"},
        {"id": "none", "delete": True},
        {"name": "x", "amount": "much"},
        [{"name": "ok"}, 5],
    ):
        answer = sugar.http.post("/_admin/opportunities", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"].endswith(".")
    assert sugar.http.post("/_admin/opportunities", content=b"{").status_code == 400
    assert sugar.http.post("/_admin/clock", json={"freeze": "2026-01-01T00:00:00"}).status_code == 400
    assert sugar.admin("opportunities") == []


def test_calls_are_counted_by_kind(sugar: Any) -> None:
    sugar.sign_in()
    sugar.rest("POST", "/Opportunities/filter", {})
    sugar.rest("GET", "/Opportunities/some-id")
    session = sugar.login()
    sugar.call("get_user_id", [session])
    counted = sugar.admin("calls")
    assert counted["total"] == 5
    assert counted["calls"] == {
        "POST /oauth2/token": 1,
        "POST /Opportunities/filter": 1,
        "GET /Opportunities/{id}": 1,
        "v4_1 login": 1,
        "v4_1 get_user_id": 1,
    }
    assert sugar.http.delete("/_admin/calls").json()["total"] == 0


def test_the_clock_stands_still_and_runs_again(sugar: Any) -> None:
    assert (
        sugar.admin("clock", {"freeze": "2026-01-31T12:00:00+00:00", "shift": 60})["now"]
        == "2026-01-31T12:01:00+00:00"
    )
    sugar.admin("opportunities", [{"name": "a"}, {"name": "b"}])
    assert {row["date_modified"] for row in sugar.admin("opportunities")} == {"2026-01-31 12:01:00"}
    assert sugar.admin("clock", {"freeze": False})["now"] > "2026-02"


def test_the_page_escapes_what_people_type(sugar: Any) -> None:
    nasty = "<script>alert('x')</script> & \"Co\""
    sugar.admin("accounts", {"id": "acc-1", "name": nasty, "sales_account_ref_c": "<i>"})
    sugar.admin(
        "opportunities", {"id": "o-1", "name": nasty, "account_id": "acc-1", "sales_order_no_c": "<5>"}
    )
    for path in ("/_admin/", "/_admin/?id=o-1", "/_admin/?id=%3Cscript%3E"):
        page = sugar.http.get(path).text
        assert "<script>" not in page
        assert "<i>" not in page
    assert "&lt;5&gt;" in sugar.http.get("/_admin/").text


def test_the_form_saves_the_opportunity_and_the_accounts_reference(sugar: Any) -> None:
    sugar.admin("accounts", {"id": "acc-1", "name": "Smith"})
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal", "account_id": "acc-1", "amount": 5})
    saved = sugar.http.post(
        "/_admin/edit",
        data={
            "id": "o-1",
            "name": "Deal 2",
            "sales_stage": "Closed Won",
            "amount": "7.25",
            "account_id": "acc-1",
            "sales_account_ref_c": "SMITH001",
        },
    )
    assert (saved.status_code, saved.headers["location"]) == (303, "/_admin/")
    row, account = sugar.admin("opportunities")[0], sugar.admin("accounts")[0]
    assert (row["name"], row["sales_stage"], row["amount"]) == ("Deal 2", "Closed Won", 7.25)
    assert account["sales_account_ref_c"] == "SMITH001"
    assert sugar.http.post("/_admin/edit", data={"id": "o-1", "amount": "much"}).status_code == 400
