"""Silent traps of writing, products, and what persons do, in both versions."""

from typing import Any


def test_what_a_write_loses_without_a_word(vtiger: Any) -> None:
    emoji = "????" if vtiger.server.options.old else "??"
    made = vtiger.create(
        "Accounts",
        accountname="L" * 120,
        bill_city="C" * 40,
        nosuch="x",
        industry="Space Mining",
        description="a <script>alert(1)</script> 😀 &amp; <b>b</b>",
    )
    assert (made["accountname"], made["bill_city"], made["industry"]) == ("L" * 100, "C" * 30, "Space Mining")
    assert made["description"] == f"a &lt;script&gt;alert(1)&lt;/script&gt; {emoji} &amp; <b>b</b>"
    told = vtiger.done(vtiger.post("revise", element={"id": made["id"], "phone": "&eacute;"}))
    assert (told["phone"], told["description"]) == (
        "é",
        f"a &lt;script&gt;alert(1)&lt;/script&gt; {emoji} & <b>b</b>",
    )


def test_revise_clears_with_an_empty_text_and_names_are_unique_among_the_living(vtiger: Any) -> None:
    acme = vtiger.create("Accounts", accountname="Acme", phone="1")
    child = vtiger.create("Accounts", accountname="Child", account_id=acme["id"])
    told = vtiger.done(vtiger.post("revise", element={"id": child["id"], "account_id": ""}))
    assert not told["account_id"] and told["accountname"] == "Child"
    assert vtiger.code(vtiger.post("revise", element={"id": child["id"], "accountname": "ACME"})) == 0
    assert (
        vtiger.done(vtiger.post("revise", element={"id": acme["id"], "accountname": "acme"}))["phone"] == "1"
    )
    assert vtiger.done(vtiger.post("delete", id=acme["id"])) == {"status": "successful"}
    vtiger.post("revise", element={"id": child["id"], "accountname": "ACME"})
    assert vtiger.query("SELECT accountname FROM Accounts;") == [{"accountname": "ACME", "id": child["id"]}]


def test_a_name_is_taken_twice_where_the_duplicate_rule_is_off(vtiger: Any) -> None:
    vtiger.create("Accounts", accountname="Acme")
    vtiger.admin("options", {"duplicate_rules": False})
    assert vtiger.create("Accounts", accountname="Acme")["accountname"] == "Acme"
    vtiger.admin("options", {"duplicate_rules": True})
    made = {"accountname": "ACME", "assigned_user_id": "19x5"}
    assert vtiger.code(vtiger.post("create", elementType="Accounts", element=made)) == 0


def test_a_product_revised_without_its_taxes_loses_them_on_the_old_server(vtiger: Any) -> None:
    old = vtiger.server.options.old
    made = vtiger.create("Products", productname="Nut", unit_price="2.50", tax1="20")
    assert (made["tax1"], made["currency1"], "tax2" in made) == ("20.000", 2.5, False)
    vtiger.post("revise", element={"id": made["id"], "productcode": "N-1"})
    told = vtiger.done(vtiger.get("retrieve", id=made["id"]))
    assert (told.get("tax1"), told["currency1"]) == ((None, 0) if old else ("20.000", 2.5))
    again = {"id": made["id"], "unit_price": "3", "currency_id": "21x1", "tax1": "5"}
    told = vtiger.done(vtiger.post("revise", element=again))
    assert (told["tax1"], told["currency1"], told["productcode"]) == ("5.000", 3, "N-1")


def test_a_service_that_another_program_revises_loses_its_taxes_on_either_server(vtiger: Any) -> None:
    made = vtiger.create("Services", servicename="Hour", unit_price="80", currency_id="21x1", tax1="20")
    vtiger.admin("records/Services", {"id": made["id"], "website": "a.test"})
    assert vtiger.done(vtiger.get("retrieve", id=made["id"]))["tax1"] == "20.000", "a person keeps them"
    vtiger.admin("records/Services", {"id": made["id"], "website": "b.test", "through": "api"})
    assert "tax1" not in vtiger.done(vtiger.get("retrieve", id=made["id"]))


def test_duplicate_copies_every_field_as_the_screen_does(vtiger: Any) -> None:
    made = vtiger.create("Accounts", accountname="Acme", phone="1", cf_856="ACME", bill_city="Leeds")
    copy = vtiger.admin(f"records/Accounts/{made['id']}/duplicate", {"accountname": "Acme (copy)"})["id"]
    told = vtiger.done(vtiger.get("retrieve", id=copy))
    assert copy != made["id"]
    assert (told["phone"], told["cf_856"], told["bill_city"]) == ("1", "ACME", "Leeds")


def test_the_senders_decimals_round_prices(vtiger: Any) -> None:
    vtiger.admin("users", {"name": "tieout", "decimals": 0})
    assert vtiger.create("Products", productname="Nut", unit_price="12.50")["unit_price"] == "13.00000000"
    vtiger.admin("users", {"name": "tieout", "decimals": 5})
    assert (
        vtiger.create("Products", productname="Bolt", unit_price="12.123456")["unit_price"] == "12.12346000"
    )


