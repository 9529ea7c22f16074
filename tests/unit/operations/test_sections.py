"""Value tables, conditions, fixed values and prices as forms have them, of every shipped flow."""

import random
from typing import get_args

import pytest

from shared.domain.record import replace
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.rules import RequirementRule
from shared.mapping.schema import FiguresLine, PricingLine
from shared.mapping.schema import Test as Compared
from shared.mapping.toml_edit import parsed
from shared.operations.mapping_rows import rows
from shared.operations.sections import conditions, demands, prices, tables
from shared.operations.sections.listing import (
    as_shipped,
    section_of,
    sections,
    switched_off,
    with_section,
)
from shared.operations.sections.model import Given, Line, Section, given
from shared.operations.settings_text import Parts

FLOWS = (
    "sugarcrm--sage_50",
    "sugarcrm--sage_accounting",
    "vtiger--sage_50",
    "vtiger--sage_accounting",
    "sage_sales_management--sage_50",
    "sage_sales_management--sage_accounting",
)
INVOICES = "systems/vtiger/invoice.toml"


def shipped(flow: str, **rules: str) -> Parts:
    return Parts(flow, {}, {}, {}, rules)


def found(parts: Parts, entity: str) -> list[Section]:
    return sections(parts, entity, rows(parts, entity))


def named(parts: Parts, entity: str, name: str) -> Section:
    section = section_of(found(parts, entity), name)
    assert section is not None
    return section


def as_entered(section: Section) -> Given:
    """What a browser sends of the form as it is shown."""
    form: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(section.lines):
        form[f"row.{number}.name"], form[f"row.{number}.how"] = (line.name,), (line.how,)
        form[f"row.{number}.value"] = line.values or ("",)
    form |= {f"said.{key}": values or ("",) for key, values in section.said.items()}
    return given(form)


@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_shown_sent_back_changes_nothing(flow: str) -> None:
    parts, seen = shipped(flow), 0
    for entity, one in compile_flow(flow, {}).entities.items():
        for section in found(parts, entity) if one.maps else ():
            assert with_section(parts, entity, section, as_entered(section)) == parts, section.id
            assert as_shipped(parts, entity, section) == parts, section.id
            seen += bool(section.lines or section.said)
    assert seen > 3


@pytest.mark.parametrize("flow", FLOWS[::3])
def test_each_requirement_is_switched_off_and_taken_up(flow: str) -> None:
    parts, names = shipped(flow), list[str]()
    everything = parts
    for entity in compile_flow(flow, {}).entities:
        for section in found(parts, entity):
            if section.kind == "require":
                off = switched_off(parts, entity, section)
                again = named(off, entity, section.id)
                assert again.off and as_shipped(off, entity, again) == parts
                everything = switched_off(everything, entity, named(everything, entity, section.id))
                names.append(section.name)
    made = compile_flow(flow, everything.rules)
    assert names and not any(one.requirements for one in made.entities.values())


def test_what_is_taken_out_put_in_and_changed_is_so_afterwards() -> None:
    """Whatever a person does to a table and to conditions: the rules say it, or nothing has changed."""
    dice = random.Random(14)
    start = shipped("vtiger--sage_accounting", **{INVOICES: "# ours\n[fields]\nterms = false\n"})
    start = replace(start, rules=dict(start.rules))
    parts, refused = start, 0
    for _ in range(60):
        section = dice.choice(
            [one for one in found(parts, "invoice") if one.kind in ("table", "where", "closed")]
        )
        lines = [one for one in section.lines if dice.random() < 0.8]
        names = ["invoicestatus", "subject", "total.x", 'odd "name"']
        how = "" if section.kind == "table" else dice.choice([*conditions.OPERATORS])
        values = () if how in conditions.BLANK else tuple(dice.sample(["Paid", "", "5", "a'b", "é"], 2))
        if dice.random() < 0.7:
            lines.append(
                Line(dice.choice(names), how, tuple(filter(None, values))[: 2 if how == "in" else 1])
            )
        entered = Given(tuple(lines))
        try:
            after = with_section(parts, "invoice", section, entered)
        except RuleInvalid:
            refused += 1
            continue
        shown = named(after, "invoice", section.id) if section.kind != "table" else None
        if shown is not None:
            assert sorted(map(str, shown.lines)) == sorted(map(str, lines))
        for text in after.rules.values():
            assert parsed(text) is not None
        assert after.rules[INVOICES].startswith("# ours\n[fields]\nterms = false\n")
        parts = after
    assert parts != start and refused


class TestTheOwnFile:
    def test_only_what_differs_stands_there_and_goes_again(self) -> None:
        parts = shipped("vtiger--sage_accounting")
        section = named(parts, "invoice", "table:vtiger:status")
        lines = (*section.lines[1:], Line("Written off", "", ("void",)))
        made = with_section(parts, "invoice", section, Given(lines))
        assert parsed(made.rules[INVOICES]) == {
            "tables": {"status": {section.lines[0].name: False, "Written off": "void"}}
        }
        back = named(made, "invoice", section.id)
        assert with_section(made, "invoice", back, Given(section.lines)).rules == {}

    def test_a_flag_and_a_list_of_prices(self) -> None:
        parts = shipped("sage_sales_management--sage_50")
        section = named(parts, "quotation", "prices")
        said = {"pricing.discounts_on": ("list",), "pricing.total_check": ("no",), "pricing.by": ("sage",)}
        made = with_section(parts, "quotation", section, Given(said=said))
        (text,) = made.rules.values()
        assert parsed(text) == {
            "quotation": {"pricing": {"by": "sage", "total_check": False, "discounts_on": ["list"]}}
        }
        none = with_section(parts, "quotation", section, Given(said={"pricing.discounts_on": ()}))
        assert parsed(*none.rules.values())["quotation"]["pricing"] == {"discounts_on": []}

    def test_every_choice_is_one_of_the_rules_own(self) -> None:
        for settings, kind in ((prices.PRICING, PricingLine), (prices.FIGURES, FiguresLine)):
            known = {one.key for one in settings}
            assert known <= set(kind.model_fields)
            for setting in settings:
                for value in setting.choices or ():
                    said = prices.value_of(setting, (value,))
                    needed = {"total": "amount"} if kind is FiguresLine else {}
                    assert kind.model_validate({**needed, setting.key: said})
        assert {one.key for one in prices.PRICING} == set(PricingLine.model_fields), "none is left out"
        assert {*conditions.OPERATORS} - {"not_blank"} == {
            one.alias or name for name, one in Compared.model_fields.items()
        }
        assert {*demands.RULES} == set(get_args(RequirementRule))

    def test_what_is_no_table_of_texts_is_hidden_and_stays(self) -> None:
        rules = '[tables.odd]\na = "b"\nc = 1\n'
        parts = shipped("vtiger--sage_accounting", **{INVOICES: rules})
        section = named(parts, "invoice", "table:vtiger:odd")
        assert section.hidden == ("c",) and section.lines == (Line("a", "", ("b",)),)
        made = with_section(parts, "invoice", section, Given((Line("a", "", ("x",)),)))
        assert made.rules[INVOICES] == '[tables.odd]\na = "x"\nc = 1\n'


def test_what_is_missing_in_a_table_is_named() -> None:
    section = Section("table:x:y", "table", lines=(Line("a", "", ("1",)),))
    assert tables.missing(section, {"a": "A", "b": "B"}) == ["b"]
