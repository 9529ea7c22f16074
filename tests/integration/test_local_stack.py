"""The local stack as a stranger on this machine, a web page, and a bad day meet it."""

import hashlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.cli._poll import queue_polls
from local.cli._queues import poll_depth
from local.cli._unread import unread
from local.cli.status import look, needs_person
from local.stack import launch
from local.stack.deploy import deploy
from local.stack.home import Home, holder, open_home
from local.stack.process import attach, down, status, up
from local.stack.sign_in import link
from local.stack.stack import Stack
from shared.console.actions import ACTIONS
from shared.console.pages import PAGES
from shared.domain.keys import link_id
from shared.domain.link import Link, Outcome
from shared.domain.rules import Rule
from shared.operations.read_fields import TABLES
from shared.operations.settings_text import digest, settings_text
from shared.ports import Commit, Missing
from shared.settings import ENTITIES
from tests.integration.browser import browser, installed
from tests.integration.local_stack import (
    SETTINGS,
    damage_the_newest_state,
    full_disk,
    handlers_code,
    kill_worker,
    lose_the_code,
    silent_vendor,
    taken,
    until,
)

pytestmark = [pytest.mark.stack, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
LIST = "/2015-03-31/functions/"
PRESIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261129%2Feu-west-2%2Flambda%2Faws4_request"
    "&X-Amz-Date=20261129T180000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=abcd"
)


