"""The mapping editor: fields side by side, changed, checked, tried on archived records, then stored."""

import html
import re
from typing import Any

import pytest

from shared.console.draft import packed
from shared.mapping.compile import compile_flow
from shared.operations.poll_messages import FieldTask, message_of
from shared.operations.read_fields import read_fields
from shared.ports import FieldInfo
from tests.properties.rig import NAME
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SAGE, SUGAR, Orders
from tests.unit.console.settings_world import Settled, forms

CRM_FILE, SAGE_FILE = f"systems/{SUGAR}/sales_order.toml", f"systems/{SAGE}/sales_order.toml"
ACCOUNTS = f"systems/{VTIGER}/account.toml"


def orders() -> Settled:
    here = Orders()
    for name in ("desks", "chairs", "shelves"):
        here.win(name, name=f"Deal {name} for the new office", amount="120.00")
    here.sync()
    return Settled(here)


@pytest.fixture
def console() -> Settled:
    return orders()


@pytest.fixture
def customers() -> Settled:
    return Settled(Customers.linked_smith(name="Smith Ltd", phone="0113 496 0000"))


def entered(console: Settled, shown: Any, **form: str) -> Any:
    """The form of the page with what a person puts into it and the button that is pressed."""
    hidden = forms(shown.body, "mapping")
    return console.ask("POST", f"/{NAME}/mapping", form={**hidden, **form})


def described(**fields: tuple[str, int | None]) -> Any:
    return lambda _: {name: FieldInfo(name, kind, length) for name, (kind, length) in fields.items()}


def test_both_systems_fields_stand_side_by_side_with_a_sample(console: Settled) -> None:
    shown = console.get("mapping", entity="sales_order")
    body = html.unescape(shown.body)
    for words in (
        "<code>account.sales_account_ref_c</code>",
        "<code>orderNumber</code>",
        "from SugarCRM",
        "As with Deal",
        "Each line",
    ):
        assert words in body
    viewer = Settled(console.here, "viewer").get("mapping", entity="sales_order")
    assert viewer.status == 200 and '<button class="small"' not in viewer.body
    assert console.get("mapping", entity="nothing").status == 404


def test_a_field_is_changed_checked_and_stored(console: Settled) -> None:
    shown = console.get("mapping", entity="sales_order")
    opened = entered(console, shown, edit="order_date")
    assert 'name="place.sugarcrm" value="date_closed"' in opened.body
    checked = entered(
        console, opened, **{"place.sugarcrm": "ordered_c", "access.sugarcrm": "read", "do": "apply"}
    )
    assert "“date_closed”, access = “read” (as shipped) → “ordered_c”" in html.unescape(checked.body)
    assert "shown once it is read" in checked.body, "the sample has no such field yet"
    review = entered(console, checked, do="review")
    assert console.stored.rules == {}
    console.press(review, "settings-save")
    assert console.stored.rules == {CRM_FILE: '[fields]\norder_date = "ordered_c"\n'}
    assert "yours" in console.get("mapping", entity="sales_order").body


def test_the_sample_shows_before_and_after(console: Settled) -> None:
    shown = entered(console, console.get("mapping", entity="sales_order"), edit="delivery_name")
    place = re.search(r'name="place.sage_50" value="([^"]*)"', shown.body)
    assert place is not None
    now = entered(
        console,
        shown,
        **{"place.sage_50": place[1], "max.sage_50": "3", "do": "apply"},
    )
    assert re.search(r"<del>\s*\S+.*?</del>\s*<ins>\s*\S{1,3}\s*</ins>", now.body, re.S), "cut to three"


def test_what_is_tried_is_what_would_come_out(console: Settled) -> None:
    read_fields(console.rig.services())
    shown = entered(console, console.get("mapping", entity="sales_order"), edit="delivery_name")
    place = re.search(r'name="place.sage_50" value="([^"]*)"', shown.body)
    assert place is not None
    tried = entered(console, shown, **{"place.sage_50": place[1], "max.sage_50": "3", "do": "try"})
    body = html.unescape(tried.body)
    assert "3 archived records tried" in body and "3 records would come out differently" in body
    assert "totals GBP" in body and console.stored.rules == {}


def test_without_the_tables_nothing_is_claimed(console: Settled) -> None:
    console.rig.clock.advance(7200)
    shown = entered(console, console.get("mapping", entity="sales_order"), edit="name")
    tried = entered(console, shown, **{"place.sugarcrm": "title_c", "do": "try"})
    assert "are not known here at the moment: press “Read the fields now”" in tried.body


