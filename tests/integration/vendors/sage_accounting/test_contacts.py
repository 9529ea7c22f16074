"""Contacts, their addresses, and the persons who hang off those."""

from typing import Any

import pytest


def test_a_contact_comes_with_a_main_address_and_a_main_person(sage: Any) -> None:
    made = sage.contact(
        reference="ACME01",
        main_address={"address_type_id": "ACCOUNTS", "name": "Office", "city": "Leeds"},
        main_contact_person={"contact_person_type_ids": ["SALES"], "name": "Jo", "email": "jo@acme.test"},
    )
    assert made["displayed_as"] == "Acme Ltd (ACME01)" and made["email"] == "jo@acme.test"
    assert [one["id"] for one in made["contact_types"]] == ["CUSTOMER"]
    address = sage.get(f"addresses/{made['main_address']['id']}")
    assert (address["name"], address["city"], address["is_main_address"], address["contact"]["id"]) == (
        "Office",
        "Leeds",
        True,
        made["id"],
    )
    person = sage.get(f"contact_persons/{made['main_contact_person']['id']}")
    assert person["address"]["id"] == address["id"] and person["is_main_contact"] is True
    bare = sage.contact("Bare")
    assert (
        sage.get("addresses", contact_id=bare["id"])["$total"]
        == 1
        == sage.get("contact_persons", contact_id=bare["id"])["$total"]
    )
    assert bare["displayed_as"] == "Bare" and bare["delivery_address"] is None


def test_a_reference_is_taken_for_ever(sage: Any) -> None:
    key = sage.contact(reference="ACME01")["id"]
    again = {"contact": {"name": "Other", "contact_type_ids": ["CUSTOMER"], "reference": "acme01"}}
    assert sage.refused("POST", "contacts", again)[0][1] == "reference"
    sage.call("DELETE", f"contacts/{key}", status=204)
    assert sage.refused("POST", "contacts", again)[0][1] == "reference"
    sage.contact("No reference")
    sage.contact("Nor this one")


@pytest.mark.parametrize("kinds", [["CUSTOMER", "VENDOR"], ["PARTNER"], "CUSTOMER"])
def test_a_contact_is_of_one_type(sage: Any, kinds: Any) -> None:
    body = {"contact": {"name": "Acme", "contact_type_ids": kinds}}
    assert sage.refused("POST", "contacts", body) == [("contact[contact_type_ids] is invalid", "")]
    missing = {"contact": {"name": "Acme", "contact_type_ids": []}}
    assert sage.refused("POST", "contacts", missing) == [("This field is required.", "contact_type_ids")]


def test_a_put_is_partial_and_null_clears(sage: Any) -> None:
    key = sage.contact(notes="Old", reference="A1", tax_number="GB123456789")["id"]
    changed = sage.change(f"contacts/{key}", "contact", notes=None, credit_limit="250.5")
    assert (changed["notes"], changed["reference"], changed["credit_limit"]) == ("", "A1", "250.5")
    assert sage.refused("PUT", f"contacts/{key}", {"contact": {"name": ""}}) == [
        ("This field is required.", "name")
    ]


def test_nested_parts_of_a_put_need_their_names(sage: Any) -> None:
    made = sage.contact()
    path = f"contacts/{made['id']}"
    assert (
        sage.refused("PUT", path, {"contact": {"main_address": {"city": "York"}}})[0][1]
        == "main_address.name"
    )
    sources = [
        one[1]
        for one in sage.refused("PUT", path, {"contact": {"main_contact_person": {"email": "a@b.test"}}})
    ]
    assert sources == ["main_contact_person.name", "main_contact_person.is_main_contact"]
    sage.change(
        path,
        "contact",
        main_address={"name": "Main Address", "city": "York"},
        main_contact_person={"name": "Jo", "is_main_contact": True, "email": "a@b.test"},
        delivery_address={"name": "Depot", "address_type_id": "DELIVERY", "city": "Hull"},
    )
    after = sage.get(path, nested_attributes="all")
    assert (after["main_address"]["city"], after["delivery_address"]["city"], after["email"]) == (
        "York",
        "Hull",
        "a@b.test",
    )
    assert after["main_address"]["id"] == made["main_address"]["id"]
    sage.options.change({"nested_put_needs_name": False})
    sage.change(path, "contact", main_address={"city": "Leeds"})


def test_whether_a_contact_moves_with_its_address(sage: Any) -> None:
    sage.admin("clock", {"freeze": "2026-05-01T10:00:00Z"})
    made = sage.contact()
    sage.admin("clock", {"freeze": "2026-05-01T11:00:00Z"})
    sage.change(f"addresses/{made['main_address']['id']}", "address", city="Leeds")
    sage.change(
        f"contact_persons/{made['main_contact_person']['id']}", "contact_person", email="new@acme.test"
    )
    assert sage.get(f"contacts/{made['id']}")["updated_at"] == "2026-05-01T10:00:00Z"
    assert sage.get("addresses", updated_or_created_since="2026-05-01T11:00:00Z")["$total"] == 1
    assert sage.get("contact_persons", updated_or_created_since="2026-05-01T11:00:00Z")["$total"] == 1
    sage.options.change({"contact_touch": True})
    sage.change(f"addresses/{made['main_address']['id']}", "address", city="York")
    assert sage.get(f"contacts/{made['id']}")["updated_at"] == "2026-05-01T11:00:00Z"


