"""What a proposal would change, key by key, in words, without a secret."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from shared.operations.settings_changes import settings_changes
from shared.settings import Connection, Integration

ORDER = "systems/sugarcrm/sales_order.toml"
BEFORE = Integration(
    "acme",
    "sugarcrm--sage_50",
    {"sugarcrm": Connection("sugarcrm", {"url": "https://crm.example", "api": "v11"})},
    directions={"invoice": "off"},
)


def told(after: Integration, before: Integration | None = BEFORE) -> list[str]:
    return [str(one) for one in settings_changes(before, after)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"flow": "sugarcrm--sage_accounting"}, ["flow: sugarcrm--sage_50 → sugarcrm--sage_accounting"]),
        ({"directions": {}}, ["direction of invoice: “off” → nothing"]),
        ({"directions": {"invoice": "both"}}, ["direction of invoice: “off” → “both”"]),
        ({"brake": {"records": 5}}, ["brake, records: nothing → 5"]),
        ({"intervals": {"product": 60}}, ["interval of product: nothing → 60"]),
        (
            {"connections": {"sugarcrm": Connection("sugarcrm", {"url": "https://b.example"})}},
            ["SugarCRM, api: “v11” → nothing", "SugarCRM, url: “https://crm.example” → “https://b.example”"],
        ),
        (
            {
                "connections": {
                    **BEFORE.connections,
                    "sage_50": Connection("sage_50", {"url": "https://s.example"}),
                }
            },
            ["Sage 50, url: nothing → “https://s.example”"],
        ),
        ({"hook_objects": {"sugarcrm": {"Opportunities": "sales_order"}}}, []),
        ({}, []),
    ],
)
def test_each_key_is_told_by_itself(changed: Mapping[str, object], said: list[str]) -> None:
    assert told(replace(BEFORE, **changed)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            None,
            '[line]\nunit_price = "amount_c"\n',
            [f"rules, {ORDER}, line.unit_price: “amount” (as shipped) → “amount_c”"],
        ),
        (
            '[line]\nunit_price = "amount_c"\n',
            None,
            [f"rules, {ORDER}, line.unit_price: “amount_c” → “amount” (as shipped)"],
        ),
        (
            "[line]\nsku = false\n",
            "[line]\n",
            [f"rules, {ORDER}, line.sku: false → constant = “S1” (as shipped)"],
        ),
        ("", '[fields]\nnotes = "next_step"\n', [f"rules, {ORDER}, fields.notes: nothing → “next_step”"]),
        (
            "[fields]\n",
            '[fields]\nphone = { path = "account.phone_c", access = "read" }\n',
            [
                f"rules, {ORDER}, fields.phone.path: “account.phone_office” (as shipped) → “account.phone_c”",
                f"rules, {ORDER}, fields.phone.access: nothing → “read”",
            ],
        ),
        (
            "# one\n",
            "# two\n",
            [f"rules, {ORDER}: the same rules → other comments or layout, so a new version"],
        ),
    ],
)
def test_rules_are_told_against_what_they_were_or_what_is_shipped(
    old: str | None, new: str | None, said: list[str]
) -> None:
    before, after = ({ORDER: text} if text is not None else {} for text in (old, new))
    assert told(replace(BEFORE, rules=after), replace(BEFORE, rules=before)) == said


def test_what_is_new_is_one_change_and_a_long_value_is_cut() -> None:
    assert told(BEFORE, None) == ["the integration acme: nothing → all that the file says of it"]
    long = {"sugarcrm": Connection("sugarcrm", {"url": "https://crm.example", "api": "v11" * 200})}
    (said,) = told(replace(BEFORE, connections=long))
    assert said.endswith("…") and len(said) < 200
