"""The console through its real handler: sign-in, pages, the two buttons, and hostile input."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.console import app
from shared.console.actions import ACTIONS
from shared.domain.record import replace
from shared.ports import Missing
from tests.e2e.world import World, context, world
from tests.sign_in_provider import session_of

EVIL = "<script>alert('x')</script>\"'&"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as made:
        yield made


def ask(
    method: str, path: str, cookie: str = "", form: dict[str, str] | None = None, **query: str
) -> dict[str, Any]:
    return app.handler(
        {
            "rawPath": path,
            "requestContext": {"http": {"method": method}},
            "cookies": [cookie] if cookie else [],
            "queryStringParameters": query,
            "body": urlencode(form or {}),
        },
        context(),
    )


def enter(here: World, *grants: str) -> tuple[str, str]:
    """The session's cookie and the token of its forms."""
    return session_of(here.aws.console, *grants)


def test_nothing_is_said_before_sign_in(here: World) -> None:
    here.opportunity(name="Secret deal", amount="0")
    here.tick()
    here.drain()
    for path in ("/main/", "/main/record"):
        body = ask("GET", path)["body"]
        assert "Secret deal" not in body and "/-/sign-in?back=/main/" in body
    assert ask("POST", "/main/sync")["statusCode"] == 403
    assert ask("GET", "/other/")["body"] == ask("GET", "/main/")["body"].replace("/main/", "/other/")
    assert ask("GET", "/main/../x/y")["statusCode"] == 404
    assert ask("GET", "/other/", enter(here)[0])["statusCode"] == 404


def test_the_log_says_what_happened_and_why(here: World) -> None:
    here.opportunity(name=EVIL, amount="0")
    good = here.opportunity(name="Good deal")
    here.tick()
    here.drain()
    cookie, _ = enter(here)
    body = ask("GET", "/main/", cookie)["body"]
    assert "Good deal" not in body and "above zero" in body and "Sync now" in body
    assert "<script>" not in body and "&lt;script&gt;" in body
    body = ask("GET", "/main/log", cookie)["body"]
    assert "Good deal" in body and "above zero" in body
    only = ask("GET", "/main/log", cookie, outcome="created")["body"]
    assert "Good deal" in only and "above zero" not in only
    story = ask("GET", "/main/record", cookie, system="sugarcrm", entity="sales_order", record=good)["body"]
    assert "Sage 50 sales order" in story and "Retry" in story and "Smith &amp; Co" in story


def test_the_buttons_need_the_sessions_own_form(here: World) -> None:
    record = here.opportunity()
    cookie, token = enter(here)
    assert ask("POST", "/main/sync", cookie, form={"token": "guess"})["statusCode"] == 403
    assert ask("POST", "/main/sync", cookie, form={"token": token})["statusCode"] == 303
    here.polls()
    here.drain()
    assert here.outcome(record).kind == "created"
    retry = {"token": token, "system": "sugarcrm", "entity": "sales_order", "record": record}
    assert ask("POST", "/main/retry", cookie, form=retry)["statusCode"] == 303
    assert [event.cause for event in here.aws.messages("sales_order")] == ["manual"]
    assert ask("POST", "/main/retry", cookie, form={**retry, "entity": "lead"})["statusCode"] == 404


def test_who_may_look_may_not_act(here: World) -> None:
    cookie, token = enter(here, "viewer:main")
    assert ask("GET", "/main/", cookie)["statusCode"] == 200
    for action in ACTIONS:
        answer = ask("POST", f"/main/{action}", cookie, form={"token": token, "list": "x", "gone": "yes"})
        assert answer["statusCode"] == 403 and "an administrator can" in answer["body"]
    assert here.aws.console.audit.newest("main") == [] == here.aws.messages("sales_order")


def test_who_has_no_role_sees_a_sentence(here: World) -> None:
    cookie, _ = enter(here, "none")
    assert "nobody has given you a role" not in ask("GET", "/main/", cookie)["body"]
    key = cookie.partition("=")[2]
    session = here.aws.console.sessions.load(key)
    assert session is not None
    here.aws.console.sessions.begin(key, replace(session, grants=()))
    for path in ("/main/", "/other/", "/"):
        answer = ask("GET", path, cookie)
        assert answer["statusCode"] == 403 and "nobody has given you a role" in answer["body"]
        assert "Sign out" in answer["body"]