def test_faults_are_told_at_once_and_what_was_entered_stays(console: Settled) -> None:
    shown = entered(console, console.get("mapping", entity="sales_order"), edit="amount")
    wrong = {"place.sugarcrm": "amount", "as.sugarcrm": "country_code", "max.sugarcrm": "0", "do": "apply"}
    told = html.unescape(entered(console, shown, **wrong).body)
    assert "Nothing was stored" in told and "fields.amount" in told
    review = entered(console, shown, **{**wrong, "do": "review"})
    assert "Save these settings" not in review.body and "Nothing was stored" in review.body


def test_a_field_is_added_on_both_sides_and_taken_back(customers: Settled) -> None:
    assert customers.get("mapping", entity="account").status == 200
    shown = entered(customers, customers.get("mapping", entity="account"), edit="website")
    one = entered(customers, shown, **{"place.vtiger": "website", "do": "apply"})
    assert "is mapped in Vtiger (“website”) only" in one.body
    both = entered(customers, one, **{"place.vtiger": "website", f"place.{LEDGER}": "website", "do": "apply"})
    assert "only, and" not in html.unescape(both.body).split("<h2>As text")[0]
    customers.press(entered(customers, both, do="review"), "settings-save")
    assert customers.stored.rules[ACCOUNTS] == '[fields]\nwebsite = "website"\n'
    again = entered(customers, customers.get("mapping", entity="account"), edit="website")
    gone = entered(customers, again, do="shipped")
    customers.press(entered(customers, gone, do="review"), "settings-save")
    assert customers.stored.rules == {}


def test_a_field_is_carried_over_no_longer(customers: Settled) -> None:
    shown = entered(customers, customers.get("mapping", entity="account"), edit="phone")
    gone = entered(customers, shown, do="remove")
    customers.press(entered(customers, gone, do="review"), "settings-save")
    assert "phone = false" in customers.stored.rules[ACCOUNTS]
    customers.get()
    assert "phone" not in customers.rig.flow.entities["account"].fields


def test_direction_and_conflict_of_one_field(customers: Settled) -> None:
    shown = entered(customers, customers.get("mapping", entity="account"), edit="phone")
    places = dict(re.findall(r'name="(place\.[a-z_]+)" value="([^"]*)"', shown.body))
    now = entered(customers, shown, **places, conflict="hold", direction="", do="apply")
    customers.press(entered(customers, now, do="review"), "settings-save")
    assert customers.stored.rules == {
        f"flows/{VTIGER}--{LEDGER}.toml": '[account.fields]\nphone = { conflict = "hold" }\n'
    }


def test_an_expert_writes_the_file_and_is_told_the_line(customers: Settled) -> None:
    shown = customers.get("mapping", entity="account")
    bad = entered(
        customers, shown, **{"text.0": "# mine\n[fields]\nnmae = 'x'\nemial = 'y'\n", "do": "apply"}
    )
    told = html.unescape(bad.body)
    assert f"Your rules for {ACCOUNTS}, line 3" in told and 'did you mean "name"' in told and "line 4" in told
    assert "nmae = 'x'" in told, "what was written stays"
    broken = html.unescape(entered(customers, shown, **{"text.0": "[fields\n", "do": "review"}).body)
    assert "not valid TOML" in broken and "[fields" in broken
    fine = entered(customers, shown, **{"text.0": "# mine\n[fields]\nphone = 'phone2'\n", "do": "review"})
    customers.press(fine, "settings-save")
    assert customers.stored.rules == {ACCOUNTS: "# mine\n[fields]\nphone = 'phone2'\n"}


class TestFields:
    def test_they_are_read_by_the_function_that_may(self, console: Settled) -> None:
        done = console.post("read-fields", entity="sales_order")
        (name, message) = console.polls.sent[-1]
        task = message_of(message)
        assert name == NAME and isinstance(task, FieldTask) and task.integration == NAME
        assert "The fields are being read" in console.follow(done).body
        console.rig.systems[SUGAR].describe = described(name=("varchar", 50), title_c=("varchar", 255))  # type: ignore[method-assign]
        console.rig.clock.advance(2)
        assert read_fields(console.rig.services()) == 4
        shown = console.get("mapping", entity="sales_order", since=done.location.rpartition("since=")[2])
        assert "2 fields, read" in shown.body and "varchar 50" in shown.body
        assert "data-follow" not in shown.body and "it has no list that can be asked for" in shown.body

    def test_what_may_be_meant_is_suggested(self, customers: Settled) -> None:
        fields = described(website=("string", 100), web_site_2=("date", None), email2=("email", 80))
        customers.rig.systems[VTIGER].describe = fields  # type: ignore[method-assign]
        read_fields(customers.rig.services())
        shown = entered(customers, customers.get("mapping", entity="account"), edit="website")
        assert "It may be <code>website</code> (string)" in shown.body

    def test_a_name_that_the_system_does_not_have_is_named(self, customers: Settled) -> None:
        customers.rig.systems[VTIGER].describe = described(accountname=("string", 100))  # type: ignore[method-assign]
        read_fields(customers.rig.services())
        shown = entered(customers, customers.get("mapping", entity="account"), edit="name")
        now = entered(customers, shown, **{"place.vtiger": "acountname", "do": "apply"})
        assert "Vtiger has no field “acountname” in its own list" in now.body
        assert "did you mean" in now.body

    def test_what_cannot_be_reached_is_said(self, console: Settled) -> None:
        from shared.errors import Unavailable

        def down(_: str) -> None:
            raise Unavailable("SugarCRM did not answer within 30 seconds")

        console.rig.systems[SUGAR].describe = down  # type: ignore[method-assign,assignment]
        read_fields(console.rig.services())
        assert "did not answer within 30 seconds" in console.get("mapping", entity="sales_order").body


