"""v4_1's values: decoded once, missing told from blank, related records in both nestings, written values
compared."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Unavailable
from shared.ports import Gone, Patch, Snapshot
from shared.systems.sugarcrm.legacy_compare import differences, name_values
from shared.systems.sugarcrm.legacy_values import decode, readings
from tests.unit.systems.sugarcrm.fakes import ORDERS, recorded

AT = datetime(2026, 1, 1, tzinfo=UTC)
_ENCODED = {"'": "&#039;", '"': "&quot;", "<": "&lt;", ">": "&gt;"}


def encode(text: str) -> str:
    """As the server does: four characters, `&` left alone."""
    return "".join(_ENCODED.get(character, character) for character in text)


@given(st.text(alphabet="'\"<>&ab;#039quotlg"))
def test_decoding_undoes_the_encoding_once(text: str) -> None:
    plain = any(entity in text for entity in (*_ENCODED.values(), "&#39;"))
    assert decode(encode(text)) == text or plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Smith &amp; Sons", "Smith &amp; Sons"),
        ("&amp;lt;", "&amp;lt;"),
        ("O&#039;Hara &lt;x&gt; &quot;y&quot;", 'O\'Hara <x> "y"'),
        ("&quot", "&quot"),
        (1, 1),
        (None, None),
    ],
)
def test_only_four_characters_are_decoded(value: Any, expected: Any) -> None:
    assert decode(value) == expected


def test_a_recorded_list_with_its_accounts() -> None:
    found = readings(ORDERS, recorded("get_entry_list_unsynced")["response"]["body"], AT)
    by_id = {item.id: item for item in found if isinstance(item, Snapshot)}
    assert len(by_id) == 4
    deal = by_id["79024846-457d-794e-099a-6b022349d3c0"].values
    assert (deal["amount"], deal["account.sales_account_ref_c"], deal["account.name"]) == (
        "1234.56",
        "SMITH001",
        "Smith & Sons'  Ltd",
    )
    assert [item.values["account.name"] for item in by_id.values()].count(None) == 1
    assert by_id["33cd26b7-0fd0-a5e7-d068-6b0223bb5090"].values["name"] == 'Euro deal "quoted" '


def test_a_recorded_warning_is_gone() -> None:
    assert [
        type(item) for item in readings(ORDERS, recorded("get_entry_deleted")["response"]["body"], AT)
    ] == [Gone]


def _entry(record_id: str, there: bool = True) -> dict[str, Any]:
    pairs: Any = (
        {"name": {"name": "name", "value": record_id}}
        if there
        else [{"name": "warning", "value": "Access denied"}]
    )
    return {"id": record_id, "module_name": "Opportunities", "name_value_list": pairs}


def _links(name: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "accounts",
            "records": [{"id": {"name": "id", "value": name}, "name": {"name": "name", "value": name}}],
        }
    ]


def test_get_entries_leaves_out_the_links_of_missing_records() -> None:
    answer = {
        "entry_list": [_entry("a"), _entry("b", False), _entry("c")],
        "relationship_list": [_links("A"), _links("C")],
    }
    a, b, c = readings(ORDERS, answer, AT)
    assert isinstance(a, Snapshot)
    assert isinstance(b, Gone)
    assert isinstance(c, Snapshot)
    assert (a.values["account.name"], c.values["account.name"]) == ("A", "C")


def test_links_that_belong_to_nobody_known_are_refused() -> None:
    with pytest.raises(Unavailable):
        readings(ORDERS, {"entry_list": [_entry("a"), _entry("b")], "relationship_list": [_links("A")]}, AT)


@pytest.mark.parametrize(
    ("wanted", "found", "kept"),
    [
        ("503", "503", True),
        ("503", "50", False),
        ("", "", True),
        (None, "", True),
        ("a\nb", "a\r\nb", True),
        (True, "1", True),
        (True, "0", False),
        (False, "", True),
        (Decimal("1234.56"), "1234.56", True),
        (Decimal("100.00"), "100", True),
        (Decimal("1234.56"), "123456", False),
        ("100.00", "100", True),
        ("0502", "502", True),
        ("<b>x</b>", "x", False),
        (Decimal("123456789012.345"), "123456789012.3451", True),
    ],
)
def test_a_value_kept_or_not(wanted: Any, found: Any, kept: bool) -> None:
    assert (differences(Patch("1", {"f": wanted}), {"f": found}, lambda name: True) == []) is kept


def test_texts_that_are_numbers_stay_texts() -> None:
    (sentence,) = differences(Patch("1", {"order_c": "0502"}), {"order_c": "502"}, lambda name: False)
    assert "order_c" in sentence
    assert "'0502'" in sentence
    assert "'502'" in sentence


def test_what_is_written() -> None:
    assert name_values("1", {"a": None, "b": True, "c": Decimal("1.50"), "d": "<x> & 'y'"}) == [
        {"name": "id", "value": "1"},
        {"name": "a", "value": ""},
        {"name": "b", "value": 1},
        {"name": "c", "value": Decimal("1.50")},
        {"name": "d", "value": "<x> & 'y'"},
    ]