def test_a_person_edits_as_the_form_does(vtiger: Any) -> None:
    vtiger.admin("clock", {"freeze": "2026-11-21T10:00:00"})
    made = vtiger.create("Accounts", accountname="Acme")
    vtiger.admin("clock", {"freeze": "2026-11-21T10:00:09"})
    vtiger.admin("records/Accounts", {"id": made["id"], "cf_856": "ACME001"})
    told = vtiger.done(vtiger.get("retrieve", id=made["id"]))
    assert (told["source"], told["modifiedby"], told["modifiedtime"], told["cf_856"]) == (
        "WEBSERVICE",
        "19x1",
        "2026-11-21 10:00:09",
        "ACME001",
    )
    number = vtiger.admin("records/Contacts", {"lastname": "Smith", "account_id": made["id"]})["id"]
    assert vtiger.done(vtiger.get("retrieve", id=number))["source"] == "CRM"
    assert len(vtiger.admin("writes")) == 1
    for body in ({"accountname": "ACME"}, {"accountname": "B", "nosuch": 1}, {"phone": "1"}, [1]):
        answer = vtiger.http.post("/_admin/records/Accounts", json=body)
        assert answer.status_code == 400 and answer.json()["error"]


def test_a_merge_moves_what_points_at_the_loser_and_leaves_its_times_alone(vtiger: Any) -> None:
    vtiger.admin("clock", {"freeze": "2026-11-21T10:00:00"})
    vtiger.login()
    loser, winner = (vtiger.create("Accounts", accountname=name)["id"] for name in ("Acme", "Acme Ltd"))
    contact = vtiger.create("Contacts", lastname="Smith", account_id=loser)["id"]
    vtiger.admin("clock", {"freeze": "2026-11-21T10:20:00"})
    told = vtiger.admin(f"records/Accounts/{loser}/merge", {"into": winner})
    assert told == {"deleted": loser, "kept": winner, "moved": [contact]}
    moved = vtiger.done(vtiger.get("retrieve", id=contact))
    assert (moved["account_id"], moved["modifiedtime"]) == (winner, "2026-11-21 10:00:00")
    assert vtiger.code(vtiger.get("retrieve", id=loser)) == "ACCESS_DENIED"
    assert vtiger.done(vtiger.get("retrieve", id=winner))["modifiedtime"] == "2026-11-21 10:20:00"
    assert [row["deleted"] for row in vtiger.admin("records/Accounts?deleted=1")] == [True, False]


def test_sync_pages_never_split_a_second_and_tell_what_was_deleted(vtiger: Any) -> None:
    assert vtiger.get("sync", modifiedTime="1", elementType="Contacts").status_code == 500
    vtiger.admin("options", {"sync_works": True})
    made: list[str] = []
    for second, count in (("01", 60), ("02", 80), ("03", 3)):
        vtiger.admin("clock", {"freeze": f"2026-11-21T10:00:{second}"})
        made += vtiger.admin(
            "records/Contacts", [{"lastname": f"{second}-{place}"} for place in range(count)]
        )["ids"]
    vtiger.http.delete(f"/_admin/records/Contacts/{made[-1]}")
    since = "1700000000"
    seen: list[str] = []
    gone: list[str] = []
    pages: list[int] = []
    while True:
        told = vtiger.done(
            vtiger.get("sync", modifiedTime=since, elementType="Contacts", syncType="application")
        )
        seen, gone, since = (
            seen + [one["id"] for one in told["updated"]],
            gone + told["deleted"],
            told["lastModifiedTime"],
        )
        pages.append(len(told["updated"]))
        if not told["more"]:
            break
    assert (seen, gone, pages) == (made[:-1], made[-1:], [140, 2])
    assert vtiger.done(vtiger.get("sync", modifiedTime="1", elementType="Contacts"))["updated"] == []
    assert vtiger.get("sync", modifiedTime="2026-11-21", elementType="Contacts").status_code == 500
    vtiger.admin("options", {"sync_works": False})


def test_other_prefixes_and_no_custom_fields(start: Any) -> None:
    cloud = start(prefixes={"Accounts": 3}, custom_fields={}, first_record=40)
    cloud.login()
    made = cloud.create("Accounts", accountname="Acme")
    assert made["id"] == "3x40" and not [name for name in made if name.startswith("cf_")]
    assert cloud.create("Contacts", lastname="Smith", account_id="3x40")["account_id"] == "3x40"
    assert cloud.code(cloud.get("retrieve", id="12x40")) == "INVALID_ID_ATTRIBUTE"


def test_the_page_shows_everything_escaped_and_its_form_changes_only_what_was_changed(vtiger: Any) -> None:
    account = vtiger.admin(
        "records/Accounts", {"accountname": '<i>"A"</i>', "bill_street": "1 High Street\nLeeds"}
    )["id"]
    product = vtiger.admin(
        "records/Products", {"productname": "<script>x", "unit_price": "10", "tax1": "20"}
    )["id"]
    page = vtiger.http.get("/")
    assert page.status_code == 200 and "<i>" not in page.text and "<script" not in page.text
    sent = {
        "id": "",
        "subject": "<u>",
        "account_id": account,
        "bill_street": "a",
        "ship_street": "b",
        "hdnTaxType": "group",
        "line1_productid": product,
        "line1_quantity": "3",
        "line1_tax1": "20",
        "line2_productid": "",
    }
    assert vtiger.http.post("/_admin/edit/Invoice", data=sent).status_code == 303
    invoice = vtiger.admin("records/Invoice")[0]
    assert invoice["hdnGrandTotal"] == "36.00000000"
    form = vtiger.http.get("/_admin", params={"module": "Invoice", "id": invoice["id"]}).text
    assert "<u>" not in form and 'name="line1_quantity" value="3"' in form
    sent = {"id": account, "accountname": '<i>"A"</i>', "bill_street": "1 High Street\r\nLeeds", "phone": "7"}
    assert vtiger.http.post("/_admin/edit/Accounts", data=sent).status_code == 303
    told = vtiger.admin("records/Accounts")[0]
    assert (told["phone"], told["bill_street"]) == ("7", "1 High Street\nLeeds")
    assert vtiger.http.post("/_admin/edit/Accounts", data={"id": "", "phone": "<b>"}).status_code == 400
