"""The mapping editor's forms for what is no field: value tables, conditions, fixed values and prices."""

import html
from typing import Any

import pytest

from shared.mapping.compile import compile_flow
from shared.operations.read_fields import read_fields
from shared.ports import FieldInfo
from tests.properties.rig import NAME
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SAGE, SUGAR, Orders
from tests.unit.console.form_reader import filled
from tests.unit.console.settings_world import Settled

CRM_FILE, SAGE_FILE = f"systems/{SUGAR}/sales_order.toml", f"systems/{SAGE}/sales_order.toml"
FLOW_FILE = f"flows/{SUGAR}--{SAGE}.toml"
ACCOUNTS = f"systems/{VTIGER}/account.toml"
INDUSTRY = '# ours\n[fields]\nindustry = { path = "industry", as = "table", table = "industry" }\n'
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"row.0.value": ""}, "enter what sales_stage is compared with"),
    ({"row.0.value": ["a", "b"]}, "takes one value: choose “is one of”"),
    ({"row.1.value": "x"}, "“is blank” takes no value"),
    ({"row.2.value": "x"}, "enter the field of SugarCRM"),
    ({"row.0.how": "matches"}, "choose how sales_stage is compared"),
    ({"row.2.name": "sales_stage", "row.2.value": "x"}, "compared twice in the same way"),
    ({"row.1.how": "gt", "row.1.value": "5"}, "cannot be changed into this by a form"),
    ({"row.1.name": "", "row.1.value": ""}, "worklist"),
]
STAGES = (("Closed Won", "Won"), ("Closed Lost", "Lost"), ("Negotiation/Review", "Negotiation"))


@pytest.fixture
def console() -> Settled:
    here = Orders()
    here.win("desks", name="Desks for the new office", amount="120.00")
    here.sync()
    return Settled(here)


@pytest.fixture
def customers() -> Settled:
    return Settled(Customers.linked_smith(name="Smith Ltd", phone="0113 496 0000"))


def entered(console: Settled, shown: Any, **form: Any) -> Any:
    """The form as it stands, with what a person changes in it and the button that is pressed."""
    return console.ask("POST", f"/{NAME}/mapping", form={**filled(shown.body, "mapping"), **form})


def section(console: Settled, entity: str, name: str) -> Any:
    return entered(console, console.get("mapping", entity=entity), open=name)


def saved(console: Settled, shown: Any, file: str) -> str:
    review = entered(console, shown, do="review")
    assert "Save these settings" in review.body, html.unescape(review.body)
    console.press(review, "settings-save")
    return console.stored.rules.get(file, "")


def offered(console: Settled, system: str, **fields: tuple[tuple[str, str], ...]) -> None:
    infos = {name: FieldInfo(name, "enum", choices=pairs) for name, pairs in fields.items()}
    console.rig.systems[system].describe = lambda _: infos  # type: ignore[method-assign,assignment]
    read_fields(console.rig.services())


def test_each_section_stands_on_the_page_in_words(console: Settled) -> None:
    body = html.unescape(console.get("mapping", entity="sales_order").body)
    for words in (
        "SugarCRM records that are read",
        "sales_stage is “Closed Won”; sales_order_no_c is blank",
        "Sage 50 records that are done with",
        "Condition: amount positive",
        "amount is above zero",
        "Lines and prices",
        "The CRM’s prices: are without tax",
    ):
        assert words in body
    viewer = Settled(console.here, "viewer").get("mapping", entity="sales_order").body
    assert "Lines and prices" in viewer and 'name="open"' not in viewer


def test_what_the_forms_show_sent_back_untouched_changes_nothing(console: Settled) -> None:
    names = ["where:sugarcrm", "closed:sage_50", "prices", f"constants:{SAGE}"]
    names += [f"require:{one}" for one in ("amount_size", "currency", "credit_note")]
    shown = console.get("mapping", entity="sales_order")
    for name in names:
        shown = entered(console, shown, open=name)
        assert f'name="section" value="{name}"' in shown.body
        assert "Changed here, and not stored yet" not in shown.body and "Nothing was stored" not in shown.body


