"""What `tieout why` prints, and its exit code; the causes themselves are in tests/stories/test_why.py."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import _app
from local.cli import why as why_module
from local.cli.main import app
from tests.stories.orders import Orders

Tieout = Callable[..., Result]


@pytest.fixture
def tieout(monkeypatch: pytest.MonkeyPatch) -> Tieout:
    def run(here: Orders, *arguments: str, terminal: bool = False) -> Result:
        @contextmanager
        def opened(target: Any, integration: str | None) -> Iterator[Any]:
            yield here.rig.services()

        monkeypatch.setattr(why_module, "open_target", lambda stack: None)
        monkeypatch.setattr(why_module, "services", opened)
        monkeypatch.setattr(why_module, "dead", lambda target, queue: 0)
        monkeypatch.setattr(why_module, "unread_lists", lambda target, integration: {})
        monkeypatch.setattr(why_module, "on_terminal", lambda: terminal)
        monkeypatch.setattr(_app.out, "soft_wrap", not terminal)
        monkeypatch.setattr(_app.out, "_width", 80)
        return CliRunner().invoke(app, ["why", *arguments])

    return run


@pytest.fixture(scope="module")
def here() -> Orders:
    made = Orders()
    made.win("blank", name="Fenwick: timber decking", amount=None)
    made.win("made", name="Fenwick: timber decking", amount="250.00")
    made.win("fence", name="Garden fence")
    made.sync()
    made.edit("lost", name="Never won", stage="Closed Lost")
    return made


def test_a_person_reads_the_cause_and_the_cure(tieout: Tieout, here: Orders) -> None:
    shown = tieout(here, "blank", terminal=True)
    assert shown.exit_code == 1 and max(map(len, shown.output.splitlines())) <= 80
    told = " ".join(shown.output.split())
    assert "sales order Fenwick: timber decking (Smith & Co) SugarCRM blank The amount is blank:" in told
    assert "→ Do what the sentence says." in told


def test_what_is_well_needs_nobody(tieout: Tieout, here: Orders) -> None:
    shown = tieout(here, "garden fence")
    assert shown.exit_code == 0 and shown.output.split("\t")[1] == "there"


def test_a_record_without_a_row_is_told_why(tieout: Tieout, here: Orders) -> None:
    shown = tieout(here, "Never won")
    assert shown.exit_code == 1
    record, name, says, cure = shown.output.rstrip("\n").split("\t")
    assert (record, name) == ("sugarcrm/sales_order/lost", "where")
    assert "“Closed Lost”; this flow takes only “Closed Won”" in says and "condition" in cure


def test_of_several_it_shows_which(tieout: Tieout, here: Orders) -> None:
    shown = tieout(here, "fenwick", terminal=True)
    assert shown.exit_code == 2
    assert "sugarcrm/sales_order/blank" in shown.output and "250.00 GBP" in shown.output
    assert len(json.loads(tieout(here, "fenwick", "--json").output)) == 2


def test_in_a_pipe_a_record_that_is_nowhere_is_one_line_too(tieout: Tieout, here: Orders) -> None:
    assert tieout(here, "nobody").output.split("\t")[:2] == ["nobody", "no such record"]


def test_a_record_that_is_nowhere_is_told_to_be_so(tieout: Tieout, here: Orders) -> None:
    shown = tieout(here, "nobody", "--json")
    assert shown.exit_code == 1
    (one,) = json.loads(shown.output)
    assert one["causes"][0]["name"] == "no such record" and "Sage 50 and SugarCRM" in one["causes"][0]["says"]
