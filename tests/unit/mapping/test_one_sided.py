"""A field that somebody's own rules leave on one side is known; what the shipped flows leave there is not
told."""

from pathlib import Path

import pytest

from shared.mapping.compile import compile_flow, shipped_flows
from shared.mapping.one_sided import one_sided
from tests.unit.mapping.test_rule_files import flow_of

EXAMPLES = Path(__file__).parents[3] / "examples" / "rules"


def found(flow: str, /, **rules: str) -> list[tuple[str, str, str, str]]:
    """`rules`: SYSTEM__ENTITY or "flow" -> text."""
    texts = {
        f"flows/{flow}.toml" if name == "flow" else f"systems/{name.replace('__', '/')}.toml": text
        for name, text in rules.items()
    }
    return [
        (one.entity, one.field, one.system, one.native) for one in one_sided(compile_flow(flow, texts), texts)
    ]


def test_m7_a_custom_field_on_one_side_only() -> None:
    told = found("vtiger--sage_accounting", vtiger__account='[fields]\nnotes = "otherphone"\n')
    assert told == [("account", "notes", "vtiger", "otherphone")]


@pytest.mark.parametrize(
    ("flow", "rules", "told"),
    [
        (
            "vtiger--sage_50",
            {"sage_50__account": '[fields]\nfax = "fax"\n'},
            ("account", "fax", "sage_50", "fax"),
        ),
        (
            "vtiger--sage_accounting",
            {"sage_accounting__account": "[fields]\nphone = false\n"},
            ("account", "phone", "vtiger", "phone"),
        ),
        (
            "sugarcrm--sage_accounting",
            {"sugarcrm__quotation": '[fields]\nphone = { path = "phone_c", access = "read" }\n'},
            ("quotation", "phone", "sugarcrm", "phone_c"),
        ),
        (
            "sage_sales_management--sage_50",
            {"flow": '[contact.on.sage_sales_management.fields]\nnotes = "Z_note"\n'},
            ("contact", "notes", "sage_sales_management", "Z_note"),
        ),
        (
            "sugarcrm--sage_50",
            {"sugarcrm__account": '[fields]\nphone = "phone_office"\n'},
            ("account", "phone", "sugarcrm", "phone_office"),
        ),
        (
            "sugarcrm--sage_50",
            {
                "sugarcrm__sales_order": '[fields]\nnotes = { path = "description", access = "read" }\n',
                "sage_50__sales_order": '[fields]\nnotes = { path = "notes1", access = "read" }\n',
            },
            ("sales_order", "notes", "sugarcrm", "description"),
        ),
        (
            "vtiger--sage_accounting",
            {"vtiger__invoice": '[lines.fields]\ncomment = { path = "purchase_cost", access = "read" }\n'},
            ("invoice", "comment", "vtiger", "purchase_cost"),
        ),
    ],
)
def test_another_entity_side_or_way_of_saying_it(
    flow: str, rules: dict[str, str], told: tuple[str, ...]
) -> None:
    assert told in found(flow, **rules)


@pytest.mark.parametrize(
    ("flow", "rules"),
    [
        ("sugarcrm--sage_50", {"sugarcrm__sales_order": '[fields]\namount = "amount_usdollar"\n'}),
        ("sugarcrm--sage_50", {"sugarcrm__sales_order": '[fields]\ncustomer_ref = "account.ref_c"\n'}),
        ("vtiger--sage_50", {"vtiger__account": '[fields]\nnotes = "description"\n'}),
        ("vtiger--sage_accounting", {"flow": '[account.fields]\nphone = { direction = "off" }\n'}),
        ("vtiger--sage_accounting", {"flow": "[account]\nwinner = ['vtiger', 'sage_accounting']\n"}),
    ],
)
def test_what_a_rule_reads_or_both_sides_have_is_not_told(flow: str, rules: dict[str, str]) -> None:
    assert found(flow, **rules) == []


@pytest.mark.parametrize("folder", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_the_examples_leave_nothing_on_one_side(folder: Path) -> None:
    rules = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.toml")}
    assert one_sided(compile_flow(flow_of(folder.name), rules), rules) == []


@pytest.mark.parametrize("flow", shipped_flows())
def test_a_shipped_flow_says_nothing(flow: str) -> None:
    assert one_sided(compile_flow(flow), {}) == []
