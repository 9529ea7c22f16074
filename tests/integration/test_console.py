"""The console through its real handler: sign-in, pages, the two buttons, and hostile input."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.console import app
from shared.console.session import LASTS_SECONDS, form_token, sign_in, signed_in
from shared.operations.receive_webhook import token_digest
from shared.ports import Missing
from shared.settings import WebhookToken
from tests.e2e.world import World, context, world

KEY = "the-sign-in-key-of-the-console"
EVIL = "<script>alert('x')</script>\"'&"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as made:
        stored = made.aws.integrations.load("main")
        key = WebhookToken(token_digest(KEY), datetime.now(UTC))
        made.aws.integrations.save(
            replace(stored, webhook_tokens={**stored.webhook_tokens, "console": (key,)})
        )
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


def enter() -> str:
    answer = ask("POST", "/main/sign-in", form={"key": KEY})
    assert answer["statusCode"] == 303
    return str(answer["cookies"][0]).split(";")[0]


def test_nothing_is_said_before_sign_in(here: World) -> None:
    here.opportunity(name="Secret deal", amount="0")
    here.tick()
    here.drain()
    for path in ("/main/", "/main/record"):
        assert "Secret deal" not in ask("GET", path)["body"] and "Sign-in key" in ask("GET", path)["body"]
    assert ask("POST", "/main/sync")["statusCode"] == 403
    assert ask("POST", "/main/sign-in", form={"key": "wrong"})["statusCode"] == 403
    assert ask("GET", "/other/")["statusCode"] == ask("GET", "/main/../x/y")["statusCode"] == 404


def test_the_log_says_what_happened_and_why(here: World) -> None:
    here.opportunity(name=EVIL, amount="0")
    good = here.opportunity(name="Good deal")
    here.tick()
    here.drain()
    cookie = enter()
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
    cookie = enter()
    assert ask("POST", "/main/sync", cookie, form={"token": "guess"})["statusCode"] == 403
    token = form_token(cookie.partition("=")[2])
    assert ask("POST", "/main/sync", cookie, form={"token": token})["statusCode"] == 303
    here.polls()
    here.drain()
    assert here.outcome(record).kind == "created"
    retry = {"token": token, "system": "sugarcrm", "entity": "sales_order", "record": record}
    assert ask("POST", "/main/retry", cookie, form=retry)["statusCode"] == 303
    assert [event.cause for event in here.aws.messages("sales_order")] == ["manual"]
    assert ask("POST", "/main/retry", cookie, form={**retry, "entity": "lead"})["statusCode"] == 404


def test_a_session_ends_and_a_forged_one_never_begins(here: World) -> None:
    integration = here.aws.integrations.load("main")
    cookie = sign_in(integration, KEY, now=1000)
    assert cookie and signed_in(integration, cookie, now=1000 + LASTS_SECONDS)
    assert not signed_in(integration, cookie, now=1001 + LASTS_SECONDS)
    later = f"{int(cookie.split('.')[0]) + 9999}.{cookie.split('.')[1]}"
    assert not signed_in(integration, later, now=1000)
    for broken in ("", ".", "abc", "1e9.x", None, "9999999999."):
        assert not signed_in(integration, broken, now=1000)


def test_pages_carry_strict_headers(here: World) -> None:
    headers = ask("GET", "/main/")["headers"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY"


def test_f2_what_is_missing_is_asked_and_answered(here: World) -> None:
    """The answer covers what the page showed: what went missing since stays a question."""
    missing, now = here.aws.stores("main").missing, datetime.now(UTC)
    for number, name in enumerate(("Desk", EVIL, "Lamp")):
        at = now + timedelta(minutes=number)
        missing.note("sugarcrm", "sales_order", [Missing(f"o{number}", at, name, "asked", 20)])
    missing.flag("sugarcrm", "sales_order")
    cookie = enter()
    body = ask("GET", "/main/", cookie)["body"]
    assert "3 of 20 sales order records are no longer in SugarCRM" in body and "let it go on" in body
    assert "<script>" not in body
    until = (now + timedelta(minutes=1)).isoformat()
    form = {"token": form_token(cookie.partition("=")[2]), "list": "sales_order.sugarcrm", "until": until}
    done = ask("POST", "/main/deletions", cookie, form={**form, "gone": "yes"})
    assert done["headers"]["Location"].endswith("done=settled&n=2")
    assert [one.verdict for one in missing.listed("sugarcrm", "sales_order")] == ["gone", "gone", "asked"]
    assert [event.record_id for event in here.aws.messages("sales_order")] == ["o0", "o1"]
    again = ask("POST", "/main/deletions", cookie, form={**form, "list": "account.sugarcrm", "gone": "no"})
    assert "nothing-asked" in again["headers"]["Location"]
