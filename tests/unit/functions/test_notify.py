"""Alarms and digests, as they reach mail and chat."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from moto import mock_aws

from functions.notify import app, chat
from shared.domain.link import Outcome
from shared.domain.rules import FlowRule, Rule
from shared.errors import MissingPermission
from shared.operations.digest import digest
from shared.ports import Commit, Run
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from tests.contract.stored import link
from tests.contract.stores_world import START, OnMoto
from tests.e2e.world import context

SLACK = "https://hooks.slack.example.com/services/T0/B0/secret"
TEAMS = "https://prod-1.westeurope.logic.azure.com/workflows/secret"
ALARM = json.loads((Path(__file__).parents[3] / "events" / "notify.alarm.json").read_text())
TOLD = (
    "Alarm: No poll has begun for an hour, so changes go unnoticed; is the schedule switched off? "
    "(tieout-PollHeartbeatAlarm-AB12)"
)


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What is posted, without a network."""
    found: list[tuple[str, Any]] = []

    def post(address: str, json: Any, **how: Any) -> httpx.Response:
        assert how == {"timeout": 10.0, "follow_redirects": False, "trust_env": False}
        found.append((address, json))
        return httpx.Response(200)

    monkeypatch.setattr(httpx, "post", post)
    monkeypatch.setattr(chat, "guard", lambda *_, **__: lambda address: None)
    return found


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[OnMoto]:
    with mock_aws():
        here = OnMoto()
        secret = here.clients.secretsmanager.create_secret(Name="tieout-chat", SecretString=SLACK)["ARN"]
        topic = here.clients.sns.create_topic(Name="tieout-digest")["TopicArn"]
        env = here.env
        for name, value in {
            "STATE_TABLE": env.state_table, "LOG_TABLE": env.log_table, "ARCHIVE_BUCKET": env.archive_bucket,
            "TOKEN_KEY": env.token_key, "SECRET_PREFIX": "tieout/", "QUEUE_PREFIX": env.queue_prefix,
            "POLL_QUEUE": env.poll_queue, "LOG_DAYS": "90", "ALLOW_LOCAL": "no", "DIGEST_TOPIC": topic,
            "CHAT_SECRET": secret,
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(app, "_clients", here.clients)
        yield here


def test_an_alarm_reaches_the_chat_in_one_sentence(aws: OnMoto, posted: list[tuple[str, Any]]) -> None:
    assert app.handler(ALARM, context()) == {"told": 1}
    assert posted == [(SLACK, {"text": TOLD})]
    well = json.loads(json.dumps(ALARM).replace('\\"ALARM\\"', '\\"OK\\"'))
    app.handler(well, context())
    assert posted[1][1]["text"].startswith("All well again: No poll")
    app.handler({"Records": [{"Sns": {"Message": "not JSON"}}]}, context())
    assert posted[2] == (SLACK, {"text": "not JSON"})


def test_without_a_chat_alarms_go_by_mail_alone(
    aws: OnMoto, posted: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_SECRET", "")
    assert app.handler(ALARM, context()) == {"told": 0} and posted == []


def test_the_digest_goes_to_its_topic_and_the_chat(
    aws: OnMoto, posted: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.handler({"detail": "{}"}, context()) == {"told": 0}, "nobody to write about"
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(aws.clients.sns, "publish", lambda **message: sent.append(message))
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    aws.integrations.save(Integration("main", "sugarcrm--sage_50", connections))
    assert app.handler({"detail": "{}"}, context()) == {"told": 1}
    assert sent[0]["Subject"] == "Tieout, main: 1 thing to look at"
    assert "it only previews" in sent[0]["Message"] and posted == [(SLACK, {"text": sent[0]["Message"]})]


def test_teams_gets_a_card_and_everyone_else_text() -> None:
    assert chat.body("https://chat.example.com/x", "a") == {"text": "a"}
    assert chat.body("https://logic.azure.com.evil.example/x", "a") == {"text": "a"}
    card: Any = chat.body(TEAMS, "one\ntwo")
    assert card["attachments"][0]["content"]["body"][0]["text"] == "one\n\ntwo"


@pytest.mark.parametrize(
    "address", ["http://chat.example.com/x", "https://127.0.0.1/x", "https://169.254.169.254/"]
)
def test_no_address_inside_is_ever_called(address: str) -> None:
    with pytest.raises(MissingPermission):
        chat.post(address, "text")


def test_a_refusal_is_raised_without_the_address(
    posted: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (httpx.Response(302), httpx.Response(404)):
        monkeypatch.setattr(httpx, "post", lambda *_, answer=answer, **__: answer)
        with pytest.raises(chat.NotPosted) as fault:
            chat.post(SLACK, "text")
        assert "secret" not in str(fault.value) + caplog.text

    def fail(*_: Any, **__: Any) -> None:
        raise httpx.ConnectError(f"cannot reach {SLACK}")

    monkeypatch.setattr(httpx, "post", fail)
    with pytest.raises(chat.NotPosted) as fault:
        chat.post(SLACK, "text")
    assert "secret" not in str(fault.value) and fault.value.__cause__ is None


def test_a_digest_says_in_words_what_needs_a_person() -> None:
    world = MemoryWorld(lambda: START)
    stores = world.stores("main")
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    world.integrations.save(Integration("main", "sugarcrm--sage_50", connections))
    world.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))
    quiet = digest("main", world.integrations, stores, START)
    assert (quiet.needs, quiet.subject) == ((), "Tieout, main: nothing to do")
    assert quiet.text.endswith("In the last 24 hours: nothing new.\nOpen now: nothing.\nNothing needs you.")

    old = "20261120T101500Z-0000"
    for run_id in ("20261122T091500Z-0000", old):
        at = START if run_id != old else datetime(2026, 11, 20, 10, tzinfo=UTC)
        stores.log.put_run(Run(run_id, "poll", "sales_order", "sugarcrm", at))
        stores.log.count(run_id, {"created": 12, "held": 1})
    stores.log.put_run(Run("20261122T090000Z-1111", "reconcile", "", "", START, START, "done"))
    why = Outcome("held", "the customer SMITH001 is on hold in Sage 50")
    for number in range(7):
        stores.links.commit(Commit(replace(link(), link_id=f"L{number}", outcome=why), 0, "w"), START)
    stores.gate.pause("sage_50", "the token was refused; run tieout connect sage_50")
    told = digest("main", world.integrations, stores, START)
    assert told.counts == {"created": 12, "held": 1} and told.subject == "Tieout, main: 2 things to look at"
    assert "Sage 50 is paused, and nothing goes to it or comes from it: the token was refused" in told.text
    assert "7 sales order records held until you decide" in told.text and "and 2 more" in told.text
    assert "12 created, 1 held" in told.text


def test_a_digest_tells_of_what_waits_for_a_correction_and_counts_as_the_to_do_list_does() -> None:
    world = MemoryWorld(lambda: START)
    stores = world.stores("main")
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    world.integrations.save(Integration("main", "sugarcrm--sage_50", connections))
    world.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))
    outcomes = [
        Outcome("waiting", "its customer is not linked yet"),
        Outcome("skipped", "not won yet", rule=Rule.WHERE),
        Outcome("skipped", "no amount: enter the amount", rule=FlowRule("amount")),
    ]
    for number, outcome in enumerate(outcomes):
        stores.links.commit(Commit(replace(link(), link_id=f"L{number}", outcome=outcome), 0, "w"), START)
    told = digest("main", world.integrations, stores, START)
    assert told.needs == ("1 record is skipped until it is corrected: see the console",)
    assert "Open now: 1 skipped, 1 waiting." in told.text and "Nothing needs you" not in told.text
    assert told.subject == "Tieout, main: 1 thing to look at"


