"""What a webhook address answers to whoever has it and to whoever has not: nothing raises, nothing floods."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.link import ChangeEvent
from shared.operations.receive_webhook import MOST_RECORDS, receive, token_digest
from shared.settings import Integration, WebhookToken
from shared.stores.memory import MemoryWorld

TOKEN, CONSOLE = "t" * 43, "c" * 43
OK = json.dumps({"bean": "Opportunity", "data": {"id": "abc"}})
OBJECTS = {"sugarcrm": {"Opportunities": "sales_order"}, "vtiger": {"Accounts": "account"}}
LISTS = {"sage_sales_management": {"accounts": "account"}}
"""Of a vendor whose hooks name the list only, for the form of their body is not documented."""


class Queue:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.events: list[ChangeEvent] = []

    def send(self, events: Sequence[ChangeEvent], delay_seconds: int = 0) -> None:
        self.events += events

    def depth(self, entity: str) -> int:
        return 0


def ask(
    body: str | bytes,
    system: str = "sugarcrm",
    query: Mapping[str, str] | None = None,
    path: str = "",
    **parts: Any,
) -> tuple[int, str, list[ChangeEvent]]:
    """As the Function URL hands it over: text as it is, everything else in base64."""
    world, queue = MemoryWorld(), Queue()
    objects = OBJECTS | LISTS
    tokens = {one: (WebhookToken(token_digest(TOKEN), datetime.now(UTC)),) for one in objects}
    tokens["console"] = (WebhookToken(token_digest(CONSOLE), datetime.now(UTC)),)
    world.integrations.save(
        Integration("demo", "sugarcrm--sage_50", {}, webhook_tokens=tokens, hook_objects=objects)
    )
    default = {"object": "Opportunities" if system == "sugarcrm" else "Accounts"}
    request: dict[str, Any] = {
        "rawPath": path or f"/demo/{system}/{TOKEN}",
        "requestContext": {"http": {"method": parts.pop("method", "POST")}},
        "queryStringParameters": default if query is None else dict(query),
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
        **parts,
    }
    answer = receive(request, world.integrations, queue)
    return answer.status, answer.message, queue.events


def test_a_hint_is_queued_in_the_run_of_its_list_and_hour() -> None:
    status, _, (event,) = ask(OK)
    assert status == 202 and (event.system, event.entity, event.record_id) == (
        "sugarcrm",
        "sales_order",
        "abc",
    )
    assert event.run_id == f"{event.first_seen_at:%Y%m%dT%H}0000Z-hook-sugarcrm-sales_order"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_only_post_is_heard(method: str) -> None:
    assert ask(OK, method=method)[0] == 405


@pytest.mark.parametrize(
    "path",
    [
        f"/demo/sugarcrm/{'A' * 43}",
        f"/nope/sugarcrm/{TOKEN}",
        f"/demo/sage_50/{TOKEN}",
        f"/demo/console/{CONSOLE}",
        f"/demo/sugarcrm/{CONSOLE}",
        f"/demo/sugarcrm/%74{TOKEN[1:]}",
        f"/demo/../demo/sugarcrm/{TOKEN}",
        f"/%23integrations/sugarcrm/{TOKEN}",
        f"//demo/sugarcrm/{TOKEN}",
        "/",
        "",
    ],
)
def test_a_stranger_hears_one_and_the_same(path: str) -> None:
    assert ask(OK, path=path or "/x")[:2] == (404, "no such webhook")


HOSTILE: dict[str, str | bytes] = {
    "bad json": "{",
    "invalid utf-8": b'{"data":{"id":"\xff"}}',
    "deep list": "[" * 200_000,
    "deep object": '{"a":' * 40_000,
    "big number": '{"data":{"id":' + "9" * 200_000 + "}}",
    "id of many digits": '{"id":' + "1" * 5_000 + "}",
    "id as a fraction": '{"id":1e3}',
    "negative id": '{"id":-1}',
    "id is true": '{"id":true}',
    "gzip": gzip.compress(OK.encode()),
    "xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "path for an id": json.dumps({"data": {"id": "../x"}, "id": "../x"}),
    "markup for an id": json.dumps({"data": {"id": "<b>"}, "id": "<b>"}),
    "half a character": '{"data":{"id":"\\ud800"},"id":"\\ud800"}',
    "many parameters": "&".join(f"a{number}=1" for number in range(20_000)),
    "list for a module": json.dumps([{"module": ["x"], "data": {"id": []}}]),
}


@pytest.mark.parametrize("system", OBJECTS)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_f6_a_hostile_body_is_refused_with_a_sentence(system: str, body: str | bytes) -> None:
    status, words, events = ask(body, system)
    assert status == 400 and len(words) > 20 and not events


@pytest.mark.parametrize("extra", ["1e999999999", "NaN", '"' + "x" * 200_000 + '"'])
def test_what_is_not_the_id_does_not_matter(extra: str) -> None:
    status, _, events = ask('{"data":{"id":"abc","x":' + extra + "}}")
    assert (status, [event.record_id for event in events]) == (202, ["abc"])


@pytest.mark.parametrize("size", [262_145, 5_000_000])
def test_f6_what_is_too_large_is_not_read(size: int) -> None:
    assert ask("a" * size)[0] == 413 and ask(b"a" * size)[0] == 413
    assert ask("a", isBase64Encoded=True)[0] == 413, "not base64"


@pytest.mark.parametrize("named", ["Users", "__proto__", "Opportunities\x00"])
def test_an_object_that_no_flow_reads_is_refused(named: str) -> None:
    status, _, events = ask(OK, query={"object": named})
    assert status == 400 and not events


def test_f6_one_request_cannot_fill_the_queue() -> None:
    """13,000 events from one request of 200 KB."""
    rows = [{"id": str(number)} for number in range(900_000, 913_000)]
    status, words, events = ask(json.dumps(rows, separators=(",", ":")), "vtiger")
    assert status == 413 and "13000 records" in words and "next poll" in words and not events
    status, _, events = ask(json.dumps(rows[:MOST_RECORDS]), "vtiger")
    assert status == 202 and len(events) == MOST_RECORDS


def test_the_same_record_a_hundred_times_is_one_hint() -> None:
    assert len(ask(json.dumps([{"id": "7"}] * 100), "vtiger")[2]) == 1


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_f6_where_the_list_is_named_no_body_is_more_than_a_hint_to_look_at_it(body: str | bytes) -> None:
    status, words, events = ask(body, "sage_sales_management", {"object": "accounts"})
    assert status in (202, 400) and len(events) <= 1
    assert all(event.record_id == "*" or event.record_id.isdigit() for event in events), words
