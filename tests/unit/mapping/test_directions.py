"""Which way each entity goes, from a flow, from what an integration chose, and from what entities need of
each other."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.directions import OFF, DirectionRefused, Wish, resolve

FLOW = "vtiger--sage_accounting"
WISHES = {
    "account": Wish("both"),
    "contact": Wish("both", needs=("account",), follows="account"),
    "product": Wish("from crm"),
    "invoice": Wish("from sage", needs=("account", "product")),
}
NO_INVOICE = (
    "account cannot be switched off while invoice is on, because each invoice refers to account records; "
)


@pytest.mark.parametrize(
    ("chosen", "made"),
    [
        ({}, ("both", "both", "from crm", "from sage")),
        ({"account": "from crm"}, ("from crm", "from crm", "from crm", "from sage")),
        ({"account": "from crm", "contact": "both"}, ("from crm", "both", "from crm", "from sage")),
        ({"others": "off"}, ("off", "off", "off", "off")),
        ({"others": "off", "product": "both"}, ("off", "off", "both", "off")),
        ({"others": "off", "contact": "from crm"}, ("from crm", "from crm", "off", "off")),
        ({"others": "off", "invoice": "both"}, ("both", "off", "both", "both")),
        ({"others": "from sage"}, ("from sage", "from sage", "from sage", "from sage")),
        ({"invoice": "off", "account": "off"}, ("off", "off", "from crm", "off")),
    ],
)
def test_what_becomes_of_a_choice(chosen: dict[str, str], made: tuple[str, ...]) -> None:
    assert resolve(WISHES, chosen) == dict(zip(WISHES, made, strict=True))


@pytest.mark.parametrize(
    ("chosen", "entity", "message"),
    [
        ({"account": "off"}, "account", NO_INVOICE + "switch invoice off too, or give account a direction"),
        (
            {"account": "off", "others": "both"},
            "account",
            NO_INVOICE + "switch invoice off too, or give account a direction",
        ),
        (
            {"product": "off"},
            "product",
            "product cannot be switched off while invoice is on, because each invoice refers to "
            "product records; switch invoice off too, or give product a direction",
        ),
        (
            {"user": "both"},
            "user",
            "this flow has no entity user; choose one of account, contact, product, invoice",
        ),
    ],
)
def test_what_cannot_be(chosen: dict[str, str], entity: str, message: str) -> None:
    with pytest.raises(DirectionRefused) as no:
        resolve(WISHES, chosen)
    assert (no.value.entity, str(no.value)) == (entity, message)


@pytest.mark.parametrize("order", [*permutations("abc")])
def test_what_is_needed_of_what_is_needed_is_on_too_whatever_the_order(order: tuple[str, ...]) -> None:
    needs = {"a": ("b",), "b": ("c",), "c": ("a",)}
    assert set(
        resolve({name: Wish("off", needs[name]) for name in order}, {"others": "off", "a": "both"}).values()
    ) == {"both"}


_WAYS = st.sampled_from(("both", "from crm", "from sage", OFF))


@given(st.dictionaries(st.sampled_from((*WISHES, "others")), _WAYS))
def test_nothing_is_on_without_what_it_needs_and_a_choice_by_name_stands(chosen: dict[str, str]) -> None:
    try:
        made = resolve(WISHES, chosen)
    except DirectionRefused as no:
        assert chosen.get(no.entity) == OFF or "others" not in chosen
        return
    assert all(
        made[needed] != OFF for entity, wish in WISHES.items() if made[entity] != OFF for needed in wish.needs
    )
    assert all(made[entity] == way for entity, way in chosen.items() if entity != "others" and way != OFF)


def test_an_integrations_choice_reaches_every_field_and_makes_another_version() -> None:
    chosen = compile_flow(FLOW, None, {"account": "from sage_accounting"})
    for entity in ("account", "contact"):
        ways = {name: rule.direction for name, rule in chosen.entities[entity].fields.items()}
        assert set(ways.values()) == {"from sage_accounting"}
    assert chosen.entities["product"].direction == "both"
    assert chosen.version != compile_flow(FLOW).version
    assert compile_flow(FLOW, {}, {}) is compile_flow(FLOW)
    assert compile_flow(FLOW, None, {"account": "from sage_accounting"}) is chosen


def test_a_field_that_cannot_go_the_chosen_way_does_not_go_at_all() -> None:
    invoice = compile_flow(FLOW, None, {"invoice": "from vtiger"}).entities["invoice"]
    assert invoice.fields["received"].direction == "from sage_accounting", (
        "said of the field itself, it stays"
    )
    assert "lines" in invoice.fields and "amount" not in invoice.fields


def test_an_entity_that_is_off_has_no_fields_and_asks_nothing_of_others() -> None:
    flow = compile_flow(FLOW, None, {"others": "off", "account": "both"})
    assert [name for name, one in flow.entities.items() if not one.off] == ["account", "contact"]
    assert flow.entities["invoice"].fields == {}


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (
            {"account": "off"},
            f"flows/{FLOW}.toml: directions.account: {NO_INVOICE}switch invoice off too, or give account a "
            "direction",
        ),
        (
            {"user": "both"},
            f"flows/{FLOW}.toml: directions.user: this flow has no entity user; choose one of account, "
            "contact, product, service, invoice",
        ),
    ],
)
def test_a_choice_that_cannot_be_names_the_setting(chosen: dict[str, str], message: str) -> None:
    with pytest.raises(RuleInvalid) as fault:
        compile_flow(FLOW, None, chosen)
    assert str(fault.value) == message


def test_a_choice_of_no_direction_lists_those_there_are() -> None:
    message = r'"sideways" is not a direction; allowed: both, from sage_accounting, from vtiger, off$'
    with pytest.raises(RuleInvalid, match=message):
        compile_flow(FLOW, None, {"invoice": "sideways"})