OF_SETTINGS = ("read-fields", "roll-back", "settings-save")
"""Buttons that have a test of their own."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("locked") / "state"
    yield up(SETTINGS, root)
    if pid := holder(root):
        launch.end(open_home(root), pid)


def ask(stack: Stack, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(method, f"{stack.home.endpoint}{path}", headers=named, trust_env=False, timeout=60)


def signed(stack: Stack, key: Credentials, body: bytes = b"") -> dict[str, str]:
    request = AWSRequest("GET", f"{stack.home.endpoint}{LIST}", data=body)
    SigV4Auth(key, "lambda", launch.REGION).add_auth(request)
    return dict(request.headers)


def functions_key(stack: Stack) -> Credentials:
    """As the emulator would derive it, from names that anyone can guess."""
    name = "tieout-poll-changes"
    arn = f"arn:aws:lambda:{launch.REGION}:000000000000:function:{name}"
    found = stack.target.client("lambda").get_function(FunctionName=name)["Configuration"]
    digest = hashlib.sha256(f"{arn}:{found['Role']}".encode()).hexdigest()
    secret, token = (hashlib.sha256(f"{word}:{digest}".encode()).hexdigest() for word in ("secret", "token"))
    return Credentials(f"ASIA{digest[:16].upper()}", secret, token)


def test_f1_a_stranger_who_knows_only_the_port_gets_nothing(stack: Stack) -> None:
    guesses = [
        Credentials("test", "test"),
        Credentials("000000000000", "test"),
        Credentials("000000000000", ""),
        Credentials(launch.ROOT_KEY, "test"),
        functions_key(stack),
    ]
    answers = [ask(stack, LIST), ask(stack, f"{LIST}?{PRESIGNED}")]
    answers += [ask(stack, LIST, **signed(stack, guess)) for guess in guesses]
    answers += [ask(stack, "/_tieout/release"), ask(stack, "/_tieout/save", x_tieout_key="guess")]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert not any("Functions" in answer.text for answer in answers)

    own = Credentials(launch.ROOT_KEY, stack.home.secret)
    assert "Functions" in ask(stack, LIST, **signed(stack, own)).json()
    assert ask(stack, LIST, origin="null", **signed(stack, own)).status_code == 403
    assert ask(stack, LIST, **{**signed(stack, own), "X-Amz-Date": "20261129T180000Z"}).status_code == 403
    assert ask(stack, LIST, **signed(stack, own, b"another body")).status_code == 403


def test_a_web_page_is_told_nothing_and_may_press_nothing(stack: Stack) -> None:
    host = httpx.URL(stack.target.address("ConsoleUrl")).netloc.decode()
    for page in ("https://evil.example", "null"):
        preflight = ask(stack, LIST, "OPTIONS", origin=page, access_control_request_method="POST")
        assert preflight.status_code == 403
        assert not any(name.startswith("access-control") for name in preflight.headers)
    assert ask(stack, "/main/", host=host).status_code == 200
    assert ask(stack, "/main/sync", "POST", host=host, sec_fetch_site="cross-site").status_code == 403
    assert ask(stack, "/main/", host=host, sec_fetch_site="cross-site").status_code == 200
    assert ask(stack, "/_ministack/config", "POST", host=host).status_code == 403


def test_the_functions_use_keys_that_the_gate_knows(stack: Stack) -> None:
    """Queueing and dead letters are read by the console function itself: it answers only if its calls
    pass."""
    assert stack.target.call("ConsoleUrl", "/main/").status_code == 200
    assert all(stack.target.stores("main").queue.depth(entity) == 0 for entity in ENTITIES)


def test_its_files_are_its_owners_alone(stack: Stack) -> None:
    root = stack.home.root
    assert root.stat().st_mode & 0o077 == 0
    code = list((root / "emulator" / "lambda-blobs").glob("*.zip"))
    assert code and all(found.stat().st_mode & 0o077 == 0 for found in code)
    unpacked = list(handlers_code(stack.pid))
    assert unpacked and all(found.is_relative_to(root) for found in unpacked), "a temp folder can be lost"


def test_f2_every_button_of_the_console_may_do_what_it_does(stack: Stack) -> None:
    """With the function's own rights, which the emulator enforces: no button ends in AccessDenied."""
    target, now = stack.target, datetime.now(UTC)
    integrations, missing = target.integrations(), target.stores("main").missing
    before = integrations.state("main")
    why = "more than 1000 records changed"
    integrations.change_state("main", before, replace(before, braked={"sales_order.sugarcrm": why}))
    missing.note("sugarcrm", "sales_order", [Missing(str(n), now, verdict="asked", of=9) for n in range(9)])
    missing.flag("sugarcrm", "sales_order")

    own = {"Cookie": signed_in(stack)}
    page = target.call("ConsoleUrl", "/main/", headers=own)
    assert page.status_code == 200 and why[1:] in page.text
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    record = {"system": "sugarcrm", "entity": "sales_order", "record": "1"}
    sqs, dead = target.client("sqs"), target.dead_letters("user")
    for body in ("first", "second"):
        sqs.send_message(QueueUrl=dead, MessageBody=body)
    held = Link(
        link_id("main", "account", "sugarcrm", "a1"),
        "account",
        "sugarcrm",
        "a1",
        outcome=Outcome("held", "perhaps there already", Rule.MATCH, value="C1"),
    )
    target.stores("main").links.commit(Commit(held, 0, "test"), now)
    like = {"system": "sugarcrm", "entity": "account", "record": "a1"}
    alike = {"kind": "held", "entity": "account", "rule": "match", "field": ""}
    pressed = {
        "release": ({"list": "sales_order.sugarcrm"}, "released"),
        "deletions": ({"list": "sales_order.sugarcrm", "gone": "no", "until": now.isoformat()}, "settled"),
        "sync": ({}, "polling"),
        "retry": (record, "queued"),
        "retry-group": (alike, "queued"),
        "decide": ({**like, "other": "C1", "verdict": "different"}, "decided"),
        "decide-many": ({**alike, "one": "same a1/C1"}, "decided-many"),
        "accept": ({**like, "field": "name", "side": "sugarcrm", "stamp": "0~a:b~c:d"}, "not-accepted"),
        "skip": (like, "not-said"),
        "take-up": (like, "not-said"),
        "preview": ({}, "previewing"),
        "dead-letters": ({"do": "drop", "queue": "user"}, "dropped"),
    }
    of_connections = {one for one in ACTIONS if one.startswith("connection-")}  # pressed in tests/e2e
    assert {*pressed, *OF_SETTINGS, *of_connections} == set(ACTIONS)
    assert "2 dead letters" in target.call("ConsoleUrl", "/main/dead-letters", headers=own).text
    for action, (fields, done) in pressed.items():
        answer = target.call(
            "ConsoleUrl", f"/main/{action}", "POST", data={"token": token, **fields}, headers=own
        )
        assert (action, answer.status_code) == (action, 303), answer.text
        assert f"done={done}" in answer.headers["location"], answer.headers["location"]
    (said,) = target.stores("main").decisions.of("account")
    assert (said.verdict, said.earlier[0][0]) == ("same", "different")
    target.stores("main").links.erase(held.link_id)
    one = target.call("ConsoleUrl", "/main/connection", headers=own, params={"system": "sage_50"})
    assert one.status_code == 200
    for name in sorted({*PAGES} - {"connection", "open", "record", "to-vendor", "version"}):
        assert target.call("ConsoleUrl", f"/main/{name}", headers=own).status_code == 200, name
    for query in ({"outcome": "failed"}, {"run": "20261122T101500Z-a1b2"}):
        assert target.call("ConsoleUrl", "/main/log", headers=own, params=query).status_code == 200
    assert target.call("ConsoleUrl", "/main/record", headers=own, params=record).status_code in (200, 404)
    assert (
        not integrations.state("main").braked.get("sales_order.sugarcrm")
        or integrations.state("main").released
    )
    integrations.change_state("main", integrations.state("main"), before)
    trail = target.console().audit.newest("main")
    assert {one.action for one in trail} == set(pressed)
    assert {(one.name, bool(one.result)) for one in trail} == {("admin@localhost", True)}


