"""Secrets are seeded in every place where a vendor could repeat them, and looked for in the archive, the logs
and the errors: what was sent comes back in the answer, under any name, in any shape, with any status."""

import base64
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest

from shared import bootstrap
from shared.bootstrap import Services, open_services
from shared.domain import codec
from shared.domain.outcomes import unfinished
from shared.errors import SyncError
from shared.ports import ObjectSpec, Patch, System
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems._literals import Literals
from tests.properties.ports import Ticker

PASSWORD, KEY, ISSUED = 'pa"ss/w?rd+é&1', "acc3ss-Key-9f27", "issued-s3ssion-5b1c77"
CONNECTIONS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "sugarcrm v11": ("sugarcrm", {"api": "v11"}, {"user": "sync", "password": PASSWORD}),
    "sugarcrm v4_1": ("sugarcrm", {"api": "v4_1"}, {"user": "sync", "password": PASSWORD}),
    "vtiger webservice": ("vtiger", {"api": "webservice"}, {"user": "sync", "access_key": KEY}),
    "vtiger cloud": ("vtiger", {"api": "cloud"}, {"user": "sync", "access_key": KEY}),
    "sage_50": ("sage_50", {}, {"token": KEY}),
    "sage_accounting": (
        "sage_accounting",
        {"business": "b" * 32},
        {"client_id": "our-client", "client_secret": KEY, "refresh_token": f"first-{ISSUED}"},
    ),
    "sage_sales_management": (
        "sage_sales_management",
        {},
        {"public_key": "public-one", "private_key": KEY},
    ),
}
FLOWS = {
    "sugarcrm": "sugarcrm--sage_50",
    "sage_50": "sugarcrm--sage_50",
    "vtiger": "vtiger--sage_accounting",
    "sage_accounting": "vtiger--sage_accounting",
    "sage_sales_management": "sage_sales_management--sage_50",
}
STATUSES = (200, 400, 401, 403, 404, 409, 422, 429, 500, 503)
SECRETS = (PASSWORD, KEY, ISSUED, json.dumps(PASSWORD)[1:-1])


def everything(request: httpx.Request) -> str:
    """All that was sent, as it was sent and as it is read."""
    credentials = [value for value in request.headers.values() if " " in value or len(value) > 5]
    basic = [base64.b64decode(one[6:]).decode() for one in credentials if one.startswith("Basic ")]
    sent = request.content.decode("utf-8", "replace")
    plain = re.findall(r'"((?:[^"\\]|\\.)*)"', sent)
    return " ".join([str(request.url), *credentials, *basic, sent, unquote_plus(sent), *map(read, plain)])


def read(text: str) -> str:
    """A text of JSON."""
    with suppress(ValueError):
        return str(json.loads(f'"{text}"'))
    return text


def as_json(told: str) -> bytes:
    """An answer of any vendor that explains itself with `told`."""
    error = {"code": "X1", "message": told, "note": told}
    return json.dumps(
        {
            "success": False, "error": error, "message": told, "error_message": told, "name": "X",
            "number": 11, "description": told, "$message": told, "code": 1, "trace": [told, {"deep": told}],
        }
    ).encode()  # fmt: skip


SHAPES: dict[str, Callable[[str], bytes]] = {
    "json": as_json,
    "list": lambda told: json.dumps([{"$severity": "error", "$dataCode": "X", "$message": told}]).encode(),
    "php": lambda told: as_json(told).replace(b"/", b"\\/"),
    "number": lambda told: json.dumps({"name": "X", "number": 40, "description": told}).encode(),
    "page": lambda told: f"<html><body>{told}</body></html>".encode(),
    "cut": lambda told: as_json(told)[:-40],
    "long": lambda told: as_json(told + "x" * 300_000),
}

ANSWERS = [*zip(cycle(SHAPES), STATUSES, strict=False), ("number", 200), ("page", 200), ("list", 400)]