class TestConditions:
    def test_another_stage_is_taken_too(self, console: Settled) -> None:
        opened = section(console, "sales_order", "where:sugarcrm")
        now = entered(
            console, opened, **{"row.0.how": "in", "row.0.value": ["Closed Won", "Won"], "do": "apply"}
        )
        body = html.unescape(now.body)
        assert '“Closed Won” (as shipped) → ["Closed Won", "Won"]' in body
        assert "As with Desks" in body and "sales_stage is one of “Closed Won”, “Won”" in body
        assert saved(console, now, CRM_FILE) == '[poll.where]\nsales_stage = ["Closed Won", "Won"]\n'

    def test_the_sample_says_what_becomes_of_it(self, console: Settled) -> None:
        opened = section(console, "sales_order", "where:sugarcrm")
        now = entered(console, opened, **{"row.0.value": "Closed Lost", "do": "apply"})
        body = " ".join(html.unescape(now.body).split())
        assert '<td data-label="Now">not asked</td><td data-label="Then">not met</td>' in body

    def test_one_more_by_date_and_taken_away_again(self, console: Settled) -> None:
        opened = section(console, "sales_order", "where:sugarcrm")
        more = {"row.2.name": "date_closed", "row.2.how": "gte", "row.2.value": "2026-12-01", "do": "apply"}
        now = entered(console, opened, **more)
        assert saved(console, now, CRM_FILE) == '[poll.where]\ndate_closed = { gte = "2026-12-01" }\n'
        again = section(console, "sales_order", "where:sugarcrm")
        gone = entered(console, again, **{"row.2.name": "", "row.2.value": "", "do": "apply"})
        saved(console, gone, CRM_FILE)
        assert console.stored.rules == {}

    def test_a_shipped_one_is_taken_away_and_put_back(self, console: Settled) -> None:
        opened = section(console, "sales_order", "closed:sage_50")
        now = entered(console, opened, **{"row.1.name": "", "row.1.value": "", "do": "apply"})
        assert saved(console, now, SAGE_FILE) == "[poll.closed]\nallocationStatus = false\n"
        back = entered(console, section(console, "sales_order", "closed:sage_50"), do="shipped")
        saved(console, back, SAGE_FILE)
        assert console.stored.rules == {}

    def test_faults_are_told_at_once_and_what_was_entered_stays(self, console: Settled) -> None:
        opened = section(console, "sales_order", "where:sugarcrm")
        for form, says in FAULTS:
            now = entered(console, opened, **{**form, "do": "review"})
            body = html.unescape(now.body)
            assert "Nothing was stored" in body and says in body and "Save these settings" not in body
            assert 'name="section" value="where:sugarcrm"' in now.body

    def test_the_stages_are_those_that_the_system_offers(self, console: Settled) -> None:
        offered(console, SUGAR, sales_stage=STAGES)
        opened = section(console, "sales_order", "where:sugarcrm")
        assert '<option value="Closed Lost">Lost (Closed Lost)</option>' in opened.body
        wrong = entered(console, opened, **{"row.0.value": "Closed Wonn", "do": "apply"})
        told = html.unescape(wrong.body)
        assert "SugarCRM does not offer “Closed Wonn” for sales_stage" in told and "did you mean" in told


