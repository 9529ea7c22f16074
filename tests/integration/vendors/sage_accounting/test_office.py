"""What a person does: the JSON under /_admin, and the page in a browser."""

from typing import Any

import pytest

FIXED = "c" * 32


def test_records_are_made_under_a_wanted_id_and_changed_in_part(sage: Any) -> None:
    made = sage.admin(
        "contacts",
        [
            {
                "id": FIXED,
                "name": "Acme",
                "contact_type_ids": ["CUSTOMER"],
                "reference": "A1",
                "main_address": {"city": "Leeds"},
                "main_contact_person": {"name": "Jo"},
            },
            {"name": "Bolt", "contact_type_ids": ["CUSTOMER"]},
        ],
    )
    assert made[0] == FIXED and len(made) == 2
    sage.admin(
        "contacts",
        {
            "id": FIXED,
            "name": "Acme Two",
            "main_address": {"postal_code": "LS1"},
            "main_contact_person": {"email": "jo@acme.test"},
        },
    )
    shown = next(one for one in sage.admin("contacts", method="GET") if one["id"] == FIXED)
    assert (shown["name"], shown["reference"], shown["email"]) == ("Acme Two", "A1", "jo@acme.test")
    assert (shown["main_address"]["city"], shown["main_address"]["postal_code"]) == ("Leeds", "LS1")
    assert sage.get(f"contacts/{FIXED}")["displayed_as"] == "Acme Two (A1)"


def test_the_whole_life_of_an_invoice(sage: Any) -> None:
    [contact] = sage.admin("contacts", {"name": "Acme", "contact_type_ids": ["CUSTOMER"]})
    body = {"contact_id": contact, "date": "2025-06-01", "status_id": "DRAFT", "invoice_lines": [sage.line()]}
    first, second = sage.admin("sales_invoices", [body, body])
    assert sage.admin(f"sales_invoices/{first}/release")["displayed_as"] == "SI-1"
    assert sage.admin(f"sales_invoices/{first}/pay", {"amount": "1.5"})["status"]["id"] == "PART_PAID"
    sage.admin(f"sales_invoices/{second}/release")
    assert sage.admin(f"sales_invoices/{second}/void")["status"]["id"] == "VOID"
    assert {one["displayed_as"]: one["total_paid"] for one in sage.admin("sales_invoices", method="GET")} == {
        "SI-1": "1.5",
        "SI-2": "0.0",
    }


def test_deletion_and_other_businesses(sage: Any) -> None:
    second = sage.get("businesses")["$items"][1]["id"]
    [key] = sage.admin(f"contacts?business={second}", {"name": "There", "contact_type_ids": ["CUSTOMER"]})
    assert sage.http.get(f"/v3.1/contacts/{key}", headers={"X-Business": second}).status_code == 200
    sage.call("GET", f"contacts/{key}", status=404)
    assert sage.admin(f"contacts/{key}?business={second}", method="DELETE") == key
    assert key not in [one["id"] for one in sage.admin(f"contacts?business={second}", method="GET")]
    assert key in [one["id"] for one in sage.admin(f"contacts?business={second}&deleted=true", method="GET")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("contacts", {"contact_type_ids": ["CUSTOMER"]}),
        ("nothing", {}),
        ("options", {"no_such": 1}),
        ("options", {"delay_seconds": "long"}),
        ("tokens", {"expire": "some"}),
        ("clock", {"freeze": "noon"}),
        ("sales_invoices/none/pay", {}),
        ("contacts?business=none", {}),
    ],
)
def test_mistakes_are_sentences(sage: Any, path: str, body: dict[str, Any]) -> None:
    answer = sage.http.post(f"/_admin/{path}", json=body)
    assert answer.status_code == 400 and len(answer.json()["error"]) > 5


def test_secrets_are_not_shown(sage: Any) -> None:
    assert "demo-secret" not in sage.http.get("/_admin/options").text


def test_the_page_shows_and_edits_with_every_value_escaped(sage: Any) -> None:
    key = sage.contact("<b>Acme</b>", main_contact_person={"name": 'Jo "JJ"', "email": "jo@acme.test"})["id"]
    sage.invoice(key, sage.line(description="<i>Widget</i>"))
    sage.product()
    page = sage.http.get("/").text
    assert (
        "&lt;b&gt;Acme" in page
        and "<b>Acme" not in page
        and "&lt;i&gt;Widget" in page
        and "<i>Widget" not in page
    )
    assert "SI-1" in page and "23.98" in page and "Widget blue" in page and "jo@acme.test" in page
    form = sage.http.get("/_admin/edit", params={"resource": "contacts", "id": key}).text
    assert 'value="&lt;b&gt;Acme&lt;/b&gt;"' in form and "Jo &quot;JJ&quot;" in form
    saved = sage.http.post(
        "/_admin/edit", data={"resource": "contacts", "id": key, "name": "Acme & Co", "reference": "A1"}
    )
    assert saved.status_code == 303 and sage.get(f"contacts/{key}")["displayed_as"] == "Acme & Co (A1)"
    invoice = sage.get("sales_invoices")["$items"][0]["id"]
    sage.http.post("/_admin/edit", data={"resource": "sales_invoices", "id": invoice, "action": "pay"})
    assert "Paid" in sage.http.get("/_admin").text
    refused = sage.http.post("/_admin/edit", data={"resource": "contacts", "id": key, "action": "delete"})
    assert refused.status_code == 400 and "in use" in refused.text


def test_reset_keeps_sign_ins_and_empties_the_rest(sage: Any) -> None:
    sage.contact()
    sage.admin("reset")
    assert (
        sage.get("contacts")["$total"] == 1
        and sage.get("contacts")["$items"][0]["displayed_as"] == "HMRC Payments"
    )