def signs_in(request: httpx.Request) -> httpx.Response | None:
    """A vendor's own good answer to a sign-in, each with the same issued secret."""
    sent = request.content.decode("utf-8", "replace")
    url = str(request.url)
    if "oauth2/token" in url or url.endswith("/token"):
        issued = {"access_token": ISSUED, "refresh_token": ISSUED, "expires_in": 3600}
        return httpx.Response(200, json={**issued, "refresh_token_expires_in": 2_678_400})
    if "getchallenge" in url:
        return httpx.Response(200, json={"success": True, "result": {"token": "t1"}})
    if "operation=login" in sent:
        return httpx.Response(
            200, json={"success": True, "result": {"sessionName": ISSUED, "userId": "19x1"}}
        )
    if "method=login" in sent:
        settings = {"user_decimal_separator": {"name": "user_decimal_separator", "value": "."}}
        return httpx.Response(200, json={"id": ISSUED, "name_value_list": settings})
    if url.endswith("/login"):
        return httpx.Response(200, json={"token": ISSUED})
    return None


class Vendor:
    """Answers everything with everything."""

    def __init__(self) -> None:
        self.status, self.shape, self.lets_in = 200, "json", True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        good = signs_in(request) if self.lets_in else None
        body = SHAPES[self.shape](everything(request))
        return good or httpx.Response(self.status, content=body, headers={"Content-Type": "application/json"})


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    made, client = Vendor(), httpx.Client

    def through(**settings: Any) -> httpx.Client:
        return client(**{**settings, "transport": httpx.MockTransport(made)})

    monkeypatch.setattr(httpx, "Client", through)
    monkeypatch.setattr(bootstrap, "guard", lambda *_, **__: lambda url: None)
    return made


def opened(name: str) -> tuple[Services, System, list[ObjectSpec]]:
    system, options, secret = CONNECTIONS[name]
    clock = Ticker(datetime.now(UTC))
    world, flow = MemoryWorld(clock.now), FLOWS[system]
    connections = {
        one: Connection(one, {"url": "https://crm.example.test", **(options if one == system else {})})
        for one in flow.split("--")
    }
    world.integrations.save(Integration("main", flow, connections))
    world.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))
    stores = world.stores("main")
    stores.secrets.put(system, secret)
    services = open_services(
        "main",
        stores=stores,
        integrations=world.integrations,
        environment=Environment("", "", "", "", "", "", ""),
        owner="worker",
        deadline=clock.now() + timedelta(hours=9),
        clock=clock,
    )
    specs = [entity.maps[system].spec for entity in services.flow.entities.values() if system in entity.maps]
    return services, services.systems[system], specs


def calls(system: System, spec: ObjectSpec) -> Iterator[Callable[[], object]]:
    one = "11x7" if system.name == "vtiger" else "7"
    yield lambda: system.check([spec])
    yield lambda: system.keep_alive()
    yield lambda: system.read(spec, [one])
    yield lambda: system.find(spec, spec.id_path, [one])
    yield lambda: list(system.changes(spec, None))
    yield lambda: system.create(spec, dict.fromkeys(list(spec.fields)[:2], "a"), "K" * 24)
    yield lambda: system.update(spec, [Patch(one, dict.fromkeys(list(spec.fields)[:2], "b"))])


@pytest.mark.parametrize("name", CONNECTIONS)
def test_f15_no_secret_is_in_archive_log_or_error(
    vendor: Vendor, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told, archived = list[str](), 0
    for number, (shape, status) in enumerate(ANSWERS):
        vendor.lets_in = number not in (1, 7)
        services, system, specs = opened(name)
        vendor.shape, vendor.status = shape, status
        for call in calls(system, specs[number % len(specs)]):
            with suppress(KeyError, NotImplementedError, AttributeError, TypeError, ValueError):
                try:
                    told.append(repr(call()))
                except SyncError as fault:
                    told += [str(fault), repr(fault), unfinished.unexpected(fault).reason]
        services.keep_exchanges("20261130T100000Z-aaaa")
        kept = [
            line for one in services.stores.archive.objects() for line in services.stores.archive.lines(one)
        ]
        archived += len(kept)
        told += [codec.dumps(line) for line in kept]
    told.append(caplog.text)
    found = {secret for secret in SECRETS for text in told if secret in text}
    where = [
        text[max(0, text.index(one) - 80) : text.index(one) + 40]
        for one in found
        for text in told
        if one in text
    ]
    assert not found, where[:5]
    assert archived > 50


def test_the_search_fails_where_a_vendor_may_repeat_what_was_sent(
    vendor: Vendor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own check: names alone do not tell a secret in an explanation."""
    monkeypatch.setattr(Literals, "within", lambda *given: ())
    with pytest.raises(AssertionError):
        test_f15_no_secret_is_in_archive_log_or_error(vendor, "sage_50", caplog)