def test_whether_a_put_of_equal_values_moves_the_stamp(sage: Any) -> None:
    sage.admin("clock", {"freeze": "2026-05-01T10:00:00Z"})
    key = sage.contact()["id"]
    sage.admin("clock", {"freeze": "2026-05-01T11:00:00Z"})
    sage.options.change({"unchanged_put_touches": False})
    assert sage.change(f"contacts/{key}", "contact", name="Acme Ltd")["updated_at"] == "2026-05-01T10:00:00Z"
    sage.options.change({"unchanged_put_touches": True})
    assert sage.change(f"contacts/{key}", "contact", name="Acme Ltd")["updated_at"] == "2026-05-01T11:00:00Z"


def test_filters_and_search(sage: Any) -> None:
    sage.contact("Acme Ltd", reference="A1", main_contact_person={"name": "Jo", "email": "jo@acme.test"})
    sage.contact("Bolt plc", contact_type_ids=["VENDOR"])

    def named(**query: Any) -> list[str]:
        return [one["displayed_as"] for one in sage.get("contacts", **query)["$items"]]

    assert named(exclude_system="true") == ["Acme Ltd (A1)", "Bolt plc"]
    assert "HMRC Payments" in named()
    assert named(contact_type_id="CUSTOMER") == ["Acme Ltd (A1)"] == named(search="cme") == named(search="a1")
    assert named(email="jo@acme.test") == ["Acme Ltd (A1)"]


def test_the_system_contact_stays_as_it_is(sage: Any) -> None:
    system = sage.get("contacts", search="HMRC", attributes="all")["$items"][0]
    assert system["system"] is True and system["deletable"] is False
    sage.refused("PUT", f"contacts/{system['id']}", {"contact": {"name": "Mine"}})
    sage.refused("DELETE", f"contacts/{system['id']}")


def test_a_used_contact_is_not_deleted(sage: Any) -> None:
    key = sage.contact()["id"]
    assert sage.get(f"contacts/{key}")["deletable"] is True
    sage.invoice(key)
    assert sage.get(f"contacts/{key}", show_balance="true")["balance"] == "23.98"
    assert sage.get(f"contacts/{key}")["deletable"] is False
    sage.refused("DELETE", f"contacts/{key}")


def test_deleting_a_contact_takes_its_rows_along(sage: Any) -> None:
    made = sage.contact()
    sage.call("DELETE", f"contacts/{made['id']}", status=204)
    sage.call("GET", f"contacts/{made['id']}", status=404)
    sage.call("GET", f"addresses/{made['main_address']['id']}", status=404)
    assert (
        sage.get("contact_persons", deleted_since="2020-01-01")["$items"][0]["id"]
        == made["main_contact_person"]["id"]
    )


def test_one_address_and_one_person_are_the_main_ones(sage: Any) -> None:
    made = sage.contact()
    fresh = sage.make(
        "addresses",
        "address",
        contact_id=made["id"],
        address_type_id="SALES",
        name="New office",
        is_main_address=True,
        city="York",
    )
    assert sage.get(f"contacts/{made['id']}")["main_address"]["id"] == fresh["id"]
    assert sage.get(f"addresses/{made['main_address']['id']}")["is_main_address"] is False
    sage.refused("DELETE", f"addresses/{fresh['id']}")
    sage.refused("PUT", f"addresses/{fresh['id']}", {"address": {"is_main_address": False}})
    person = sage.make(
        "contact_persons",
        "contact_person",
        address_id=fresh["id"],
        name="Al",
        is_main_contact=True,
        contact_person_type_ids=["ACCOUNTS"],
    )
    assert sage.get(f"contacts/{made['id']}")["main_contact_person"]["id"] == person["id"]
    sage.refused("DELETE", f"contact_persons/{person['id']}")
    sage.call("DELETE", f"contact_persons/{made['main_contact_person']['id']}", status=204)
    sage.call("DELETE", f"addresses/{made['main_address']['id']}", status=204)


def test_a_person_needs_an_address(sage: Any) -> None:
    body = {"contact_person": {"name": "Jo", "contact_person_type_ids": ["SALES"]}}
    assert sage.refused("POST", "contact_persons", body) == [("This field is required.", "address_id")]
    body["contact_person"]["address_id"] = "f" * 32
    sage.refused("POST", "contact_persons", body, 404)
    assert [one[1] for one in sage.refused("POST", "addresses", {"address": {"city": "x" * 51}})] == [
        "address_type_id",
        "name",
        "is_main_address",
        "city",
    ]


def test_tax_numbers_are_checked_by_country(sage: Any) -> None:
    wrong = {"contact": {"name": "A", "contact_type_ids": ["CUSTOMER"], "tax_number": "12"}}
    assert sage.refused("POST", "contacts", wrong)[0][1] == "tax_number"
    assert sage.get("contacts", exclude_system="true")["$total"] == 0, "a refused contact leaves no rows"
    assert sage.get("addresses")["$total"] == 1
    sage.contact(tax_number="DE123456789", main_address={"name": "Büro", "country_id": "DE"})


def test_currencies_need_plus_and_stay_once_used(sage: Any) -> None:
    key = sage.contact(currency_id="EUR")["id"]
    assert sage.change(f"contacts/{key}", "contact", currency_id="USD")["currency"]["id"] == "USD"
    sage.invoice(key)
    assert sage.refused("PUT", f"contacts/{key}", {"contact": {"currency_id": "GBP"}})[0][1] == "currency_id"
    sage.options.change({"plan": "Standard"})
    body = {"contact": {"name": "A", "contact_type_ids": ["CUSTOMER"], "currency_id": "EUR"}}
    assert sage.refused("POST", "contacts", body)[0][1] == "currency_id"


def test_start_has_one_address_for_each_contact(sage: Any) -> None:
    made = sage.contact()
    sage.options.change({"plan": "Start"})
    sage.refused(
        "POST",
        "addresses",
        {
            "address": {
                "contact_id": made["id"],
                "address_type_id": "SALES",
                "name": "Two",
                "is_main_address": False,
            }
        },
    )
