"""`tieout connect`: nothing is stored that fails its check, and nothing on a live integration unseen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cli import _agree
from tests.e2e.settings_world import ORDER, SETTINGS, Desk, vendors


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with vendors() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: dict[str, str]) -> Desk:
    return Desk(tmp_path, monkeypatch, addresses)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_agree, "terminal", lambda: True)


NOBODY = "http://127.0.0.1:9"
WRONG = {
    "a rule that is no rule": (ORDER, '[fields]\namuont = "x"\n', None, "sugarcrm", "amuont"),
    "a field that the CRM lacks": (ORDER, '[line]\nunit_price = "amuont"\n', None, "sugarcrm", "amuont"),
    "the CRM's address": (None, "", ("{sugarcrm}", NOBODY), "sugarcrm", "SugarCRM"),
    "the ledger's address": (None, "", ("{sage_50}", NOBODY), "sage_50", "Sage 50"),
    "the CRM's password": (None, "", ("sync-password", "wrong"), "sugarcrm", "SugarCRM"),
    "the ledger's token, while the CRM is connected": (
        None,
        "",
        ("demo-token", "wrong"),
        "sugarcrm",
        "sage_50",
    ),
    "the ledger's address, while the CRM is connected": (
        None,
        "",
        ("{sage_50}", NOBODY),
        "sugarcrm",
        "Sage 50",
    ),
    "a field that the CRM lacks, while the ledger is connected": (
        ORDER,
        '[line]\nunit_price = "amuont"\n',
        None,
        "sage_50",
        "amuont",
    ),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("live", ["true", "false"])
def test_m2_connect_stores_nothing_that_fails_its_own_check(desk: Desk, case: str, live: str) -> None:
    name, rule, changed, system, told = WRONG[case]
    desk.write(SETTINGS.replace("live = true", f"live = {live}"))
    desk.started()
    before = desk.everything()
    if name:
        desk.rule(name, rule)
    desk.write(SETTINGS.replace(*changed) if changed else SETTINGS)
    done = desk.tieout("connect", system, "--settings", str(desk.file), "--yes")
    assert done.exit_code == 1 and told in done.output, done.output
    assert desk.everything() == before


def test_m2_a_live_integration_changes_only_after_it_was_shown_and_asked(desk: Desk, terminal: None) -> None:
    desk.started()
    before = desk.everything()
    desk.rule(ORDER, '[poll.where]\nsales_stage = "Invoiced"\n')
    desk.write(SETTINGS.replace('"sync"', '"admin"').replace("sync-password", "admin-password"))
    call = ("connect", "sugarcrm", "--settings", str(desk.file))
    refused = desk.tieout(*call, typed="n\n")
    assert refused.exit_code == 1 and "Nothing was stored." in refused.output
    assert "poll.where.sales_stage: “Closed Won” (as shipped) → “Invoiced”" in refused.output
    assert "user: “sync” → “admin”" in refused.output and "admin-password" not in refused.output
    assert desk.everything() == before
    agreed = desk.tieout(*call, typed="y\n")
    assert agreed.exit_code == 0, agreed.output
    assert ORDER in desk.stored().rules
    assert desk.stack.stores("acme").secrets.get("sugarcrm")["user"] == "admin"
    again = desk.tieout(*call)
    assert again.exit_code == 0 and "will change" not in again.output, "nothing is left to be asked"


def test_m2_where_nobody_can_answer_it_refuses_and_yes_answers(desk: Desk) -> None:
    desk.started()
    before = desk.everything()
    desk.write(
        SETTINGS.replace("[integration.acme.sugarcrm]", "[integration.acme.sugarcrm]\nsettle_seconds = 7")
    )
    call = ("connect", "sugarcrm", "--settings", str(desk.file))
    refused = desk.tieout(*call)
    assert refused.exit_code == 2 and "--yes" in refused.output
    assert "SugarCRM, settle_seconds: nothing → “7”" in refused.output
    assert desk.everything() == before
    assert desk.tieout(*call, "--yes").exit_code == 0
    assert desk.stored().connections["sugarcrm"].options["settle_seconds"] == "7"


def test_m2_typed_credentials_are_a_change_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, terminal: None
) -> None:
    desk.started()
    before = desk.everything()
    monkeypatch.setenv("TIEOUT_SAGE_50_TOKEN", "another-token")
    refused = desk.tieout("connect", "sage_50", typed="n\n")
    assert refused.exit_code == 1 and "token: (not shown) → another (not shown)" in refused.output
    assert "another-token" not in refused.output and desk.everything() == before


def test_what_is_not_live_is_stored_without_a_question(desk: Desk) -> None:
    desk.write(SETTINGS.replace("live = true", "live = false"))
    first = desk.tieout("connect", "sugarcrm", "--settings", str(desk.file))
    assert first.exit_code == 0 and desk.stored().flow == "sugarcrm--sage_50"
    desk.rule(ORDER, '[poll.where]\nsales_stage = "Invoiced"\n')
    second = desk.tieout("connect", "sugarcrm", "--settings", str(desk.file))
    assert second.exit_code == 0 and "“Invoiced”" in second.output and ORDER in desk.stored().rules


def test_m2_going_live_is_asked_about_as_well(desk: Desk, terminal: None) -> None:
    desk.write(SETTINGS.replace("live = true", "live = false"))
    desk.started()
    desk.write(SETTINGS)
    call = ("connect", "sugarcrm", "--settings", str(desk.file))
    refused = desk.tieout(*call, typed="n\n")
    assert refused.exit_code == 1 and "acme goes live with this" in refused.output
    assert not desk.stack.integrations().state("acme").live
    assert desk.tieout(*call, typed="y\n").exit_code == 0
    assert desk.stack.integrations().state("acme").live