def test_f2_settings_are_tried_stored_and_rolled_back_with_the_functions_own_rights(stack: Stack) -> None:
    target, own, integrations = stack.target, {"Cookie": signed_in(stack)}, stack.target.integrations()
    stored, cache = integrations.load("main"), target.stores("main").cache
    rows: dict[str, dict[str, list[str]]] = {
        f"sage_50.{name}": {"rows": []} for name in ("tax_codes", "currencies")
    }
    cache.put(TABLES, {**rows, "sugarcrm.currencies": {"rows": []}}, datetime.now(UTC) + timedelta(hours=1))

    def post(action: str, **form: str) -> httpx.Response:
        return target.call(
            "ConsoleUrl", f"/main/{action}", "POST", data={"token": token, **form}, headers=own
        )

    def hidden(page: str, name: str) -> str:
        return page.partition(f'name="{name}" value="')[2].partition('"')[0]

    token = hidden(target.call("ConsoleUrl", "/main/settings", headers=own).text, "token")
    tried = post(
        "mapping",
        **{"entity": "sales_order", "text.1": "[fields]\ndelivery_name = { max = 7 }\n", "do": "try"},
    )
    assert tried.status_code == 200 and "Nothing to try" in tried.text, tried.text
    shown = post("settings", **{"brake.records": "40"}).text
    form = {name: hidden(shown, name) for name in ("draft", "base")}
    for action, fields, done in (
        ("settings-save", form, "settings-saved"),
        ("settings-save", form, "settings-overtaken"),
        ("read-fields", {"entity": "sales_order"}, "reading-fields"),
    ):
        assert f"done={done}" in post(action, **fields).headers["location"]
    assert integrations.load("main").brake == {"records": 40}
    first, base = integrations.versions("main")[-1], digest(settings_text(integrations.load("main")))
    back = post("roll-back", version=first.id, base=base)
    assert "done=rolled-back" in back.headers["location"]
    assert integrations.load("main") == stored
    assert target.call("ConsoleUrl", "/main/version", headers=own).status_code == 200


