"""Sage's JSON to native values and back, and what its refusals say in words."""

import json
import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import shared.systems.sage_accounting as package
from shared.errors import RecordRejected
from shared.ports import Patch
from shared.systems.sage_accounting import faults, keys, lines, values
from shared.systems.sage_accounting.contact_fields import CONTACT, PERSON
from shared.systems.sage_accounting.document_fields import INVOICE, LINE_NAMES, QUOTATION
from shared.systems.sage_accounting.item_fields import STOCK_ITEM
from shared.systems.sage_accounting.kinds import KINDS

_REPOSITORY = Path(__file__).resolve().parents[4]
SPECS = Path(os.environ.get("TIEOUT_SHARED") or _REPOSITORY.parent / "shared") / "reference" / "specs"


def test_a_record_is_flat_and_whole() -> None:
    body = {
        "id": "c1",
        "name": "Acme",
        "reference": None,
        "credit_limit": Decimal("0.0"),
        "credit_days": 30,
        "system": False,
        "currency": {"id": "GBP", "displayed_as": "Pound"},
        "contact_types": [{"id": "CUSTOMER"}],
        "unknown": "x",
        "main_address": {"id": "a1", "city": "Leeds", "region": None, "country": {"id": "GB"}},
        "delivery_address": None,
    }
    found = values.flat(CONTACT, body)
    assert found.keys() == CONTACT.names
    assert (found["reference"], found["credit_limit"], found["credit_days"], found["system"]) == (
        "",
        "0.0",
        "30",
        False,
    )
    assert (found["currency_id"], found["main_address/city"], found["main_address/country_id"]) == (
        "GBP",
        "Leeds",
        "GB",
    )
    assert (
        found["main_address/region"]
        == found["delivery_address/city"]
        == found["main_contact_person/email"]
        == ""
    )


def test_what_is_sent_is_text_and_blanks_clear() -> None:
    given = {
        "cost_price": Decimal("1E+2"),
        "sales_tax_rate_id": "",
        "notes": None,
        "active": False,
        "credit_days": 14,
    }
    assert values.top(CONTACT, given) == {
        "cost_price": "100",
        "sales_tax_rate_id": None,
        "notes": "",
        "active": False,
        "credit_days": 14,
    }
    assert values.under(
        "main_address", {"main_address/city": "", "main_address/country_id": "", "name": "x"}
    ) == {"city": "", "country_id": None}


def test_what_sage_would_refuse_or_cut_is_not_sent() -> None:
    with pytest.raises(RecordRejected) as refused:
        values.writable(
            CONTACT, {"reference": "X" * 11, "is_active": False, "contact_type_id": "CUSTOMER", "name": "Ok"}
        )
    assert (
        len(refused.value.reasons) == 2
        and "10 characters" in str(refused.value)
        and "is_active" in str(refused.value)
    )


def test_a_line_has_eight_names_its_id_its_coding_and_its_discount_as_an_amount() -> None:
    line = {
        "id": "l1",
        "description": "Widget",
        "product": {"id": "p1"},
        "service": None,
        "quantity": "3.0",
        "unit_price": "9.99",
        "discount_amount": "0.0",
        "discount_percentage": "12.5",
        "tax_rate": {"id": "GB_STANDARD"},
        "tax_amount": "5.24",
        "net_amount": "26.22",
    }
    found = lines.shown(line)
    assert tuple(found) == (*LINE_NAMES, "id", "coding")
    assert (found["id"], found["coding"]) == ("l1", "GB_STANDARD")
    assert found["discount_amount"] == "3.75" and found["product_id"] == "p1"
    assert lines.shown({**line, "discount_amount": "1.0"})["discount_amount"] == "1.0"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"$message": "This field is required.", "$source": "line_items.tax_rate_id"},
            "line, tax rate: This field is required.",
        ),
        ({"$message": "Couldn't find record.", "$source": ""}, "Couldn't find record."),
        ({"$message": "Too long.", "$source": "base"}, "Too long."),
        (
            {"$message": "Too long.", "$source": "main_address.postal_code"},
            "main address, postcode: Too long.",
        ),
        (
            {"$message": "Couldn't find Customer.", "$source": "contact_id"},
            "customer: Couldn't find Customer.",
        ),
        ({"$dataCode": "Validation", "$message": ""}, "Validation"),
    ],
)
def test_a_refusal_is_readable(row: dict[str, Any], reason: str) -> None:
    assert faults.reasons([row]) == faults.reasons(row) == [reason]


