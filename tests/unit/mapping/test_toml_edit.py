"""Single keys of a TOML text changed, with everything else left as it is written."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.mapping.toml_edit import REMOVED, changed, parsed
from shared.mapping.toml_text import document, literal, value

TEXT = """\
# Ours, and why.
natural = "ref_c"

[poll]
mode = "worklist"   # as shipped

[fields]
customer_ref = { path = "ref_c", as = "account_ref" }   # since May
name         = "title"

[constants]
origin = "CRM"
"""


@pytest.mark.parametrize(
    ("path", "wanted", "old", "new"),
    [
        (("fields", "name"), "subject", 'name         = "title"', 'name         = "subject"'),
        (("fields", "name"), False, 'name         = "title"', "name         = false"),
        (("fields", "name"), REMOVED, 'name         = "title"\n', ""),
        (("fields", "email"), "mail", 'name         = "title"\n', 'name         = "title"\nemail = "mail"\n'),
        (
            ("fields", "customer_ref", "max"),
            8,
            'customer_ref = { path = "ref_c", as = "account_ref" }   # since May',
            'customer_ref = { path = "ref_c", as = "account_ref", max = 8 }   # since May',
        ),
        (("natural",), "other", 'natural = "ref_c"', 'natural = "other"'),
        (("constants", "origin"), REMOVED, '\n[constants]\norigin = "CRM"\n', ""),
        (
            ("tables", "stage", "Won"),
            "won",
            'origin = "CRM"\n',
            'origin = "CRM"\n\n[tables.stage]\nWon = "won"\n',
        ),
    ],
)
def test_one_line_changes_and_no_other(path: tuple[str, ...], wanted: Any, old: str, new: str) -> None:
    assert changed(TEXT, {path: wanted}) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fields.name = 'x'\n",
        "fields = { name = 'x' }\n",
        "[fields.name]\npath = 'x'\n",
        "[fields]\nname = [\n 'x', # why\n 'y',\n]\nb = 1\n",
        '[fields]\nname = """\n[fields]\nname = 1\n"""\n',
        '["fields"]\n"name" = "x"',
        "[ fields ]\nname='x'",
    ],
)
def test_any_layout_says_what_was_wanted(text: str) -> None:
    for wanted in ("y", {"path": "y", "max": 3}, False, ["a", "b"], Decimal("1.50"), date(2026, 11, 30)):
        assert parsed(changed(text, {("fields", "name"): wanted}))["fields"]["name"] == wanted
    assert "name" not in parsed(changed(text, {("fields", "name"): REMOVED})).get("fields", {})


HELD = """\
# Ours. Owner: Jo.
[account.fields.name]
# since the mix-up of March
conflict = "hold"

[account.fields.phone]
conflict = "hold"   # agreed with sales

# Audit finding 12.
[invoice.fields.due_date]
conflict = "hold"
"""


def test_a_table_with_a_header_of_its_own_goes_alone() -> None:
    gone = '\n[account.fields.phone]\nconflict = "hold"   # agreed with sales\n'
    made = changed(HELD, {("account", "fields", "phone"): REMOVED})
    assert made == HELD.replace(gone, "")


@pytest.mark.parametrize("path", [("account", "fields", "name"), ("account", "fields", "name", "conflict")])
def test_what_was_said_of_a_table_that_goes_stays(path: tuple[str, ...]) -> None:
    made = changed(HELD, {path: REMOVED})
    assert made == HELD.replace("[account.fields.name]\n", "").replace(
        '# since the mix-up of March\nconflict = "hold"\n', "# since the mix-up of March\n"
    )


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ('[fields]\nname = "a#b"  # agreed with Jo\n', {("fields", "name"): "total"}),
        ("[fields]\nname = [\n 'x', # why\n 'y', # and how\n]\nb = 1\n", {("fields", "name"): ["z"]}),
        ("# top\nfields.name = 'x' # keep\nfields.b.c = 'x'\n", {("fields", "name"): {"max": 1}}),
        ("# mine\n[fields]\na = 1\n[[list]]\nb = 'x' # c\n", {("fields", "name"): "x"}),
        ("[poll] # of ours\nmode = { a = '#no', b = 1 } # why\n", {("poll", "mode", "c", "d"): 2}),
    ],
)
def test_no_comment_is_lost_in_any_layout(text: str, edits: dict[tuple[str, ...], Any]) -> None:
    def comments(text: str) -> list[str]:
        return sorted(re.findall(r"# [a-z ]+", text))

    assert comments(changed(text, edits)) == comments(text)


def test_what_is_no_toml_is_not_changed() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        changed("[fields\n", {("fields", "name"): "x"})


def test_what_changes_nothing_changes_no_letter() -> None:
    assert changed(TEXT, {("fields", "name"): "title", ("fields", "none"): REMOVED}) == TEXT


_TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=12)
_SCALARS = _TEXTS | some.booleans() | some.integers(-9, 9) | some.decimals(-9, 9, places=2) | some.dates()
_VALUES = some.recursive(
    _SCALARS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)
_TABLES = some.dictionaries(_TEXTS, _VALUES, max_size=4)


@given(_TABLES, some.lists(_TEXTS, min_size=1, max_size=3), _VALUES)
def test_any_text_can_be_edited(data: dict[str, Any], path: list[str], wanted: Any) -> None:
    text = document(data, flat=("fields",))
    assert parsed(text) == data
    made: Any = parsed(changed(text, {tuple(path): wanted}))
    for part in path:
        made = made[part]
    assert made == wanted
    assert parsed(changed(text, {tuple(path): REMOVED})).keys() <= data.keys()


@given(_TEXTS, _VALUES)
def test_what_is_written_is_read(text: str, one: Any) -> None:
    assert parsed(f"a = {literal(text)}\nb = {value(one)}") == {"a": text, "b": one}