class TestTables:
    def test_a_field_gets_a_value_table(self, customers: Settled) -> None:
        offered(customers, VTIGER, industry=(("Engineering", ""), ("Machinery", ""), ("Media", "")))
        shown = entered(customers, customers.get("mapping", entity="account"), edit="industry")
        now = entered(customers, shown, **{"place.vtiger": "industry", "as.vtiger": "table", "do": "apply"})
        assert now.body.index('name="do" value="apply"') < now.body.index("Its values in Vtiger"), "for Enter"
        assert "Its values in Vtiger" in now.body and "there is no [tables.industry]" in html.unescape(
            now.body
        )
        opened = entered(customers, now, open="table:vtiger:industry")
        assert '<option value="Media">Media</option>' in opened.body
        done = entered(
            customers, opened, **{"row.0.value": "engineers", "row.1.value": "machines", "do": "apply"}
        )
        told = html.unescape(done.body)
        assert "“Engineering” ↔ “engineers”; “Machinery” ↔ “machines”" in told
        assert "Vtiger offers “Media” for industry, and no row says what that means" in told
        both = entered(customers, done, edit="industry")
        place = {f"place.{LEDGER}": "analysis_1", "do": "apply"}
        kept = entered(customers, both, **place)
        assert saved(customers, kept, ACCOUNTS).endswith(
            '[tables.industry]\nEngineering = "engineers"\nMachinery = "machines"\n'
        )
        stored = customers.stored
        assert compile_flow(stored.flow, stored.rules, stored.directions)

    def test_rows_are_changed_and_comments_stay(self, customers: Settled) -> None:
        text = (
            f"{INDUSTRY}\n# as sales call it\n[tables.industry]\n"
            'Engineering = "engineers"   # 40 of them\nMedia = "press"\n'
        )
        shown = entered(
            customers, customers.get("mapping", entity="account"), **{"text.0": text, "do": "apply"}
        )
        opened = entered(customers, shown, open="table:vtiger:industry")
        now = entered(
            customers,
            opened,
            **{"row.1.value": "", "row.2.name": "Farming & <b>", "row.2.value": "farms", "do": "apply"},
        )
        assert saved(customers, now, ACCOUNTS) == (
            INDUSTRY + "\n# as sales call it\n[tables.industry]\n"
            'Engineering = "engineers"   # 40 of them\n"Farming & <b>" = "farms"\n'
        )
        assert "<b>&quot;" not in now.body and "Farming & <b>" not in now.body

    def test_faults_name_the_row(self, customers: Settled) -> None:
        shown = entered(
            customers, customers.get("mapping", entity="account"), **{"text.0": INDUSTRY, "do": "apply"}
        )
        opened = entered(customers, shown, open="table:vtiger:industry")
        wrong = {
            "row.0.value": "x",
            "row.1.name": "a",
            "row.1.value": "1",
            "row.2.name": "a",
            "row.2.value": "2",
        }
        told = html.unescape(entered(customers, opened, **wrong, do="apply").body)
        assert "Row 1 of industry: enter the value of Vtiger" in told
        assert "Row 3 of industry: Vtiger’s value “a” stands there twice" in told
        assert 'value="1"' in told

    def test_a_table_longer_than_a_form_stays_text(self, customers: Settled) -> None:
        rows = "".join(f'v{number} = "w{number}"\n' for number in range(400))
        text = f"{INDUSTRY}\n[tables.industry]\n{rows}"
        shown = entered(
            customers, customers.get("mapping", entity="account"), **{"text.0": text, "do": "apply"}
        )
        opened = entered(customers, shown, open="table:vtiger:industry")
        assert "400 rows, more than a form takes" in opened.body
        assert saved(customers, entered(customers, opened, do="apply"), ACCOUNTS) == text


class TestDemands:
    def test_one_is_changed_switched_off_and_taken_up(self, console: Settled) -> None:
        opened = section(console, "sales_order", "require:amount_size")
        now = entered(console, opened, **{"said.value": "5000.00", "said.hold": "yes", "do": "apply"})
        assert saved(console, now, FLOW_FILE) == (
            "[sales_order.require.amount_size]\nvalue = 5000.00\nhold = true\n"
        )
        off = entered(console, section(console, "sales_order", "require:amount_size"), do="remove")
        assert saved(console, off, FLOW_FILE) == "[sales_order.require]\namount_size = false\n"
        page = console.get("mapping", entity="sales_order")
        assert "switched off" in page.body
        up = entered(console, entered(console, page, open="require:amount_size"), do="shipped")
        saved(console, up, FLOW_FILE)
        assert console.stored.rules == {}

    def test_one_of_ones_own_with_the_sample(self, console: Settled) -> None:
        opened = section(console, "sales_order", "require:")
        new = {
            "said.name": "big_enough",
            "said.field": "name",
            "said.rule": "one_of",
            "said.value": ["Chairs", "Tables"],
            "said.message": "The name {value} is none of {wanted}.",
            "do": "apply",
        }
        now = entered(console, opened, **new)
        body = html.unescape(now.body)
        assert "skipped: The name Desks for the new office is none of Chairs, Tables." in body
        assert saved(console, now, FLOW_FILE).startswith("[sales_order.require.big_enough]\n")
        assert console.stored.rules[FLOW_FILE].count("\n") == 5

    def test_faults_are_told(self, console: Settled) -> None:
        opened = section(console, "sales_order", "require:")
        fine = {"said.name": "mine", "said.field": "name", "said.message": "It has no name at all."}
        for form, says in (
            ({"said.name": "Po Number"}, "needs a name of small letters"),
            ({"said.name": "amount"}, "here is a condition amount already"),
            ({"said.field": "nothing"}, "nothing"),
            ({"said.message": "short"}, "message"),
        ):
            told = html.unescape(entered(console, opened, **{**fine, **form, "do": "review"}).body)
            assert "Nothing was stored" in told and says in told