def test_a_link_signs_in_once_with_the_functions_own_rights(stack: Stack) -> None:
    """Through the embedded Cognito: code, PKCE, state, nonce, and a token from its endpoint."""
    sent = link(stack.target, "main", "viewer")
    cookie = signed_in(stack, sent)
    answer = stack.target.call("ConsoleUrl", "/main/", headers={"Cookie": cookie})
    assert answer.status_code == 200
    token = answer.text.partition('name="token" value="')[2].partition('"')[0]
    own = {"Cookie": cookie}
    sync = stack.target.call("ConsoleUrl", "/main/sync", "POST", data={"token": token}, headers=own)
    assert (sync.status_code, "an administrator can" in sync.text) == (403, True)

    begun = open_link(stack, sent)
    assert begun.status_code == 403 and "used already" in begun.text
    stack.target.console().sessions.end_all("viewer@localhost")
    gone = stack.target.call("ConsoleUrl", "/main/", headers=own)
    assert "/-/sign-in" in gone.text and "Sync now" not in gone.text
    (entry, *_) = stack.target.console().audit.newest("")
    assert (entry.action, entry.name, entry.detail) == ("sign in", "viewer@localhost", "viewer")


def test_the_sign_in_lets_nobody_in_without_a_ticket(stack: Stack) -> None:
    """Nor by the emulator's own ways: its form, its other grants, a page that posts."""
    begun = stack.target.call("ConsoleUrl", "/-/sign-in")
    asked = httpx.URL(begun.headers["location"])
    assert httpx.get(asked, trust_env=False).status_code == 403
    for hint in ("guess", "admin@localhost"):
        assert httpx.get(asked.copy_merge_params({"login_hint": hint}), trust_env=False).status_code == 403
    for missing in ("nonce", "state", "code_challenge"):
        assert httpx.get(asked.copy_remove_param(missing), trust_env=False).status_code == 400
    twice = httpx.get(f"{asked}&client_id=x", trust_env=False)
    assert twice.status_code == 400
    own = f"localhost:{stack.home.port}"
    assert ask(stack, "/login", "POST", host=own).status_code == 403
    assert ask(stack, "/oauth2/token", "POST", host=own).status_code == 400
    assert ask(stack, "/oauth2/token", "POST", host=own, origin="null").status_code == 403
    assert ask(stack, "/_tieout/ticket/admin@localhost", host=own).status_code == 403
    host = httpx.URL(stack.target.address("ConsoleUrl")).netloc.decode()
    assert "client_id" not in ask(stack, "/oauth2/authorize", host=host).text


def signed_in(stack: Stack, sent: str = "") -> str:
    """What a browser has after it opened the link."""
    back = open_link(stack, sent or link(stack.target, "main"))
    assert back.status_code == 302, back.text
    came = httpx.URL(back.headers["location"])
    cookies = {"Cookie": back.request.headers["x-begun"]}
    answer = stack.target.call("ConsoleUrl", came.path, params=dict(came.params), headers=cookies)
    assert (answer.status_code, answer.headers["location"]) == (303, "/main/"), answer.text
    return str(answer.headers["set-cookie"]).split(";")[0]


def open_link(stack: Stack, sent: str) -> httpx.Response:
    """To the provider's answer; the cookie of the console is handed on in a header of ours."""
    address = httpx.URL(sent)
    begun = stack.target.call("ConsoleUrl", address.path, params=dict(address.params))
    assert begun.status_code == 303, begun.text
    headers = {"x-begun": str(begun.headers["set-cookie"]).split(";")[0]}
    return httpx.get(begun.headers["location"], headers=headers, trust_env=False)


def test_the_digest_is_sent_with_the_functions_own_rights(stack: Stack) -> None:
    answer = stack.target.client("lambda").invoke(FunctionName="tieout-notify", Payload=b'{"detail": "{}"}')
    told = answer["Payload"].read().decode()
    assert "FunctionError" not in answer and told == '{"told": 1}', told


def test_a_trigger_that_is_switched_off_is_told_by_status(stack: Stack) -> None:
    client, main = stack.target.client("lambda"), stack.target.integrations().load("main")
    assert unread(stack.target, main) == []
    [trigger] = client.list_event_source_mappings(FunctionName="tieout-sync-sales_order")[
        "EventSourceMappings"
    ]
    client.update_event_source_mapping(UUID=trigger["UUID"], Enabled=False)
    try:
        [told] = unread(stack.target, main)
        assert "SyncSalesOrder=yes" in told
    finally:
        client.update_event_source_mapping(UUID=trigger["UUID"], Enabled=True)