def test_another_integration_is_not_there_for_who_has_no_role_in_it(here: World) -> None:
    cookie, token = enter(here, "admin:other")
    assert ask("GET", "/main/", cookie)["body"] == ask("GET", "/nowhere/", cookie)["body"]
    assert ask("POST", "/main/sync", cookie, form={"token": token})["statusCode"] == 404
    assert ask("GET", "/", enter(here, "viewer")[0])["headers"]["Location"] == "/main/"


def test_every_action_is_in_the_trail(here: World) -> None:
    record = here.opportunity()
    cookie, token = enter(here)
    fields = {"token": token, "system": "sugarcrm", "entity": "sales_order", "record": record}
    ask("POST", "/main/retry", cookie, form={**fields, "password": "s3cret"})
    ask("POST", "/main/sync", cookie, form={"token": token})
    ask("POST", "/main/nothing", cookie, form={"token": token})
    sync, retry = here.aws.console.audit.newest("main")
    assert (retry.action, retry.record_id, retry.name) == ("retry", record, "ann@example.com")
    assert (retry.person, retry.result) == ("p-1", "1 record will be looked at again now.")
    assert (sync.action, "will be read now" in sync.result) == ("sync", True)
    assert token not in repr(retry) and "s3cret" not in repr(retry)


def test_another_sites_page_presses_no_button(here: World) -> None:
    cookie, token = enter(here)
    asked = {
        "rawPath": "/main/sync",
        "requestContext": {"http": {"method": "POST"}},
        "cookies": [cookie],
        "headers": {"sec-fetch-site": "cross-site"},
        "body": urlencode({"token": token}),
    }
    assert app.handler(asked, context())["statusCode"] == 403
    assert here.aws.console.audit.newest("main") == []


def test_pages_carry_strict_headers(here: World) -> None:
    headers = ask("GET", "/main/")["headers"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY"
    assert ("Strict-Transport-Security" in headers) == (os.environ.get("ALLOW_LOCAL") != "yes")


def test_f2_what_is_missing_is_asked_and_answered(here: World) -> None:
    """The answer covers what the page showed: what went missing since stays a question."""
    missing, now = here.aws.stores("main").missing, datetime.now(UTC)
    for number, name in enumerate(("Desk", EVIL, "Lamp")):
        at = now + timedelta(minutes=number)
        missing.note("sugarcrm", "sales_order", [Missing(f"o{number}", at, name, "asked", 20)])
    missing.flag("sugarcrm", "sales_order")
    cookie, token = enter(here)
    body = ask("GET", "/main/", cookie)["body"]
    assert "3 of 20 sales order records are no longer in SugarCRM" in body and "let it go on" in body
    assert "<script>" not in body
    until = (now + timedelta(minutes=1)).isoformat()
    form = {"token": token, "list": "sales_order.sugarcrm", "until": until}
    done = ask("POST", "/main/deletions", cookie, form={**form, "gone": "yes"})
    assert done["headers"]["Location"].endswith("done=settled&n=2")
    assert [one.verdict for one in missing.listed("sugarcrm", "sales_order")] == ["gone", "gone", "asked"]
    assert [event.record_id for event in here.aws.messages("sales_order")] == ["o0", "o1"]
    again = ask("POST", "/main/deletions", cookie, form={**form, "list": "account.sugarcrm", "gone": "no"})
    assert "nothing-asked" in again["headers"]["Location"]


def test_a_preview_is_made_by_the_function_of_the_polls_and_nothing_is_written(here: World) -> None:
    here.opportunity(name="Otley Library: reading desks", amount="975.25")
    cookie, token = enter(here)
    assert ask("POST", "/main/preview", cookie, {"token": token})["statusCode"] == 303
    here.polls()
    body = ask("GET", "/main/preview", cookie)["body"]
    assert "<strong>1</strong> would be made" in body and "975.25" in body
    assert "Otley Library" in ask("GET", "/main/preview.csv", cookie)["body"]
    assert here.orders() == [] and here.log() == []