class TestHostile:
    def test_a_viewer_edits_nothing(self, console: Settled) -> None:
        viewer = Settled(console.here, "viewer")
        for action in ("mapping", "read-fields"):
            assert viewer.post(action, entity="sales_order").status == 403

    @pytest.mark.parametrize("field", ["nothing", "<script>", "x" * 10_000, "lines.nothing", "lines"])
    def test_a_field_that_is_not_ours_is_not_found(self, console: Settled, field: str) -> None:
        assert console.post("mapping", entity="sales_order", field=field, do="apply").status == 404
        assert console.post("mapping", entity="sales_order", edit=field).status == 404

    def test_html_in_a_place_and_in_a_text_is_text(self, console: Settled) -> None:
        evil = "<script>alert(1)</script>"
        shown = console.post(
            "mapping",
            **{"entity": "sales_order", "field": "name", "place.sugarcrm": evil, "do": "apply"},
        )
        assert evil not in shown.body and "&lt;script&gt;" in shown.body
        text = console.post("mapping", **{"entity": "sales_order", "text.0": f"# </textarea>{evil}\n"})
        assert evil not in text.body and "</textarea><script>" not in text.body

    def test_ten_thousand_characters_are_checked_like_any_other(self, console: Settled) -> None:
        for key in ("place.sugarcrm", "default.sugarcrm", "max.sugarcrm", "constant.sage_50"):
            shown = console.post(
                "mapping", **{"entity": "sales_order", "field": "name", key: "9" * 10_000, "do": "apply"}
            )
            assert shown.status == 200

    @pytest.mark.parametrize(
        "draft",
        [
            "x",
            packed("flow = 1"),
            packed("[integration.demo]\nflow = 'other'"),
            packed("[integration.demo]\nflow = 'vtiger--sage_50'"),
            packed("[integration.other]\nflow = 'sugarcrm--sage_50'"),
        ],
    )
    def test_a_draft_of_something_else_is_refused(self, console: Settled, draft: str) -> None:
        shown = console.post("mapping", entity="sales_order", draft=draft, do="review")
        assert shown.status == 200 and "Save these settings" not in shown.body
        assert "did not arrive whole, so the changes in it are lost" in shown.body

    def test_what_records_hold_is_shown_and_does_nothing(self) -> None:
        here = Orders()
        here.win("evil", name="<script>alert(1)</script>", amount="5.00")
        here.sync()
        shown = Settled(here).get("mapping", entity="sales_order")
        assert "<script>alert" not in shown.body and "&lt;script&gt;" in shown.body


@pytest.mark.parametrize("name", ["customer_ref", "lines.sku", "number"])
def test_what_the_form_shows_sent_back_untouched_changes_nothing(console: Settled, name: str) -> None:
    opened = entered(console, console.get("mapping", entity="sales_order"), edit=name)
    form = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', opened.body))
    for select, inner in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', opened.body):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', inner)
        form[select] = (chosen[1] if chosen[1] is not None else chosen[2]) if chosen else ""
    form = {key: html.unescape(value) for key, value in form.items()}
    assert form["place.sugarcrm"] or form["constant.sugarcrm"]
    back = entered(console, opened, **form, do="apply")
    assert "Changed here, and not stored yet" not in back.body


def test_the_rules_that_come_out_compile_as_the_page_says(customers: Settled) -> None:
    shown = entered(customers, customers.get("mapping", entity="account"), edit="vat_number")
    now = entered(
        customers,
        shown,
        **{"place.vtiger": "vat_c", "as.vtiger": "code", f"place.{LEDGER}": "tax_number", "do": "apply"},
    )
    customers.press(entered(customers, now, do="review"), "settings-save")
    stored = customers.stored
    made = compile_flow(stored.flow, stored.rules, stored.directions).entities["account"].maps[VTIGER]
    assert made.native_paths["vat_number"] == ("vat_c",)