def test_a_command_reads_without_botocore_what_botocore_reads(stack: Stack) -> None:
    """The session of `up` is boto3's own, that of every other command the quick one."""
    quick, whole = attach(stack.home.root), stack.target
    assert (quick.outputs, quick.parameters) == (whole.outputs, whole.parameters)
    found, wanted = ({one["name"]: one for one in look(target)["integrations"]} for target in (quick, whole))
    assert found.keys() == wanted.keys()
    told = ("live", "open", "parked", "connections", "calls", "intervals")
    assert [{name: one[name] for name in told} for one in found.values()] == [
        {name: one[name] for name in told} for one in wanted.values()
    ]
    assert quick.any_stores().queue.depth("user") == whole.any_stores().queue.depth("user") == 0


def test_m2_a_second_stack_beside_the_first_has_schedules_of_its_own(stack: Stack) -> None:
    """The emulator replaces a schedule whose name is taken, so what it says is not enough: each stack's three
    are looked for, each with its own function as target."""
    code = next((stack.home.root).glob("**/*.zip"))
    switched = {"PollMinutes": "30", "AllowLocal": "yes"}
    deploy(stack.target.client, "second", ROOT / "template.yaml", code, switched)
    listed = stack.target.client("scheduler").list_schedules()["Schedules"]
    targets = {one["Name"]: one["Target"]["Arn"].rsplit(":", 1)[-1] for one in listed}
    assert targets == {
        f"{name}-{function}": f"{name}-{function}"
        for name in ("tieout", "second")
        for function in ("poll-changes", "reconcile", "notify")
    }


def test_f18_the_messages_of_a_killed_worker_come_back_within_seconds(stack: Stack) -> None:
    """On AWS they are invisible for the time-out of the queue, half an hour here."""
    known = stack.target.integrations()
    with silent_vendor() as vendor:
        live(stack, f"http://127.0.0.1:{vendor.getsockname()[1]}")
        [run] = queue_polls(stack.target, "main", "sales_order")
        vendor.accept()
        kill_worker(stack.pid, "tieout-poll-changes")
    log = stack.target.stores("main").log
    until(
        "the poll was done again",
        lambda: [one for one in log.runs() if one.run_id == run and one.finished_at],
    )
    known.previews_only("main")
    until("it is acknowledged", lambda: poll_depth(stack.target) == 0)


def test_a_full_disk_is_told_and_it_goes_on_when_there_is_room(stack: Stack) -> None:
    home, log = stack.home, stack.target.stores("main").log
    with full_disk(stack.pid):
        log.count("20261120T090000Z-aaaa", {"created": 1})
        before = len(log.runs())
        until("status tells", lambda: status(home.root).unsaved)
        told = status(home.root)
        assert told.state == "running" and needs_person({"state": told.state, "unsaved": told.unsaved})
        assert launch.control(home, "status")["held"], "nothing is begun that could not be saved"
        queue_polls(stack.target, "main", "sales_order")
        time.sleep(2)
        assert len(log.runs()) == before and poll_depth(stack.target) > 0
    until("it goes on", lambda: len(log.runs()) > before)
    until("it is acknowledged", lambda: poll_depth(stack.target) == 0)
    assert status(home.root).unsaved == ""


@pytest.mark.skipif(not installed(), reason="no Chromium here: apt-get install chromium")
def test_in_a_real_browser_our_button_works_and_other_pages_read_and_press_nothing(
    stack: Stack, tmp_path: Path
) -> None:
    address = f"{stack.target.address('ConsoleUrl')}main/"
    log = stack.target.stores("main").log
    with browser(tmp_path) as page, foreign_pages() as others:
        page.open(link(stack.target, "main"))
        page.until("document.querySelector('form[action$=sync]')")
        before = len(log.runs())
        page.run("document.querySelector('form[action$=sync] button').click()")
        page.until("document.body.innerText.includes('will be read now')")
        until("our button has polled", lambda: len(log.runs()) > before)

        until("it is quiet", lambda: poll_depth(stack.target) == 0)
        before = len(log.runs())
        for other in others:
            page.open(other)
            targets = [
                address,
                f"{address}sync",
                f"{stack.home.endpoint}{LIST}",
                f"{stack.home.endpoint}/_tieout/save",
            ]
            assert page.run(TRIES.replace("TARGETS", json.dumps(targets))) == []
            page.run(FORM.replace("TARGET", f"{address}sync"))
            page.until("document.body.innerText.includes('Refused')")
        time.sleep(1)
        assert len(log.runs()) == before and poll_depth(stack.target) == 0


