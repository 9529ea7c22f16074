"""The emulated tenant does what the vendor says, and takes the harder reading where the vendor is silent."""

import re
from typing import Any

import httpx
import pytest

from tests.integration.vendors.sage_sales_management.conftest import Caller


def test_signing_in_gives_an_opaque_key(caller: Caller) -> None:
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", caller.token)
    assert caller.call("POST", "login", {"username": "demo-public", "password": "x"})[0] == 401
    assert caller.call("POST", "login", {"publicKey": "demo-public", "privateKey": "demo-private"})[0] == 401
    caller.token = "x"
    assert caller.call("GET", "accounts") == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize("one_session", [True, False])
def test_a_second_sign_in(caller: Caller, one_session: bool) -> None:
    caller.admin("POST", "options", {"one_session": one_session})
    first = caller.token
    caller.sign_in()
    caller.token = first
    assert caller.call("GET", "accounts")[0] == (401 if one_session else 200)


def test_a_session_ends(caller: Caller) -> None:
    caller.admin("POST", "clock", {"shift_seconds": 3599})
    assert caller.call("GET", "accounts")[0] == 200
    caller.admin("POST", "clock", {"shift_seconds": 3601})
    assert caller.call("GET", "accounts")[0] == 401


def test_a_record_from_its_creation_to_its_deletion(caller: Caller) -> None:
    status, body = caller.call(
        "POST",
        "ACCOUNTS",
        {"name": "A", "branchId": caller.label("branches", "Headquarter"), "salesRepId1": 52},
    )
    assert status == 200 and body == {"Message": "entity created", "id": body["id"]}
    path = f"accounts/{body['id']}"
    row = caller.call("GET", path)[1]
    assert row["dateUpdated"] is None and row["salesRepIdCreated"] == 51
    assert row["salesRepId1"] == {"id": 52, "value": "Emma Lee"} and row["countryId"] is None
    assert list(row) == sorted(row)
    assert caller.call("PUT", path, {"comment": "B", "id": 5, "deleted": True}) == (
        200,
        {"Message": "entity updated"},
    )
    changed = caller.call("GET", path)[1]
    assert (changed["name"], changed["comment"], changed["deleted"]) == ("A", "B", False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,2}[1-9])?Z", changed["dateUpdated"])
    assert caller.call("DELETE", path) == (200, {"Message": "entity deleted"})
    (kept,) = caller.rows("accounts")
    assert kept["deleted"] is True and kept["dateDeleted"] and kept["dateUpdated"] == changed["dateUpdated"]
    for method in ("GET", "PUT", "DELETE"):
        assert caller.call(method, path, {} if method == "PUT" else None)[0] == 400


@pytest.mark.parametrize(
    "method, path",
    [("GET", "accounts/999999"), ("PUT", "accounts/999999"), ("GET", "quotes"), ("GET", "invoices")],
)
def test_what_does_not_exist_is_400_and_910(caller: Caller, method: str, path: str) -> None:
    assert caller.call(method, path, {} if method == "PUT" else None) == (
        400,
        {"code": 910, "message": "Resource not exist"},
    )


def test_pages_are_counted_from_zero_with_the_newest_first(caller: Caller) -> None:
    made = [caller.account(name=f"A{number:03}") for number in range(120)]
    first = caller.ids("accounts")
    assert first == made[:-51:-1]
    assert caller.ids("accounts", page="2") == made[19::-1]
    assert caller.ids("accounts", page="3") == []
    for header in ("Count", "X-FM-Entity-Count"):
        assert len(caller.call("GET", "accounts", headers={header: "70"})[1]) == 70
    assert len(caller.call("GET", "accounts", headers={"Count": "1000"})[1]) == 100


@pytest.mark.parametrize(
    "where, names",
    [
        ("extId='A1'", ["One"]),
        ('extId="A1"', ["One"]),
        ("extId='a1'", []),
        ("name LIKE '%e'", ["One", "Three"]),
        ("name LIKE 'T%' AND extId<>'A3'", ["Two"]),
        ("(name='One' OR name='Two') and deleted=false", ["One", "Two"]),
        ("statusId.id={client}", ["One"]),
        ("statusId={client}", ["One"]),
        ("statusId.value='Client'", ["One"]),
        ("id NOT IN (0,1)", ["One", "Three", "Two"]),
        ("dateCreated>'2020-01-01T00:00:00Z'", ["One", "Three", "Two"]),
        ("dateCreated gt '2020-01-01T00:00:00Z'", ["One", "Three", "Two"]),
        ("dateUpdated>'2020-01-01T00:00:00Z'", []),
    ],
)
def test_a_filter(caller: Caller, where: str, names: list[str]) -> None:
    client = caller.label("accountStatuses", "Client")
    caller.account(name="One", extId="A1", statusId=client)
    caller.account(name="Two", extId="A2")
    caller.account(name="Three", extId="A3")
    found = caller.rows("accounts", where=where.replace("{client}", str(client)))
    assert sorted(row["name"] for row in found) == names


