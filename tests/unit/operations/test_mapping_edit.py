"""A field's rule edited in the words of a form: what is shown is what is stored, and no more."""

from typing import Any

import pytest

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow, shipped_flows
from shared.mapping.stated import object_source
from shared.operations.mapping_edit import as_shipped, with_field, with_text, without_field
from shared.operations.mapping_rows import LINES, Row, line_at, place_of, rows, systems_of, unmapped
from shared.operations.mapping_suggest import suggestions
from shared.operations.settings_text import Parts
from shared.ports import FieldInfo

CRM, SAGE = "vtiger", "sage_accounting"
FLOW = f"{CRM}--{SAGE}"
FILE = f"systems/{CRM}/account.toml"


def parts(rules: dict[str, str] | None = None, flow: str = FLOW) -> Parts:
    return Parts(flow, {}, {}, {}, rules or {})


def form_of(row: Row, systems: tuple[str, str]) -> dict[str, str]:
    """As the page fills it in."""
    form = {"direction": row.direction, "conflict": row.conflict}
    for system in systems:
        side = row.sides.get(system)
        form[f"place.{system}"] = side.place if side else ""
        form[f"constant.{system}"] = side.constant if side else ""
        for key in ("as", "max", "access", "default"):
            form[f"{key}.{system}"] = side.said.get(key, "") if side else ""
    return form


@pytest.mark.parametrize("flow", shipped_flows())
def test_every_field_of_every_flow_sent_back_untouched_stays_as_it_is(flow: str) -> None:
    stored = parts(flow=flow)
    systems = systems_of(stored)
    for entity, one in compile_flow(flow).entities.items():
        for row in rows(stored, entity) if one.maps else ():
            assert with_field(stored, entity, row.name, form_of(row, systems)).rules == {}, (entity, row)


@pytest.mark.parametrize("flow", ["sugarcrm--sage_50", FLOW])
def test_every_field_taken_away_and_put_back_leaves_no_trace(flow: str) -> None:
    stored = parts(flow=flow)
    for entity, one in compile_flow(flow).entities.items():
        for row in rows(stored, entity) if one.maps else ():
            gone = without_field(stored, entity, row.name)
            assert row.name not in {left.name for left in rows(gone, entity)}, (entity, row.name)
            assert row.name in unmapped(gone, entity)
            assert as_shipped(gone, entity, row.name).rules == {}, (entity, row.name)


def test_a_value_beside_a_place_is_refused_and_not_dropped() -> None:
    form = {f"place.{CRM}": "phone", f"constant.{CRM}": "none"}
    with pytest.raises(RuleInvalid, match="phone, Vtiger: a field is read from a place or always"):
        with_field(parts(), "account", "phone", form)


@pytest.mark.parametrize(
    ("name", "form", "line"),
    [
        ("name", {"place": "title"}, 'name = "title"'),
        ("name", {"max": "50"}, "name = { max = 50 }"),
        ("name", {"max": ""}, "name = { max = false }"),
        ("billing_street", {"as": "memo", "max": "250"}, 'billing_street = { as = "memo" }'),
        ("billing_street", {"as": ""}, "billing_street = { as = false }"),
        ("phone", {"place": "", "constant": "none"}, 'phone = { constant = "none" }'),
        (
            "phone",
            {"place": "phone, otherphone", "as": "first"},
            'phone = { paths = ["phone", "otherphone"], as = "first" }',
        ),
        ("website", {"place": "website"}, 'website = "website"'),
        (
            "website",
            {"place": "website", "default": "none"},
            'website = { path = "website", default = "none" }',
        ),
        ("credit_limit", {"constant": "1000.50"}, "credit_limit = { constant = 1000.50 }"),
        ("on_hold", {"constant": "yes"}, "on_hold = { constant = true }"),
        ("payment_days", {"constant": "30"}, "payment_days = { constant = 30 }"),
    ],
)
def test_only_what_differs_is_written(name: str, form: dict[str, str], line: str) -> None:
    stored = parts()
    row = next((one for one in rows(stored, "account") if one.name == name), Row(name, "", {}))
    entered = form_of(row, (CRM, SAGE)) | {f"{key}.{CRM}": value for key, value in form.items()}
    made = with_field(stored, "account", name, entered)
    assert made.rules == {FILE: f"[fields]\n{line}\n"}
    source = object_source(CRM, "account", FLOW, made.rules)
    said: Any = line_at(source.data, place_of(source, name))
    wanted = form.get("place", "")
    assert not wanted or said.get("path", ", ".join(said.get("paths", ()))) == wanted
    back = as_shipped(made, "account", name)
    assert back.rules == {}


def test_a_field_of_a_line_is_found_where_its_file_has_it() -> None:
    stored = parts(flow="sugarcrm--sage_50")
    row = next(one for one in rows(stored, "sales_order") if one.name == f"{LINES}sku")
    systems = systems_of(stored)
    form = form_of(row, systems) | {"constant.sugarcrm": "S2", "place.sage_50": "stockRef"}
    made = with_field(stored, "sales_order", row.name, form).rules
    assert made["systems/sugarcrm/sales_order.toml"] == '[line]\nsku = { constant = "S2" }\n'
    assert made["systems/sage_50/sales_order.toml"].startswith("[lines.fields]\nsku = ")


def test_comments_of_ones_own_rules_stay() -> None:
    text = '# ours\n[fields]\nname = "title"   # since May\nphone = "phone2" # the new line\n'
    made = with_field(parts({FILE: text}), "account", "email", {f"place.{CRM}": "mail"})
    assert made.rules[FILE] == text + 'email = "mail"\n'
    assert as_shipped(made, "account", "email").rules[FILE] == text
    assert as_shipped(parts({FILE: text}), "account", "phone").rules[FILE] == text.rsplit("phone", 2)[0]


def test_a_blank_text_takes_the_file_away() -> None:
    assert with_text(parts({FILE: "[fields]\n"}), FILE, " \n").rules == {}


class TestSuggestions:
    FIELDS = (
        FieldInfo("customer_reference_c", "varchar", 20),
        FieldInfo("billing_city", "varchar"),
        FieldInfo("phone_office", "phone"),
        FieldInfo("date_entered", "datetime"),
        FieldInfo("amount_usdollar", "currency"),
    )

    @pytest.mark.parametrize(
        ("name", "kind", "meant"),
        [
            ("reference", "text", "customer_reference_c"),
            ("phone", "text", "phone_office"),
            ("amount", "decimal", "amount_usdollar"),
        ],
    )
    def test_by_name(self, name: str, kind: str, meant: str) -> None:
        assert [one.name for one in suggestions(name, kind, self.FIELDS, ())][:1] == [meant]

    @pytest.mark.parametrize(
        ("name", "kind"), [("date_entered", "text"), ("phone", "date"), ("weather", "text")]
    )
    def test_never_against_the_type_and_never_far_fetched(self, name: str, kind: str) -> None:
        assert suggestions(name, kind, self.FIELDS, ()) == []

    def test_what_is_used_is_not_suggested(self) -> None:
        assert suggestions("phone", "text", self.FIELDS, ["phone_office"]) == []
