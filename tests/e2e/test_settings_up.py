"""`tieout up --settings`: as with `connect`, nothing is stored that fails its check, and nothing on a live
integration unseen; the stack runs all the same, with what was stored before."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.cli import _agree, _taking_over
from local.cli import up as module
from local.cli._proving import prove_all
from local.stack.home import open_home
from shared.operations.proposed import Proposed
from shared.ports import Finding
from tests.e2e.settings_world import ORDER, SETTINGS, Desk, vendors

NOBODY = "http://127.0.0.1:9"
QUICK = "[integration.acme.sugarcrm]\nsettle_seconds = 7"


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with vendors() as found:
        yield found


class Machine(Desk):
    """A desk with a machine of its own; `starts` counts how often the stack was started."""

    starts = 0
    polled: list[str]

    def up(self, *arguments: str, typed: str | None = None) -> Any:
        return self.tieout("up", *arguments, typed=typed)

    def began(self, *given: Any, storing: bool, **options: Any) -> Any:
        assert not storing, "what is stored unseen at the start is stored unproved"
        self.starts += 1
        return SimpleNamespace(pid=1, home=open_home(), target=self.stack, process=None)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: dict[str, str]) -> Machine:
    made = Machine(tmp_path, monkeypatch, addresses)
    made.polled = []
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(module, "start", made.began)
    monkeypatch.setattr(module, "queue_polls", lambda target, name, entity: made.polled.append(name))
    return made


def test_the_first_start_stores_what_is_proved_and_remembers_the_file(desk: Machine) -> None:
    done = desk.up("--settings", str(desk.file))
    assert done.exit_code == 0 and "not stored" not in done.output, done.output
    assert desk.stored().flow == "sugarcrm--sage_50" and desk.stack.integrations().state("acme").live
    assert desk.polled == ["acme"]
    assert desk.up().exit_code == 0 and desk.starts == 2


WRONG = {
    "the CRM's password": (("sync-password", "wrong"), "SugarCRM"),
    "the ledger's token": (("demo-token", "wrong"), "Sage 50"),
    "the ledger's address": (("{sage_50}", NOBODY), "Sage 50"),
    "a field that the CRM lacks": (("", ""), "amuont"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("before", ["live", "previews only", "nothing"])
def test_what_fails_its_check_is_not_stored_and_the_stack_runs(desk: Machine, case: str, before: str) -> None:
    changed, told = WRONG[case]
    if before != "nothing":
        desk.write(SETTINGS if before == "live" else SETTINGS.replace("live = true", "live = false"))
        desk.started()
    stored = desk.everything()
    if case == "a field that the CRM lacks":
        desk.rule(ORDER, '[line]\nunit_price = "amuont"\n')
    desk.write(SETTINGS.replace(*changed))
    done = desk.up("--settings", str(desk.file), "--yes")
    assert done.exit_code == 1 and told in done.output and "connect SYSTEM" in done.output, done.output
    assert desk.starts == 1 and "is running" in done.output
    assert desk.everything() == stored
    assert not open_home().settings_file.exists()


def test_a_live_integration_changes_only_after_it_was_shown_and_asked(
    desk: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_agree, "terminal", lambda: True)
    desk.started()
    before = desk.everything()
    desk.write(SETTINGS.replace("[integration.acme.sugarcrm]", QUICK))
    refused = desk.up("--settings", str(desk.file), typed="n\n")
    assert refused.exit_code == 1 and "SugarCRM, settle_seconds: nothing → “7”" in refused.output
    assert "You said no." in refused.output and desk.everything() == before
    assert desk.up("--settings", str(desk.file), typed="y\n").exit_code == 0
    assert desk.stored().connections["sugarcrm"].options["settle_seconds"] == "7"


@pytest.mark.parametrize("remembered", [False, True])
def test_where_nobody_can_answer_it_runs_with_what_was_stored_and_says_so(
    desk: Machine, remembered: bool
) -> None:
    """As a service that starts with the machine, after somebody has changed the file."""
    desk.up("--settings", str(desk.file))
    before = desk.everything()
    desk.write(SETTINGS.replace("[integration.acme.sugarcrm]", QUICK))
    refused = desk.up() if remembered else desk.up("--settings", str(desk.file))
    assert refused.exit_code == 1 and "--yes" in refused.output and "acme is live" in refused.output
    assert desk.everything() == before and desk.starts == 2
    assert desk.up("--yes").exit_code == 0
    assert desk.stored().connections["sugarcrm"].options["settle_seconds"] == "7"


def test_going_live_is_asked_about_as_well(desk: Machine) -> None:
    desk.write(SETTINGS.replace("live = true", "live = false"))
    assert desk.up("--settings", str(desk.file)).exit_code == 0
    desk.write(SETTINGS)
    refused = desk.up()
    assert refused.exit_code == 1 and "acme goes live with this" in refused.output
    assert not desk.stack.integrations().state("acme").live
    assert desk.up("--yes").exit_code == 0 and desk.stack.integrations().state("acme").live


def test_a_file_that_says_what_is_stored_asks_no_vendor(
    desk: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine starts again, and the vendors are not there yet."""
    desk.started()
    monkeypatch.setattr(_taking_over, "prove_all", lambda proposed: [Finding("error", "x", "was asked")])
    done = desk.up("--settings", str(desk.file))
    assert done.exit_code == 0, done.output


def test_a_start_that_stores_before_it_proves_is_noticed(
    desk: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own check."""

    def first(proposed: Proposed) -> list[Finding]:
        findings = prove_all(proposed)
        proposed.keep()
        return findings

    monkeypatch.setattr(_taking_over, "prove_all", first)
    with pytest.raises(AssertionError):
        test_what_fails_its_check_is_not_stored_and_the_stack_runs(desk, "the ledger's token", "live")