TRIES = """(async () => {
  const read = [];
  for (const target of TARGETS)
    for (const method of ['GET', 'POST'])
      for (const mode of ['cors', 'no-cors'])
        try {
          const body = method === 'POST' ? 'a=b' : null;
          const answer = await fetch(target, {method, mode, credentials: 'include', body});
          const text = await answer.text();
          if (text || answer.status) read.push([target, method, mode, answer.status, text.slice(0, 80)]);
        } catch (fault) { /* refused, as it should be */ }
  return read;
})()"""
FORM = """(() => {
  const form = document.createElement('form');
  form.method = 'POST'; form.action = 'TARGET';
  document.body.append(form); form.submit();
})()"""


@contextmanager
def foreign_pages() -> Iterator[list[str]]:
    """The same page under two names that are not the console's."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>another page</p>")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        port = server.server_address[1]
        yield [f"http://127.0.0.1:{port}/", f"http://evil.localhost:{port}/"]
        server.shutdown()


def live(stack: Stack, address: str) -> None:
    """SugarCRM is at this address, and polls go through."""
    known = stack.target.integrations()
    main = known.load("main")
    connections = {
        name: replace(one, options={**one.options, "url": address}) if name == "sugarcrm" else one
        for name, one in main.connections.items()
    }
    known.save(replace(main, connections=connections))
    before = known.state("main")
    known.change_state("main", before, replace(before, live=True))


def test_f9_to_f13_after_a_bad_day_it_tells_the_truth_and_goes_on(stack: Stack) -> None:
    home = stack.home
    unpacked = list(handlers_code(stack.pid))
    os.kill(stack.pid, signal.SIGSTOP)
    assert status(home.root).state == "silent"
    with pytest.raises(launch.StackFault, match="does not answer"):
        up(None, home.root)
    assert down(home.root) is True and not launch.alive(stack.pid)
    assert status(home.root).state == "stopped" and down(home.root) is None
    assert unpacked and not any(found.exists() for found in unpacked), "no copy of the code is left behind"

    lose_the_code(home)
    damage_the_newest_state(home)
    (home.root / "lock").write_text("1")  # an id that belongs to somebody else by now
    with taken(home.port):
        again = two_commands_at_once(home)
        assert again.home.port != home.port
        assert again.target.call("ConsoleUrl", "/main/").status_code == 200, "its code is there again"
        assert again.target.integrations().state("main").recovering_since is not None
        assert queues_are_read(again), "though their addresses named the old port"
        assert status(home.root).state == "running"
        assert down(home.root) is True


def two_commands_at_once(home: Home) -> Stack:
    """One of them starts the stack, the other one is told so."""
    with ThreadPoolExecutor(2) as two:
        found = [two.submit(up, None, home.root) for _ in range(2)]
        faults = [one.exception() for one in found]
    refused = [fault for fault in faults if fault is not None]
    assert len(refused) == 1 and re.search("Another command|already running", str(refused[0])), faults
    return next(one.result() for one in found if one.exception() is None)


def queues_are_read(stack: Stack) -> bool:
    """A poll that is queued leaves a run in the log, before going live too."""
    queue_polls(stack.target, "main", "sales_order")
    end = time.monotonic() + 30
    while not stack.target.stores("main").log.runs() and time.monotonic() < end:
        time.sleep(0.2)
    return bool(stack.target.stores("main").log.runs())
