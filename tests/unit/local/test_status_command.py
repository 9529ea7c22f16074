"""What `tieout status` says needs a person, in what order, and with which exit code."""

from collections.abc import Callable
from typing import Any

import pytest

from local.cli import _app, _open, _tables
from local.cli._open import counts_text, example_text, look_open, money
from local.cli._status_text import print_status
from local.cli.status import needs_person
from shared.operations.poll_tasks import polled_lists
from shared.operations.reached import reached
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.stories.world import World

Screen = Callable[[bool], None]


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    def say(yes: bool) -> None:
        for module in (_app, _open, _tables):
            monkeypatch.setattr(module, "on_terminal", lambda: yes)
        monkeypatch.setattr(_app.out, "soft_wrap", not yes)
        monkeypatch.setattr(_app.out, "_width", 80)

    return say


def integration(opened: dict[str, Any], **more: Any) -> dict[str, Any]:
    quiet: dict[str, Any] = {
        "warnings": [],
        "silent": [],
        "braked": {},
        "missing": {},
        "recovering_since": None,
    }
    ok = {"crm": {"state": "ok", "until": None, "url": "http://crm.test", "reason": ""}}
    named = {"name": "main", "flow": "sugarcrm--sage_50", "live": True, "intervals": {}, "parked": 0}
    return {**named, **quiet, "connections": ok, "calls": {}, "open": opened, **more}


def two_reasons() -> Orders:
    here = Orders()
    here.win("blank", amount=None, name="Garden fence")
    here.win("refund", amount="-1250.5", name="Fenwick: timber decking")
    here.win("chairs", customer="NOBODY01")
    here.sync()
    return here


def test_s1_a_held_order_is_told_first_and_needs_a_person() -> None:
    here = two_reasons()
    found = look_open(here.rig.stores)
    assert found["counts"] == {"failed": 0, "held": 1, "skipped": 1, "waiting": 1}
    assert [group["outcome"] for group in found["groups"]] == ["held", "skipped", "waiting"]
    assert needs_person({"integrations": [integration(found)]})


def test_what_waits_or_can_be_mended_later_needs_nobody_at_once() -> None:
    here = Orders()
    here.win("chairs", customer="NOBODY01")
    here.sync()
    assert not needs_person({"integrations": [integration(look_open(here.rig.stores))]})


@pytest.mark.parametrize("kind", ["failed", "held"])
def test_one_record_that_failed_or_is_held_is_enough(kind: str) -> None:
    opened = {"counts": {kind: 1}, "at_least": [], "groups": []}
    assert needs_person({"integrations": [integration(opened)]})
    assert not needs_person({"integrations": [integration({"counts": {}, "at_least": [], "groups": []})]})


def test_at_80_columns_each_group_names_how_many_since_when_and_one_of_them(
    on_a_terminal: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    here = two_reasons()
    on_a_terminal(True)
    print_status({"integrations": [integration(look_open(here.rig.stores), parked=2)]})
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    whole = " ".join(shown.split())
    assert "held 1 sales order record, since 20" in whole
    assert (
        "Fenwick: timber decking (-1,250.50 GBP, Smith & Co): The amount is -1250.50: what is below" in whole
    )
    assert whole.index("held") < whole.index("skipped") < whole.index("waiting")
    assert "Records: 1 held, 1 skipped, 1 waiting, 2 parked." in whole


def test_in_a_pipe_each_group_is_one_line_with_its_id_whole(
    on_a_terminal: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    here = two_reasons()
    on_a_terminal(False)
    print_status({"integrations": [integration(look_open(here.rig.stores))]})
    lines = [one.split("\t") for one in capsys.readouterr().out.splitlines() if "\t" in one]
    assert [(one[0], one[4]) for one in lines] == [
        ("held", "refund"),
        ("skipped", "blank"),
        ("waiting", "chairs"),
    ]


def test_dead_letters_come_before_everything_else(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"queues": {"invoice": {"messages": 0, "dead": 2}, "poll": {"messages": 0, "dead": 1}}}
    print_status(facts)
    assert "3 dead letters: 2 of invoice, 1 of poll. `tieout dead` shows" in capsys.readouterr().out
    assert needs_person(facts)


def test_m2b_a_connection_that_never_answered_is_not_ok() -> None:
    here, orders = Customers(), Orders()
    assert _reached(here) == set()
    here.sync()
    assert _reached(here) == {VTIGER, SAGE}
    orders.sync()
    assert "sage_50" not in _reached(orders)
    orders.win()
    orders.sync()
    assert _reached(orders) == {"sugarcrm", "sage_50"}


def _reached(here: World) -> set[str]:
    flow, stores = here.rig.flow, here.rig.stores
    return reached((flow.crm, flow.sage), lambda: polled_lists(flow), stores, stores.log.runs())


def test_an_amount_is_shown_to_the_penny_and_never_rounded() -> None:
    from decimal import Decimal

    assert money(Decimal("1250"), "GBP") == "1,250.00 GBP"
    assert money(Decimal("-0.125"), "") == "-0.125"
    assert money(Decimal("1E+3"), "EUR") == "1,000.00 EUR"
    assert money(None, "GBP") == ""


def test_a_record_that_nobody_named_has_its_id() -> None:
    example = dict.fromkeys(("name", "number", "currency", "customer"), "")
    assert example_text({**example, "amount": None, "id": "11x49", "system": VTIGER}) == "11x49 in Vtiger"
    named = {**example, "amount": None, "name": "order 1032", "number": "1032", "id": "x", "system": VTIGER}
    assert example_text(named) == "order 1032"


def test_more_than_were_counted_is_at_least_so_many() -> None:
    found = {"counts": {"failed": 0, "held": 500, "skipped": 3, "waiting": 0}, "at_least": ["held"]}
    assert counts_text(found, 0) == "at least 500 held, 3 skipped"
    assert counts_text({"counts": {}, "at_least": []}, 0) == "nothing is open"
