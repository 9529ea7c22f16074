"""What `tieout log` shows: one outcome a record, or one record's story, on a terminal and in a pipe."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import _app, _log_text, _open, _tables, _which
from local.cli import log as log_module
from local.cli._log_json import facts
from local.cli._log_text import change_text
from local.cli.main import app
from shared.domain.link import LogRow, Outcome, OutcomeKind
from shared.operations.log_rows import Wanted, chosen, latest
from tests.properties.rig import NAME
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.stories.world import World

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Tieout = Callable[..., Result]


def row(minute: int, record: str, kind: OutcomeKind, label: str = "", order: str = "") -> LogRow:
    records = {"sage_50": (order, f"order {order}", "")} if order else {}
    return LogRow(
        at=START + timedelta(minutes=minute),
        run_id=f"20261120T09{minute:02d}00Z-aaaa",
        system="sugarcrm",
        entity="sales_order",
        record_id=record,
        cause="poll",
        outcome=Outcome(kind, f"because {minute}"),
        label=label,
        records=records,
    )


def test_each_record_has_its_latest_outcome() -> None:
    rows = [
        row(3, "a", "created", "Chairs", "1001"),
        row(2, "b", "skipped"),
        row(1, "a", "waiting", "Chairs"),
    ]
    assert {one.record_id: one.outcome.kind for one in chosen(rows, Wanted())} == {
        "a": "created",
        "b": "skipped",
    }
    before = Wanted(until=START + timedelta(minutes=2))
    assert {one.record_id: one.outcome.kind for one in chosen(rows, before)} == {
        "a": "waiting",
        "b": "skipped",
    }
    assert chosen(rows, Wanted(outcomes=frozenset({"waiting"}))) == [], "what waited is there by now"


def test_filters_combine() -> None:
    rows = [
        replace(row(n, str(n), kind), outcome=Outcome(kind, "", rule), entity=entity)  # type: ignore[arg-type]
        for n, (kind, rule, entity) in enumerate(
            [("held", "match", "account"), ("held", "tax", "invoice"), ("skipped", "match", "invoice")]
        )
    ]
    asked = Wanted(outcomes=frozenset({"held"}), entities=frozenset({"invoice"}))
    assert [one.record_id for one in chosen(rows, asked)] == ["1"]
    assert [one.record_id for one in chosen(rows, Wanted(rules=frozenset({"match"})))] == ["0", "2"]
    late = Wanted(since=START + timedelta(minutes=1), rules=frozenset({"match"}))
    assert [one.record_id for one in chosen(rows, late)] == ["2"]


def test_json_counts_the_records_and_gives_each_reason() -> None:
    shown = facts(latest([row(3, "a", "created"), row(2, "b", "skipped")]), [])
    assert shown["counts"] == {"created": 1, "skipped": 1}
    assert {one["id"]: one["reason"] for one in shown["records"]} == {"a": "because 3", "b": "because 2"}


def test_two_records_that_were_linked_are_one() -> None:
    """The customer waited on its own until it was found to be the organisation that had just been made."""
    made, waited = (
        row(3, "a", "created", "Chairs", "1001"),
        replace(row(1, "1001", "waiting"), system="sage_50"),
    )
    again = replace(row(4, "1001", "unchanged", order="1001"), system="sage_50")
    assert latest([made, waited]) == [made]
    assert latest([again, made, waited]) == [made]


def test_the_newest_of_several_rows_counts() -> None:
    assert [one.outcome.kind for one in latest([row(3, "a", "created"), row(1, "a", "held")])] == ["created"]


@pytest.fixture
def tieout(monkeypatch: pytest.MonkeyPatch) -> Tieout:
    """Runs `tieout log` over a story's stores; `terminal` as a person sees it, 80 columns wide."""

    def run(here: World, *arguments: str, terminal: bool = False) -> Result:
        integrations = here.rig.world.integrations
        target = SimpleNamespace(integrations=lambda: integrations, stores=lambda name: here.rig.stores)

        @contextmanager
        def opened(stack: str | None) -> Any:
            yield target

        monkeypatch.setattr(log_module, "read_target", opened)
        for module in (_app, _log_text, _open, _tables, _which, log_module):
            monkeypatch.setattr(module, "on_terminal", lambda: terminal)
        monkeypatch.setattr(_app.out, "soft_wrap", not terminal)
        monkeypatch.setattr(_app.out, "_width", 80)
        return CliRunner().invoke(app, ["log", "-i", NAME, *arguments])

    return run


