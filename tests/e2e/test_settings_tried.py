"""`check` and `preview` with settings and rules that are not stored: what they say is of the file, and
nothing of it stays."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from shared.operations.proposed import Proposed
from shared.settings import Integration
from tests.e2e.settings_world import ORDER, SETTINGS, Desk, vendors


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with vendors() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: dict[str, str]) -> Desk:
    return Desk(tmp_path, monkeypatch, addresses)


def findings(text: str, subject: str) -> list[str]:
    return [one["message"] for one in json.loads(text) if one["subject"] == subject]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('[line]\nunit_price = "amuont"\n', "amuont"),
        ('[fields]\nphone = "account.no_such_c"\n', "no_such_c"),
    ],
)
def test_m1_a_changed_rules_folder_is_seen_with_settings_and_not_without(
    desk: Desk, rule: str, told: str
) -> None:
    desk.started()
    before = desk.everything()
    desk.rule(ORDER, rule)
    plain, tried = (
        desk.tieout("check", "--json"),
        desk.tieout("check", "--settings", str(desk.file), "--json"),
    )
    assert plain.exit_code == 0 and "rules that are stored" in findings(plain.stdout, "rules")[0]
    (compared,) = findings(plain.stdout, "settings file")
    assert "1 change in" in compared and told in compared and "no part of this" in compared
    assert tried.exit_code == 1, tried.output
    assert any(told in one["message"] for one in json.loads(tried.stdout) if one["level"] == "error")
    assert desk.everything() == before


def test_what_would_change_is_told_and_nothing_where_nothing_would(desk: Desk) -> None:
    desk.started()
    same = desk.tieout("check", "--settings", str(desk.file), "--json")
    assert findings(same.stdout, "would change") == ["Nothing: all of it is stored like this."]
    desk.rule(ORDER, '[poll.where]\nsales_stage = "Invoiced"\n')
    desk.write(SETTINGS.replace("sync-password", "admin-password").replace('"sync"', '"admin"'))
    tried = desk.tieout("check", "--settings", str(desk.file), "--json")
    assert findings(tried.stdout, "would change") == [
        f"rules, {ORDER}, poll.where.sales_stage: “Closed Won” (as shipped) → “Invoiced”",
        "SugarCRM, password: (not shown) → another (not shown)",
        "SugarCRM, user: “sync” → “admin”",
    ]
    assert "admin-password" not in tried.output


def test_without_a_stack_the_file_alone_is_tried(desk: Desk) -> None:
    desk.there = False
    assert desk.tieout("check", "--settings", str(desk.file)).exit_code == 0
    assert desk.stack.integrations().names() == []
    desk.write(SETTINGS.replace("demo-token", "wrong"))
    refused = desk.tieout("check", "--settings", str(desk.file))
    assert refused.exit_code == 1 and "Sage 50" in refused.output


def test_another_integration_of_the_stack_is_not_meant_by_a_file_with_one(desk: Desk) -> None:
    desk.started()
    desk.write(SETTINGS.replace("integration.acme", "integration.trial"))
    tried = desk.tieout("check", "--settings", str(desk.file), "--json")
    assert findings(tried.stdout, "would change") == [
        "the integration trial: nothing → all that the file says of it"
    ]
    assert desk.stack.integrations().names() == ["acme"]


def test_m1_preview_shows_what_the_file_would_do(desk: Desk, addresses: dict[str, str]) -> None:
    desk.started()
    account = {"name": "Acme Ltd", "sales_account_ref_c": "ABS001"}
    (made,) = httpx.post(f"{addresses['sugarcrm']}/_admin/accounts", json=[account], trust_env=False).json()[
        "ids"
    ]
    deal = {"name": "Chairs", "account_id": made, "sales_stage": "Closed Won", "amount": "10.00"}
    httpx.post(f"{addresses['sugarcrm']}/_admin/opportunities", json=[deal], trust_env=False)
    before = desk.everything()
    stored = json.loads(desk.tieout("preview", "sales_order", "--json").stdout)
    desk.rule(ORDER, '[poll.where]\nsales_stage = "Prospecting"\n')
    tried = json.loads(desk.tieout("preview", "sales_order", "--settings", str(desk.file), "--json").stdout)
    assert len(stored["records"]) == 1 and tried["records"] == []
    assert "rules that are stored" in stored["read"][0]["message"]
    assert str(desk.file) in tried["read"][0]["message"]
    assert desk.everything() == before


def test_what_another_address_says_is_not_remembered_for_the_stack_that_works(desk: Desk) -> None:
    desk.started()
    proposed, now, until = Proposed(desk.stack), datetime.now(UTC), datetime(2099, 1, 1, tzinfo=UTC)
    real = desk.stack.stores("acme").cache
    real.put("table", {"sage_50.tax": {"rows": 1}}, until)
    cache = proposed.stores("acme").cache
    assert cache.get("table", ["sage_50.tax"], now), "the same connections: what is known is true of both"
    moved = desk.stored()
    options = {**moved.connections["sage_50"].options, "url": "http://127.0.0.1:9"}
    proposed.integrations().save(_with(moved, options))
    assert not cache.get("table", ["sage_50.tax"], now)
    cache.put("table", {"sage_50.tax": {"rows": 2}}, until)
    assert cache.get("table", ["sage_50.tax"], now) == {"sage_50.tax": {"rows": 2}}
    assert real.get("table", ["sage_50.tax"], now) == {"sage_50.tax": {"rows": 1}}
    proposed.keep()
    assert real.get("table", ["sage_50.tax"], now) == {"sage_50.tax": {"rows": 2}}


def _with(integration: Integration, options: dict[str, str]) -> Integration:
    one = replace(integration.connections["sage_50"], options=options)
    return replace(integration, connections={**integration.connections, "sage_50": one})


def test_m6_faults_of_file_and_rules_are_findings_without_names_of_the_program(desk: Desk) -> None:
    desk.rule(ORDER, '[fields]\namuont = "x"\n[line]\nskuu = "y"\n')
    desk.write(SETTINGS.replace("live = true", 'live = "yes"\ndirections = { sales_ordr = "off" }'))
    for command in (("check",), ("preview",), ("connect", "sugarcrm")):
        done = desk.tieout(*command, "--settings", str(desk.file))
        assert done.exit_code == 1, done.output
        for told in ("line 3: ", "fields.amuont", "line.skuu", 'did you mean "sales_order"?'):
            assert told in done.output, (command, told)
        assert "RuleInvalid" not in done.output and "Error" not in done.output
    missing = desk.tieout("check", "--settings", str(desk.folder / "none.toml"))
    assert missing.exit_code == 1 and "no such file or directory" in missing.output
    assert "Errno" not in missing.output


def test_a_vendor_that_is_not_there_is_told_in_words(desk: Desk) -> None:
    desk.write(SETTINGS.replace("{sugarcrm}", "http://127.0.0.1:9"))
    done = desk.tieout("check", "--settings", str(desk.file))
    assert "SugarCRM did not answer: nothing can be reached at its address" in done.output


def test_m7_a_field_on_one_side_only_is_said_by_check_preview_and_connect(desk: Desk) -> None:
    desk.rule(ORDER, '[fields]\nreference = { path = "next_step", access = "read" }\n')
    said = (
        "The field “reference” of sales order is mapped in SugarCRM (“next_step”) only, and Sage 50 has no "
        "field for it: it is not carried over."
    )
    for command in (("check",), ("preview",), ("connect", "sugarcrm")):
        done = desk.tieout(*command, "--settings", str(desk.file))
        assert done.exit_code == 0 and said in " ".join(done.output.split()), (command, done.output)
    assert said in desk.tieout("check").output, "and it goes on being said"
