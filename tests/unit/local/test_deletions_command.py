"""`tieout deletions`: one question with names, and one answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import deletions as module
from local.cli.main import app
from tests.stories.customers import VTIGER
from tests.stories.products import Products


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Products:
    """Six of ten products are missing."""
    made = Products.on_both(10)
    made.lose(VTIGER, *range(6))
    made.sync()

    @contextmanager
    def services(target: object, integration: str | None) -> Iterator[Any]:
        yield made.rig.services()

    monkeypatch.setattr(module, "open_target", lambda stack: None)
    monkeypatch.setattr(module, "services", services)
    return made


def tieout(*arguments: str, **typed: str) -> Result:
    return CliRunner().invoke(app, ["deletions", *arguments], **typed)  # type: ignore[arg-type]


def test_it_lists_what_is_missing_and_is_a_finding(here: Products) -> None:
    done = tieout()
    assert done.exit_code == 1 and "6 of 10 product records" in done.output and "Product 5" in done.output
    (asked,) = json.loads(tieout("--json").stdout)
    assert [one["id"] for one in asked["records"]] == [here.name(number) for number in range(6)]


def test_the_answer_is_confirmed_and_given_once(here: Products) -> None:
    assert tieout("--gone", input="n\n").exit_code == 1
    assert len(here.asked(VTIGER).records) == 6
    done = tieout("--gone", input="y\n")
    assert done.exit_code == 0 and "6 records settled" in done.output
    here.rig.drain()
    assert tieout().exit_code == 0 and tieout("--gone", "--yes").exit_code == 2


def test_some_are_answered_for_by_their_ids(here: Products) -> None:
    assert tieout("product", "--not-gone", "--record", "p0001", "--yes").exit_code == 0
    assert len(here.asked(VTIGER).records) == 5
    assert tieout("--gone", "--record", "nobody", "--yes").exit_code == 2
    assert tieout("account").exit_code == 0, "another entity has no question"
    assert tieout("--gone", "--record", "p0001", "--yes").exit_code == 0, "whoever erred may say so"