@pytest.fixture(scope="module")
def fenwicks() -> Orders:
    here = Orders()
    for one, amount in (("0pp0-0188", "10.00"), ("0pp0-0189", "250.00"), ("0pp0-0190", None)):
        here.win(one, name="Fenwick: timber decking", amount=amount)
    here.win("0pp0-0200", name="Garden fence", customer="NOBODY01")
    here.sync()
    return here


def test_c1_of_several_records_of_one_name_it_shows_which(tieout: Tieout, fenwicks: Orders) -> None:
    shown = tieout(fenwicks, "fenwick", terminal=True)
    assert shown.exit_code == 2
    assert max(map(len, shown.output.splitlines())) <= 80
    for told in ("0pp0-0188", "0pp0-0189", "0pp0-0190", "250.00 GBP", "3 records are called “fenwick”"):
        assert told in shown.output
    assert "was made" not in shown.output, "no story of three records as if they were one"
    lines = tieout(fenwicks, "Fenwick: timber decking").output.splitlines()
    assert len(lines) == 3 and all(len(one.split("\t")) >= 5 for one in lines)
    several = json.loads(tieout(fenwicks, "fenwick", "--json").output)["several"]
    assert {one["amount"] for one in several} == {"10.00", "250.00", None}


def test_one_record_has_one_story_with_a_heading(tieout: Tieout, fenwicks: Orders) -> None:
    shown = tieout(fenwicks, "0PP0-0189", terminal=True)
    assert shown.exit_code == 0
    head, *rest = shown.output.splitlines()
    assert head.startswith("sales order Fenwick: timber decking") and "250.00 GBP" in head + rest[0]
    assert "SugarCRM: 0pp0-0189" in shown.output and "created" in shown.output


def test_f9_nothing_of_python_is_shown(tieout: Tieout, fenwicks: Orders) -> None:
    shown = tieout(fenwicks, "0pp0-0189", terminal=True).output
    for python in ("None", "Decimal", "[{", "{'"):
        assert python not in shown
    price = {"field": "lines", "system": SAGE, "before": None, "after": [{"quantity": Decimal("1.00")}]}
    assert change_text(price) == "Lines in Sage Accounting: blank → quantity 1.00"
    drift = {"field": "amount", "system": "sugarcrm", "drift": Decimal("12"), "agreed": None}
    assert change_text(drift) == "Amount in SugarCRM: 12 now, blank was agreed"
    assert change_text({"field": "on_hold", "before": True, "after": False}) == "On hold: yes → no"


def test_a_link_in_a_change_has_its_records_name(tieout: Tieout) -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    here.sync()
    here.wait(minutes=5)
    shown = tieout(here, "ann archer", terminal=True)
    assert shown.exit_code == 0, shown.output
    ids = {link.link_id for link in here.rig.links()}
    assert "Smith & Co" in shown.output and not any(one in shown.output for one in ids)


def test_c2_in_a_pipe_there_is_one_record_a_line_with_its_whole_id(tieout: Tieout, fenwicks: Orders) -> None:
    lines = [one.split("\t") for one in tieout(fenwicks).output.splitlines()]
    assert sorted(one[4] for one in lines) == ["0pp0-0188", "0pp0-0189", "0pp0-0190", "0pp0-0200"]
    assert {len(one) for one in lines} == {11}
    held = tieout(fenwicks, "--outcome", "skipped").output.splitlines()
    assert len(held) == 1 and "amount is blank" in held[0] and "…" not in held[0]