@pytest.mark.parametrize(
    ("silence", "told"),
    [
        ({"cause": "poll", "hours": 3}, "no list has been read since 22 November, 07:15 UTC"),
        ({"cause": "reconcile", "hours": 30}, "the daily sweep has not come round since 21 November"),
        (
            {"cause": "reconcile", "hours": 3, "state": "stopped", "message": "Vtiger was away"},
            "the daily sweep has not come round yet: Vtiger was away",
        ),
        (
            {"cause": "poll", "hours": 0, "state": "warning", "message": "the sign-in ends on Friday"},
            "the sign-in ends on Friday",
        ),
    ],
)
def test_what_did_not_happen_is_in_the_digest(silence: dict[str, Any], told: str) -> None:
    """Each alone, beside a list and a sweep that are as they should be."""
    world = MemoryWorld(lambda: START)
    stores = world.stores("main")
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    world.integrations.save(Integration("main", "sugarcrm--sage_50", connections))
    world.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))

    def ran(cause: str, hours: float, state: str = "done", message: str = "") -> None:
        at = START - timedelta(hours=hours)
        run_id = f"{at:%Y%m%dT%H%M%SZ}-{cause[:4]}"
        stores.log.put_run(Run(run_id, cause, "", "", at, at, state, message))

    ran("manual", 40)
    for cause in {"poll", "reconcile"} - ({silence["cause"]} if silence.get("state") != "warning" else set()):
        ran(cause, 0.2)
    assert told not in digest("main", world.integrations, stores, START).text
    ran(**silence)
    assert digest("main", world.integrations, stores, START).needs == (told,)


def test_an_integration_of_today_is_not_told_that_it_has_not_been_swept() -> None:
    world = MemoryWorld(lambda: START)
    stores = world.stores("main")
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    world.integrations.save(Integration("main", "sugarcrm--sage_50", connections))
    world.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))
    stores.log.put_run(Run("20261122T100000Z-poll", "poll", "", "", START, START, "done"))
    assert digest("main", world.integrations, stores, START).needs == ()
