"""References between records: another record's id natively, a link canonically, and who has to come first."""

from typing import Any

import pytest

from shared.mapping.compile import compile_flow
from shared.mapping.faults import LinkMissing
from shared.mapping.links import LinkField, canonical_links, native_links
from shared.mapping.numbers import Spot
from shared.mapping.transforms import TRANSFORMS

SPOT = Spot("account", "account_id", entity="account")
FIELDS = (
    LinkField("account", "account", "account_id"),
    LinkField("product", "product", "product", "LineItems"),
    LinkField("service", "service", "service", "LineItems"),
)


def test_an_id_is_its_link_and_back() -> None:
    read, write = TRANSFORMS["link"].reader(SPOT), TRANSFORMS["link"].writer
    assert write is not None
    assert read(" 11x2 ", {"11x2": "LINK2"}) == "LINK2" and write(SPOT)("LINK2", {"LINK2": "11x2"}) == "11x2"
    assert read(None, {}) is read("", {}) is None and write(SPOT)(None, {}) == ""


def test_one_that_is_not_linked_says_which() -> None:
    with pytest.raises(
        LinkMissing, match=r"^account_id refers to the account 11x9, which is not linked yet$"
    ) as missing:
        TRANSFORMS["link"].reader(SPOT)("11x9", {})
    told = missing.value
    assert (told.entity, told.field, told.native, told.link) == ("account", "account", "11x9", "")
    writer = TRANSFORMS["link"].writer
    assert writer is not None
    with pytest.raises(LinkMissing) as missing:
        writer(SPOT)("LINK9", {})
    assert (missing.value.path, missing.value.native, missing.value.link) == ("account_id", "", "LINK9")


def test_all_references_of_a_document_are_found_those_of_its_lines_too() -> None:
    lines = [{"product": "14x4", "service": ""}, {"product": None, "service": "26x5"}, {}]
    native = {"account_id": " 11x2", "LineItems": lines}
    assert list(native_links(FIELDS, native)) == [
        ("account", "11x2"),
        ("product", "14x4"),
        ("service", "26x5"),
    ]
    view = {"account": "A", "lines": [{"product": "P", "service": None}, {"service": "S"}]}
    assert list(canonical_links(FIELDS, view)) == [("account", "A"), ("product", "P"), ("service", "S")]
    nothing: dict[str, Any]
    for nothing in ({}, {"account_id": None, "LineItems": None}, {"LineItems": []}):
        assert list(native_links(FIELDS, nothing)) == [] == list(canonical_links(FIELDS, {"lines": None}))


def test_a_link_is_the_same_on_both_sides_of_the_shipped_flow() -> None:
    maps = compile_flow("vtiger--sage_accounting").entities["contact"].maps
    crm = {"link.account": {"11x2": "L"}, "native.account": {"L": "11x2"}}
    sage = {"link.account": {"ab12": "L"}, "native.account": {"L": "ab12"}}
    view = maps["vtiger"].read({"account_id": "11x2", "lastname": "Bell", "firstname": "Ann"}, crm)
    assert view == {"account": "L", "full_name": "Ann Bell"}
    assert maps["sage_accounting"].write(view, sage, [], True) == {"contact_id": "ab12", "name": "Ann Bell"}
    with pytest.raises(LinkMissing, match="contact_id refers to the account L"):
        maps["sage_accounting"].write(view, {"native.account": {}}, [])
