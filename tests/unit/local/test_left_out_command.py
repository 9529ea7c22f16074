"""`tieout decide RECORD skip` and `take-up`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import _left_out
from local.cli import decide as decide_module
from local.cli.main import app
from shared.domain.rules import Rule
from tests.stories.orders import Orders

Tieout = Callable[..., Result]


@pytest.fixture
def tieout(monkeypatch: pytest.MonkeyPatch) -> Tieout:
    def run(here: Orders, *arguments: str) -> Result:
        @contextmanager
        def opened(target: Any, integration: str | None) -> Iterator[Any]:
            yield here.rig.services()

        monkeypatch.setattr(decide_module, "open_target", lambda stack: None)
        monkeypatch.setattr(_left_out, "services", opened)
        monkeypatch.setattr(_left_out, "somebody", lambda: "ann")
        return CliRunner().invoke(app, ["decide", *arguments])

    return run


@pytest.fixture
def here() -> Orders:
    made = Orders()
    made.win("blank", name="Fenwick: timber decking", amount=None)
    made.win("other", name="Otley: shelves", amount=None)
    made.sync()
    return made


def test_a_record_is_left_out_by_its_name_and_taken_up_again(tieout: Tieout, here: Orders) -> None:
    told = tieout(here, "Fenwick: timber decking", "skip")
    assert told.exit_code == 0 and "is left out for good" in told.output
    here.rig.drain()
    here.says("skipped", "left out for good by ann", rule=Rule.LEFT_OUT)
    again = tieout(here, "blank", "skip")
    assert again.exit_code == 2 and "already" in again.output
    assert "taken up again" in tieout(here, "blank", "take-up").output
    here.rig.drain()
    here.says("skipped", rule="amount")


def test_a_dry_run_says_nothing_to_anybody(tieout: Tieout, here: Orders) -> None:
    assert "Nothing was stored" in tieout(here, "blank", "skip", "--dry-run").output
    assert here.rig.world.queue.next_visible() is None


def test_a_program_reads_what_was_said(tieout: Tieout, here: Orders) -> None:
    told = json.loads(tieout(here, "blank", "skip", "--json").output)
    assert (told["record"], told["says"]) == ("blank", "skip") and told["run"]


@pytest.mark.parametrize("arguments", [("nobody", "skip"), ("blank", "skip", "other"), ("blank", "take-up")])
def test_what_cannot_be_said_is_a_usage_fault(
    tieout: Tieout, here: Orders, arguments: tuple[str, ...]
) -> None:
    assert tieout(here, *arguments).exit_code == 2
    assert here.rig.world.queue.next_visible() is None