def test_f10_at_80_columns_nothing_is_cut_off_and_the_newest_is_last(
    tieout: Tieout, fenwicks: Orders
) -> None:
    shown = tieout(fenwicks, terminal=True).output
    assert max(map(len, shown.splitlines())) <= 80 and "…" not in shown
    assert "enter the amount of the opportunity" in " ".join(shown.split())
    assert shown.splitlines()[-1].startswith("2 created")
    assert "0pp0-0190" in shown, "three of one name are told apart"
    assert "0pp0-0200" not in shown, "whose name is its own needs no id"
    assert "0pp0-0200" in tieout(fenwicks, "--ids", terminal=True).output


def test_d2_what_waits_is_what_status_counts(tieout: Tieout, fenwicks: Orders) -> None:
    lines = tieout(fenwicks, "--outcome", "waiting").output.splitlines()
    assert [one.split("\t")[4] for one in lines] == ["0pp0-0200"]
    assert tieout(fenwicks, "--outcome", "waiting", "--entity", "account").output == ""
    both = tieout(fenwicks, "--outcome", "waiting", "--outcome", "held").output.splitlines()
    assert len(both) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--run", "nope"), "no run “nope”"),
        (("--outcome", "lost"), "no outcome “lost”"),
        (("--entity", "chair"), "no entity “chair”"),
        (("--since", "soon"), "“soon” is no time"),
        (("nobody",), "tieout why nobody"),
        (("--limit", "0"), "greater than or equal to 1"),
        (("--follow", "0pp0-0189"), "RECORD asks for an answer that ends"),
        (("--follow", "--json"), "--json asks for an answer that ends"),
        (("--follow", "--until", "today"), "--until asks for an answer that ends"),
    ],
)
def test_c3_what_is_not_there_is_a_fault_of_usage(
    tieout: Tieout, fenwicks: Orders, arguments: tuple[str, ...], told: str
) -> None:
    shown = tieout(fenwicks, *arguments)
    assert shown.exit_code == 2 and told in " ".join(shown.output.split())


def test_a_run_a_day_and_a_number_narrow_it(tieout: Tieout, fenwicks: Orders) -> None:
    (run,) = {one.run_id for one in fenwicks.rig.stores.log.rows()}
    assert len(tieout(fenwicks, "--run", run).output.splitlines()) == 4
    assert len(tieout(fenwicks, "--run", run, "--limit", "3").output.splitlines()) == 3
    assert tieout(fenwicks, "--until", "2026-01-01").output == ""
    assert len(tieout(fenwicks, "--since", "2026-01-01", "--rule", "amount").output.splitlines()) == 1


def test_json_has_times_in_utc(tieout: Tieout, fenwicks: Orders) -> None:
    told = json.loads(tieout(fenwicks, "--json").output)
    assert told["counts"] == {"created": 2, "skipped": 1, "waiting": 1}
    assert all(one["at"].endswith("+00:00") for one in told["records"])


def test_what_comes_is_shown_until_it_is_stopped(tieout: Tieout, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Orders()
    here.win("first", amount=None)
    here.sync()
    naps = iter(["second", ""])

    def nap(seconds: float) -> None:
        if (deal := next(naps, None)) is None:
            raise KeyboardInterrupt
        if deal:
            here.win(deal, amount="-1.00")
            here.hear("sugarcrm", deal)

    monkeypatch.setattr("time.sleep", nap)
    shown = tieout(here, "--follow", "--outcome", "held")
    assert shown.exit_code == 0
    assert [one.split("\t")[4] for one in shown.output.splitlines()] == ["second"]


def test_a_story_may_be_cut_to_its_newest_rows(tieout: Tieout) -> None:
    here = Orders()
    here.win("desks", amount=None)
    here.sync()
    here.win("desks", amount="-1.00")
    here.hear("sugarcrm", "desks")
    whole = tieout(here, "desks").output.splitlines()
    assert len(whole) > 1 and tieout(here, "desks", "--limit", "1").output.splitlines() == whole[-1:]
