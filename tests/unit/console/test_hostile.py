"""Cookies and forms that no browser of ours sends are answered like those of a stranger."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shared.bootstrap import Deployment
from shared.console.router import Reply, route
from shared.console.session import form_token, sign_in
from shared.operations.receive_webhook import token_digest
from shared.settings import Integration, IntegrationState, WebhookToken
from shared.stores.memory import MemoryWorld

KEY = "sign-in-key"
COOKIES = [
    '"99999999999.\\351"',
    '"\\262.aa"',
    "9" * 5000 + ".aa",
    "99999999999.éé",
    '"\\331\\241.a"',
    "99999999999." + "0" * 64,
    ".",
    "\ud800.\ud800",
    "-1.aa",
]
FORMS = [
    "&".join(f"a{number}=1" for number in range(25)),
    "key=%ED%A0%80",
    "key=%ff%fe",
    "key=\ud800",
    "token=é",
    "key=" + "a" * 70_000,
    "\x00",
]


@pytest.fixture
def deployment() -> Deployment:
    world = MemoryWorld()
    key = WebhookToken(token_digest(KEY), datetime.now(UTC))
    world.integrations.save(Integration("main", "sugarcrm--sage_50", {}, webhook_tokens={"console": (key,)}))
    services = SimpleNamespace(
        integration=world.integrations.load("main"),
        systems={"sugarcrm": None, "sage_50": None},
        stores=world.stores("main"),
        flow=SimpleNamespace(name="sugarcrm--sage_50"),
        state=IntegrationState(),
        close=lambda: None,
    )
    services.clock = SimpleNamespace(now=lambda: datetime.now(UTC))
    made = SimpleNamespace(
        integrations=world.integrations, services=lambda _: services, env=SimpleNamespace(allow_local=True)
    )
    return cast(Deployment, made)


def ask(deployment: Deployment, path: str, body: str = "", **parts: Any) -> Reply:
    method = "POST" if body else "GET"
    return route(
        {"rawPath": path, "requestContext": {"http": {"method": method}}, "body": body, **parts}, deployment
    )


@pytest.mark.parametrize("cookie", COOKIES)
def test_f3_a_hostile_cookie_is_asked_to_sign_in(deployment: Deployment, cookie: str) -> None:
    reply = ask(deployment, "/main/", cookies=[f"tieout_main={cookie}"])
    assert (reply.status, "Sign-in key" in reply.body) == (200, True)
    assert ask(deployment, "/main/sync", "a=1", cookies=[f"tieout_main={cookie}"]).status == 403


@pytest.mark.parametrize("form", FORMS)
def test_f3_a_hostile_form_is_refused(deployment: Deployment, form: str) -> None:
    assert ask(deployment, "/main/sign-in", form).status == 403
    cookie = sign_in(deployment.integrations.load("main"), KEY)
    own = [f"tieout_main={cookie}"]
    assert ask(deployment, "/main/sync", form, cookies=own).status == 403
    assert ask(deployment, "/main/sync", form, cookies=own, isBase64Encoded=True).status == 403


@pytest.mark.parametrize("record", ["x" * 60_000, "a\x00b", ""])
def test_a_record_id_that_no_vendor_gives_is_not_queued(deployment: Deployment, record: str) -> None:
    cookie = sign_in(deployment.integrations.load("main"), KEY) or ""
    body = f"token={form_token(cookie)}&system=sugarcrm&entity=sales_order&record={record}"
    reply = ask(deployment, "/main/retry", body, cookies=[f"tieout_main={cookie}"])
    assert (reply.status, reply.location) == (303, "/main/?message=no+such+record")


MARKUP = "<script>alert(1)</script>"
QUERIES = [
    ("", {"message": MARKUP}),
    ("", {"outcome": f'\x00"{MARKUP}'}),
    ("", {"run": "\U0001f600"}),
    ("", {"run": "../../x"}),
    ("record", {}),
    ("record", {"system": "a" * 3000, "entity": "x", "record": MARKUP}),
    ("record", {"system": "sugarcrm", "entity": "sales_order", "record": "../../Users/1"}),
]


@pytest.mark.parametrize(("page", "query"), QUERIES)
def test_f3_a_hostile_address_shows_a_page_and_repeats_no_markup(
    deployment: Deployment, page: str, query: dict[str, str]
) -> None:
    own = [f"tieout_main={sign_in(deployment.integrations.load('main'), KEY)}"]
    reply = ask(deployment, f"/main/{page}", cookies=own, queryStringParameters=query)
    assert reply.status == 200 and MARKUP not in reply.body


@pytest.mark.parametrize("method", ["PUT", "HEAD", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/main/", "/main/../x", "//evil.example/", "/nobody/"])
def test_f3_what_is_no_page_is_not_found(deployment: Deployment, method: str, path: str) -> None:
    asked = {"rawPath": path, "requestContext": {"http": {"method": method}}, "body": ""}
    assert route(asked, deployment).status == 404


@pytest.mark.parametrize("system", ["__class__", "vtiger", ""])
def test_f3_a_record_of_a_system_that_is_not_ours_is_not_queued(deployment: Deployment, system: str) -> None:
    cookie = sign_in(deployment.integrations.load("main"), KEY) or ""
    body = f"token={form_token(cookie)}&system={system}&entity=sales_order&record=1"
    reply = ask(deployment, "/main/retry", body, cookies=[f"tieout_main={cookie}"])
    assert (reply.status, reply.location) == (303, "/main/?message=no+such+record")


@pytest.mark.parametrize("path", ["release", "deletions", "nothing"])
def test_f3_a_button_that_nobody_was_shown_does_nothing(deployment: Deployment, path: str) -> None:
    cookie = sign_in(deployment.integrations.load("main"), KEY) or ""
    body = f"token={form_token(cookie)}&list=x&gone=yes"
    reply = ask(deployment, f"/main/{path}", body, cookies=[f"tieout_main={cookie}"])
    assert reply.status == 303 and reply.location.startswith("/main/?message=")