@pytest.mark.parametrize(
    "where",
    [
        *("name=", "nothing='x'", "name='x' OR", "(name='x'", "name ~ 'x'", "name='it''s'", "name=x"),
        *("dateCreated>='2020-01-01T00:00:00Z'", "id IN (1,2)", "id<5", "dateCreated>'yesterday'", "id='5'"),
    ],
)
def test_a_filter_that_is_not_understood_is_901(caller: Caller, where: str) -> None:
    status, body = caller.call("GET", "accounts", where=where)
    assert (status, body["code"]) == (400, 901)


def test_operators_that_are_not_documented_are_a_switch(caller: Caller) -> None:
    made = caller.account()
    caller.admin("POST", "options", {"operators": "all", "doubled_quotes": True})
    assert caller.ids("accounts", where=f"id IN ({made}) AND id>={made} AND name<>'it''s'") == [made]


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"branchId": None},
        {"salesRepId1": None},
        {"extId": "X" * 31},
        {"salesRepId1": {"id": 52, "value": "Emma Lee"}},
        {"countryId": "112"},
        {"countryId": 99999999},
        {"readOnly": "yes"},
    ],
)
def test_an_account_that_is_refused(caller: Caller, values: dict[str, Any]) -> None:
    branch = caller.label("branches", "Headquarter")
    sent = {"name": "A", "branchId": branch, "salesRepId1": 52, **values}
    assert caller.call("POST", "accounts", sent)[0] == 400
    assert caller.rows("accounts") == []


def test_an_attribute_that_does_not_exist_is_ignored(caller: Caller) -> None:
    made = caller.account(nothing="x", Z_unknown=5)
    assert "nothing" not in caller.call("GET", f"accounts/{made}")[1]


def document(caller: Caller) -> tuple[int, dict[str, Any]]:
    """An order, and a line of it that is right."""
    status = caller.label("salesorderStatuses", "Draft")
    branch = caller.label("branches", "Headquarter")
    order = caller.make("salesOrders", branchId=branch, salesRepId=52, reference="Q", statusId=status)
    product = caller.make("products", model="Widget")
    return order, {
        "salesOrderId": order,
        "productId": product,
        "quantity": 5,
        "price": 30,
        "discount1": 10,
        "total": 20,
    }


def test_a_line_is_a_record_whose_total_is_what_was_written(caller: Caller) -> None:
    order, line = document(caller)
    before = caller.call("GET", f"salesorders/{order}")[1]
    caller.make("salesordersLines", **line)
    (row,) = caller.rows("salesordersLines", where=f"salesorderId.id={order}")
    assert row["salesorderId"] == {"id": order, "value": "Q"} and "salesOrderId" not in row
    assert row["total"] == 20 and row["productId"]["value"] == "Widget"
    assert caller.call("GET", f"salesorders/{order}")[1] == before and "lines" not in before
    assert before["number"] == order


@pytest.mark.parametrize(
    "values", [{"price": None}, {"quantity": 1.5}, {"productId": None}, {"salesOrderId": 9999999}]
)
def test_a_line_that_is_refused(caller: Caller, values: dict[str, Any]) -> None:
    _, line = document(caller)
    assert caller.call("POST", "salesordersLines", {**line, **values})[0] == 400


def test_sales_count_deleted_and_keep_their_day(caller: Caller) -> None:
    account = caller.account()
    values = {"extId": "S1", "accountExtId": "A1", "accountId": account, "salesRepExtId": "", "total": 168}
    made = caller.make("sales", **values, date="2018-10-10 00:00:00")
    row = caller.call("GET", f"sales/{made}")[1]
    assert (row["deleted"], row["date"]) == (0, "2018-10-10T00:00:00Z")


def test_users_say_description_and_minus_one(caller: Caller) -> None:
    row = next(one for one in caller.rows("users") if one["id"] == 52)
    assert row["managerId"] == {"description": None, "id": -1} and row["email"] == "emma@example.test"


@pytest.mark.parametrize("reading", ["call", "item"])
def test_bulk_calls(caller: Caller, reading: str) -> None:
    caller.admin("POST", "options", {"bulk_refusal": reading})
    sent = [{"guid": f"g{number}", "data": {"model": f"M{number}"}} for number in range(3)]
    status, body = caller.call("POST", "products/bulk", sent)
    assert status == 200 and [(one["code"], one["guid"]) for one in body] == [(1, "g0"), (1, "g1"), (1, "g2")]
    ids = [one["id"] for one in body]
    changes = [
        {"guid": "a", "id": ids[0], "data": {"price": 5}},
        {"guid": "b", "id": 99999, "data": {"price": 5}},
        {"guid": "c", "id": ids[2], "data": {"price": 5}},
    ]
    status, body = caller.call("PUT", "products/bulk", changes)
    assert status == (400 if reading == "call" else 200)
    prices = [caller.call("GET", f"products/{one}")[1]["price"] for one in ids]
    assert prices == ([5, None, None] if reading == "call" else [5, None, 5])
    gone = [{"guid": "d", "id": one} for one in ids]
    assert [one["message"] for one in caller.call("DELETE", "products/bulk", gone)[1]] == [
        "Entity delete success"
    ] * 3
    assert caller.call("POST", "products/bulk", [sent[0]] * 101)[0] == 400