class TestPricesAndFixedValues:
    def test_prices_are_a_closed_set_with_a_sentence_each(self, console: Settled) -> None:
        opened = section(console, "sales_order", "prices")
        assert "include tax: the net is worked out to the penny" in opened.body
        form = {"said.pricing.prices": "gross", "said.pricing.penny": "accept", "do": "apply"}
        now = entered(console, opened, **form)
        assert saved(console, now, FLOW_FILE) == '[sales_order.pricing]\nprices = "gross"\npenny = "accept"\n'
        back = entered(console, section(console, "sales_order", "prices"), do="shipped")
        saved(console, back, FLOW_FILE)
        assert console.stored.rules == {}

    def test_what_is_not_in_the_set_is_refused(self, console: Settled) -> None:
        opened = section(console, "sales_order", "prices")
        for key, value in (("prices", "netto"), ("home", "gb"), ("tax_from", "<b>")):
            shown = entered(console, opened, **{f"said.pricing.{key}": value, "do": "review"})
            assert "Nothing was stored" in shown.body and "<b>" not in shown.body

    def test_lines_below_zero(self, console: Settled) -> None:
        now = entered(
            console,
            section(console, "sales_order", "prices"),
            **{"said.lines.sage_50.negative": "accept", "do": "apply"},
        )
        assert saved(console, now, SAGE_FILE) == '[lines]\nnegative = "accept"\n'

    def test_fixed_values_have_their_type(self, console: Settled) -> None:
        opened = section(console, "sales_order", f"constants:{SAGE}")
        rows = {
            "row.0.name": "notes1x",
            "row.0.value": "By Tieout",
            "row.1.name": "courierNumber",
            "row.1.how": "number",
            "row.1.value": "3",
            "do": "apply",
        }
        now = entered(console, opened, **rows)
        assert saved(console, now, SAGE_FILE) == '[constants]\nnotes1x = "By Tieout"\ncourierNumber = 3\n'
        wrong = entered(
            console,
            section(console, "sales_order", f"constants:{SAGE}"),
            **{"row.1.value": "three", "do": "apply"},
        )
        assert "“three” is no number" in html.unescape(wrong.body)


class TestHostile:
    def test_a_section_that_is_not_there_is_not_found(self, console: Settled) -> None:
        for name in ("table:x:y", "<script>", "where:sage_accounting", "prices:x", "x" * 5000):
            assert console.post("mapping", entity="sales_order", section=name, do="apply").status == 404
            assert console.post("mapping", entity="sales_order", open=name).status == 404

    def test_a_viewer_and_a_forged_form_change_nothing(self, console: Settled) -> None:
        form = {"entity": "sales_order", "section": "where:sugarcrm", "row.0.name": "x", "row.0.value": "y"}
        assert Settled(console.here, "viewer").post("mapping", **form).status == 403
        assert console.post("mapping", token="forged", **form).status == 403

    def test_whatever_is_entered_is_a_text(self, console: Settled) -> None:
        for name, key, value in (
            ("where:sugarcrm", "row.0.value", "<script>alert(1)</script>"),
            ("where:sugarcrm", "row.0.name", '"]\nx = 1\n["'),
            ("require:amount", "said.message", "<script>alert(1)</script>"),
            (f"constants:{SAGE}", "row.0.name", "\u202e'''"),
            (f"constants:{SAGE}", "row.0.value", "9" * 10_000),
            ("prices", "said.pricing.tax_code", '"]\nx = 1\n["'),
        ):
            form = {"row.0.name": "notes9", "row.0.value": "x"} if name.startswith("constants") else {}
            hidden = {"entity": "sales_order", "section": name, "row.0.how": "equals", "do": "apply"}
            shown = console.post("mapping", **{**hidden, **form, key: value})
            assert shown.status == 200 and "<script>alert" not in shown.body