def test_ids_of_writes_repeat_only_for_the_same_write() -> None:
    assert len(keys.of_key("k")) == 32 and keys.of_key("k") == keys.of_key("k") != keys.of_key("K")
    patch = Patch("1", {"a": "x", "b": [{"c": "1", "d": "2"}]}, "v1")
    assert keys.of_patch(patch) == keys.of_patch(Patch("1", {"b": [{"d": "2", "c": "1"}], "a": "x"}, "v1"))
    others = [Patch("2", patch.values, "v1"), Patch("1", patch.values, "v2"), Patch("1", {"a": "y"}, "v1")]
    assert len({keys.of_patch(one) for one in (patch, *others)}) == 4
    assert keys.of_patch(Patch("1", {"a": "x"})) != keys.of_patch(Patch("1", {"a": "x"}))
    assert keys.of_patch(Patch("1", {"a": "x"}, key="k")) == keys.of_patch(
        Patch("1", {"a": "y"}, "v", key="k")
    )


def test_every_name_of_ours_is_sages() -> None:
    path = SPECS / "sage-accounting-v3.1.json"
    if not path.is_file():
        pytest.skip(
            f"Sage's published contract is not beside this repository ({SPECS}): set TIEOUT_SHARED to its "
            "folder"
        )
    known = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    answers = {
        "contacts": "Contact",
        "contact_persons": "ContactPerson",
        "products": "Product",
        "stock_items": "StockItem",
        "services": "Service",
        "sales_invoices": "SalesInvoice",
        "sales_quotes": "SalesQuote",
    }
    posts = {
        "contacts": "postContacts",
        "contact_persons": "postContactPersons",
        "products": "postProducts",
        "stock_items": "postStockItems",
        "services": "postServices",
        "sales_invoices": "postSalesInvoices",
        "sales_quotes": "postSalesQuotes",
    }
    ours = {"sales_price", "sales_rate", "price_includes_tax", "contact_id", "contact_type_id", "number"}
    ours |= {"price_type", "invoice_number", "state"}
    ours |= {"received", "credited", "discounted", "settled_otherwise", "settled_by"}
    ours |= {"base_currency_total_paid"}
    for kind in (*KINDS.values(), STOCK_ITEM):
        sent = known[posts[kind.object]]["properties"][kind.wrapper]["properties"]
        for name in kind.writable:
            outer, _, inner = name.partition("/")
            assert outer in sent or (kind is PERSON and name == "contact_id") or outer in ours, (
                kind.object,
                name,
            )
            assert not inner or inner in sent[outer]["properties"], (kind.object, name)
        shown = known[answers[kind.object]]["properties"]
        stock = known["StockItem"]["properties"]
        for name in kind.names - ours:
            outer = name.partition("/")[0]
            found = {outer, outer.removesuffix("_id"), f"{outer}s"} & {
                *shown,
                *(stock if kind.object == "products" else ()),
                "catalog_item_type",
            }
            assert found, (kind.object, name)


def test_every_path_of_the_rule_files_is_a_name_of_the_connector() -> None:
    for file in Path(package.__file__).parent.glob("*.toml"):
        rules = tomllib.loads(file.read_text(encoding="utf-8"))
        kind = KINDS[rules["object"]]
        named = [
            one
            for field in rules["fields"].values()
            for one in ([field] if isinstance(field, str) else field.get("paths") or [field["path"]])
        ]
        assert set(named) <= kind.names, file.name
        assert set(rules.get("archive", {})) <= set(kind.writable), file.name
        for field in rules.get("lines", {}).get("fields", {}).values():
            assert (
                kind in (INVOICE, QUOTATION)
                and (field if isinstance(field, str) else field["path"]) in LINE_NAMES
            )
