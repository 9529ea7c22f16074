"""The messages of the poll queue: each of the closed set is read as it was sent, and nothing else is."""

from typing import Any, get_args

import pytest

from shared.operations.poll_messages import (
    KINDS,
    ConnectionTask,
    FieldTask,
    PollMessage,
    PreviewTask,
    Tick,
    message_of,
    send,
)
from shared.operations.poll_tasks import PollTask
from shared.stores.memory import MemoryWorld

AT = "2026-11-30T09:00:00+00:00"
ALL: list[PollMessage] = [
    Tick("T1", "demo", "poll", AT),
    PollTask("demo", "account", "vtiger", "poll", "run"),
    ConnectionTask("demo", "id-1"),
    PreviewTask("P1", "demo", "account", AT, "ann@example.com"),
    FieldTask("demo", "F1"),
]


def test_every_kind_is_read_as_it_was_sent() -> None:
    polls = MemoryWorld().polls
    send(polls, ALL)
    sent = polls.receive(10)
    assert {group for group, _ in sent} == {"demo"}
    assert [message_of(dict(body)) for _, body in sent] == ALL
    assert {type(one) for one in ALL} == set(KINDS.values()) == set(get_args(PollMessage))


LIST = {"kind": "list", "integration": "demo", "entity": "account", "system": "vtiger", "cause": "poll"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            {"integration": "demo", "fields": "F1"},
            "kind None",
        ),
        ({"kind": "sweep", "integration": "demo"}, "kind 'sweep': there are tick, list, connection"),
        ({"kind": ["list"]}, "kind"),
        (LIST, "cause, entity, integration, run_id, system"),
        ({**LIST, "run_id": "r", "more": "x"}, "has the texts"),
        ({**LIST, "run_id": 7}, "has the texts"),
        ([], "kind None"),
        (None, "kind None"),
    ],
)
def test_anything_else_is_refused_with_what_is_wrong(body: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        message_of(body)
