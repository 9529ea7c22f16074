"""The preview in the console: asked for by a button, made elsewhere, shown newest first, and taken away as a
file."""

import csv
import io
import json

import pytest

from shared.console.pages import preview_files
from shared.operations.poll_messages import PreviewTask, message_of
from shared.operations.preview_run import run
from tests.browser.console_world import Console
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import Orders
from tests.unit.console.test_record_answers import forms


def works_off(page: Console) -> None:
    """What the function of the polls does with the messages."""
    page.rig.clock.advance(2)
    for _, message in page.polls.sent:
        task = message_of(message)
        assert isinstance(task, PreviewTask)
        run(page.rig.services(), task)
    page.polls.sent.clear()


def sales() -> tuple[Orders, Console]:
    here = Orders()
    here.win("desks", name="Otley Library: desks", amount="1850.00")
    here.win("chairs", name="=HYPERLINK(1)", amount="250.50")
    here.win("blank", name="<script>alert(1)</script>", amount=None)
    return here, Console(here.rig)


def test_it_is_asked_for_followed_and_shown_with_counts_and_money() -> None:
    here, page = sales()
    assert "Nobody has looked yet" in page.get("preview").body
    there = page.post("preview")
    assert "done=previewing" in there.location and 'data-follow="2"' in page.follow(there).body
    works_off(page)
    body = page.follow(there).body
    assert "data-follow" not in body and "<strong>2</strong> would be made" in body
    assert "2,100.50 GBP" in body and "for ann@example.com" in body
    assert here.orders() == [] and here.log() == []


def test_record_by_record_what_would_be_written() -> None:
    _, page = sales()
    page.post("preview", entity="sales_order")
    works_off(page)
    body = page.get("preview", entity="sales_order").body
    assert "Otley Library: desks" in body and "values to write" in body
    assert "<script>alert" not in body and "&lt;script&gt;" in body
    only = page.get("preview", entity="sales_order", would="skip").body
    assert "Otley Library" not in only and "alert(1)" in only


def test_as_files_money_is_exact_and_no_formula_runs() -> None:
    _, page = sales()
    page.post("preview")
    works_off(page)
    reply = page.get("preview.csv", entity="sales_order")
    rows = list(csv.DictReader(io.StringIO(reply.body.removeprefix("\ufeff"))))
    assert sum(float(row["amount"] or 0) for row in rows) == 2100.50
    assert {row["name"] for row in rows} >= {"'=HYPERLINK(1)"}
    told = json.loads(page.get("preview.json", entity="sales_order").body)
    (one,) = told["previews"]
    assert one["counts"] == {"create": 2, "skip": 1} and one["totals"]["create"] == {"GBP": "2100.50"}
    assert len(one["records"]) == 3 and "tieout-demo-preview-sales_order" in str(reply.headers)


def test_all_lists_at_once_as_far_as_an_answer_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.enter(VTIGER, "widget", "product", name="Widget")
    page = Console(here.rig)
    empty = json.loads(page.get("preview.json").body)
    assert empty == {"previews": [], "left_out": []}
    page.post("preview")
    works_off(page)
    told = json.loads(page.get("preview.json").body)
    assert {"account", "product"} <= {one["entity"] for one in told["previews"]} and not told["left_out"]
    monkeypatch.setattr(preview_files, "_BYTES", 10)
    cut = json.loads(page.get("preview.json").body)
    assert len(cut["previews"]) == 1 and "product" in cut["left_out"]
    assert preview_files.MORE in page.get("preview.csv").body


def test_a_change_shows_before_and_after() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    page = Console(here.rig)
    page.post("preview", entity="account")
    works_off(page)
    body = page.get("preview", entity="account").body
    assert '<td data-label="Before">111</td><td data-label="After">222</td>' in body


@pytest.mark.parametrize(
    "asked",
    [
        {"entity": "nothing"},
        {"entity": "sales_order", "run": "x"},
        {"entity": "../../etc"},
        {"entity": "<b>"},
    ],
)
def test_what_is_not_kept_is_not_found(asked: dict[str, str]) -> None:
    _, page = sales()
    page.post("preview")
    works_off(page)
    for name in ("preview", "preview.csv", "preview.json"):
        assert page.get(name, **asked).status == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "9" * 400])
def test_any_page_number_is_a_page(number: str) -> None:
    _, page = sales()
    page.post("preview")
    works_off(page)
    assert page.get("preview", entity="sales_order", at=number).status == 200


def test_only_lists_that_are_read_are_asked_for() -> None:
    _, page = sales()
    assert "done=no-list" in page.post("preview", entity="invoice").location
    assert page.polls.sent == []


def test_a_viewer_may_look_and_not_ask() -> None:
    here, first = sales()
    first.post("preview")
    works_off(first)
    page = Console(here.rig, None, "viewer")
    reply = page.get("preview")
    assert "would be made" in reply.body and forms(reply, "preview") == []
    assert page.post("preview").status == 403 and page.polls.sent == []


def test_one_that_only_previews_says_so_first() -> None:
    here, page = sales()
    here.rig.world.integrations.previews_only("demo")
    body = page.get().body
    live = body.split('id="live"')[1]
    assert live.index("Only previews so far") < live.index("No record needs you")
    assert "goes live with" in page.get("preview").body
