"""A release that refuses the stored rules: `tieout status` says so first, and tells of the rest as ever."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from local.cli import status as module
from local.cli._status_text import print_status
from local.cli.status import needs_person
from tests.properties.rig import NAME
from tests.stories.customers import VTIGER, Customers

FLOW = "flows/vtiger--sage_accounting.toml"


def looked(
    monkeypatch: pytest.MonkeyPatch, synced: bool = True, unread: Any = lambda *_: [], **changed: Any
) -> dict[str, Any]:
    """What is found while nothing else is amiss."""
    here = Customers()
    if synced:
        here.enter(VTIGER, "smith", name="Smith")
        here.sync()
    stored = here.rig.world.integrations
    stored.save(replace(stored.load(NAME), **changed))
    monkeypatch.setattr(module, "silent", lambda *_: [])
    monkeypatch.setattr(module, "unread", unread)
    target: Any = SimpleNamespace(integrations=lambda: stored, stores=lambda _: here.rig.stores)
    return module._integration(target, NAME)


@pytest.mark.parametrize("synced", [True, False])
def test_rules_that_are_refused_come_first_and_need_a_person(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], synced: bool
) -> None:
    def compiles(*_: Any) -> list[str]:
        raise AssertionError("the queues of lists that nobody knows were looked for")

    found = looked(monkeypatch, synced, compiles, rules={FLOW: "[account]\nnonsense = 1\n"})
    assert "nonsense" in found["refused"] and needs_person({"integrations": [found]})
    print_status({"integrations": [found]})
    _, head, first, *rest = capsys.readouterr().out.splitlines()
    assert head.startswith(NAME)
    assert first.startswith("  refused nothing is synchronised, because this release refuses")
    assert "tieout connect SYSTEM --settings FILE" in " ".join(rest)


def test_a_flow_that_is_no_longer_shipped_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no flow" in looked(monkeypatch, flow="vtiger--sage_200")["refused"]


def test_rules_that_are_taken_need_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for rules in ({}, {FLOW: "# nothing\n"}):
        found = looked(monkeypatch, rules=rules)
        assert found["refused"] == "" and not needs_person({"integrations": [found]})