def test_the_schema_names_kinds_lengths_tables_and_additional_fields(caller: Caller) -> None:
    properties = caller.call("GET", "accounts/schema")[1]["properties"]
    assert properties["extId"]["maxLength"] == 30 and properties["countryId"]["table"] == "countries"
    assert properties["dateCreated"]["readOnly"] is True and "Z_balance" in properties
    offered = {one["end_point"] for one in caller.call("GET", "resources")[1]}
    assert {
        "/v4/salesorders",
        "/v4/salesordersLines",
        "/v4/sales",
        "/v4/products",
        "/v4/productRates",
    } <= offered


@pytest.mark.parametrize(
    "reading, answers", [("app", [200, 200]), ("unlock", [400, 200]), ("all", [400, 400])]
)
def test_a_read_only_record(caller: Caller, reading: str, answers: list[int]) -> None:
    caller.admin("POST", "options", {"read_only": reading})
    path = f"accounts/{caller.account(readOnly=True)}"
    assert caller.call("PUT", path, {"comment": "x"})[0] == answers[0]
    assert caller.call("PUT", path, {"readOnly": False})[0] == answers[1]


def test_a_picture_is_uploaded_in_two_steps(caller: Caller) -> None:
    product = caller.make("products", model="Widget")
    sent = {"name": "img.png", "isCarrousel": True, "folderId": "-1"}
    said = caller.call("POST", f"products/{product}/documents", sent)[1]
    assert isinstance(said["id"], str) and "X-Amz-Expires" in said["locator"]
    kind = {"Content-Type": "application/octet-stream"}
    assert caller.put_bytes(said["locator"], b"x", **kind, **{"X-Session-Key": caller.token}) == 403
    assert caller.put_bytes(said["locator"], b"x", **{"Content-Type": "image/png"}) == 403
    assert caller.put_bytes(said["locator"], b"bytes", **kind) == 200
    assert caller.admin("GET", "pictures")[0]["content"] == 5


@pytest.mark.parametrize("said, body", [("nothing", {}), ("id", {"id": 0})])
def test_hooks_tell_of_one_entity_and_one_action(caller: Caller, said: str, body: dict[str, Any]) -> None:
    caller.admin("POST", "options", {"hook_body": said})
    hook = {"action": "update", "entity": "account", "name": "H", "url": "http://127.0.0.1:9/x"}
    made = caller.call("POST", "hooks", hook)[1]["id"]
    shown = caller.call("GET", f"hooks/{made}")[1]
    assert shown["secret_key"] and shown["date_updated"] is None and shown["version"] == 4
    account = caller.account()
    assert caller.admin("GET", "hooks")["waiting"] == []
    caller.call("PUT", f"accounts/{account}", {"comment": "x"})
    assert caller.admin("GET", "hooks")["waiting"] == [
        {"entity": "account", "action": "update", "id": account}
    ]
    assert caller.admin("POST", "cron") == {"sent": 1}
    assert caller.call("POST", "hooks", {**hook, "entity": "product"})[0] == 400
    assert caller.call("DELETE", f"hooks/{made}")[0] == 200 and body.keys() <= {"id"}


def test_a_person_edits_on_the_page(caller: Caller) -> None:
    account = caller.account()
    assert "Example Ltd" in caller.page() and 'name="comment"' in caller.page(
        f"/_admin?resource=accounts&id={account}"
    )
    form = {"id": str(account), "name": "<b>Changed</b>", "salesRepId1": "53"}
    assert caller.send_form("/_admin/edit/accounts", form).status_code == 303
    row = caller.call("GET", f"accounts/{account}")[1]
    assert (
        row["name"] == "<b>Changed</b>" and row["salesRepIdUpdated"] == 52 and row["salesRepId1"]["id"] == 53
    )
    assert "<b>Changed" not in caller.page()
    assert caller.send_form("/_admin/edit/accounts", {"id": str(account), "delete": "yes"}).status_code == 303
    assert caller.rows("accounts")[0]["deleted"] is True


def test_a_person_cannot_edit_what_is_read_only(caller: Caller) -> None:
    account = caller.account(readOnly=True)
    refused = caller.send_form("/_admin/edit/accounts", {"id": str(account), "name": "Changed"})
    assert refused.status_code == 400 and "read-only" in refused.text


def test_faults_can_be_switched_on(caller: Caller) -> None:
    caller.admin(
        "POST", "faults", [{"kind": "900"}, {"kind": "expired_session", "match": {"path": "products"}}]
    )
    assert caller.call("GET", "accounts")[1]["code"] == 900
    assert caller.call("GET", "accounts")[0] == 200
    assert caller.call("GET", "products")[0] == 401


def test_another_address_answers_with_the_application(caller: Caller) -> None:
    assert "<html>" in httpx.get(f"{caller.url}/api/v3/accounts", trust_env=False).text
