"""Partial failures of SQS, scripted: an event is on the queue or the caller knows."""

from typing import Any

import pytest

from shared.errors import Unavailable
from shared.stores._messages import body
from shared.stores._sending import Message, batches
from shared.stores.aws_queue import AwsEventQueue
from tests.contract.stored import event
from tests.unit.stores.scripted import Pauses, ScriptedClient, fault

EVENTS = [event(f"r{number}") for number in range(3)]


def _failed(*ids: str, sender: bool = False) -> dict[str, Any]:
    return {
        "Failed": [
            {"Id": one, "SenderFault": sender, "Code": "InternalError", "Message": "busy"} for one in ids
        ]
    }


def _send(client: ScriptedClient) -> Pauses:
    pauses = Pauses()
    AwsEventQueue(lambda: client, "https://queue/", pauses).send(EVENTS)
    return pauses


def test_only_what_failed_is_sent_again() -> None:
    client = ScriptedClient(_failed("0", "2"), _failed("2"), {})
    assert len(_send(client).seconds) == 2
    sent = [[entry["MessageBody"] for entry in request["Entries"]] for _, request in client.asked]
    assert sent == [[body(one) for one in EVENTS], [body(EVENTS[0]), body(EVENTS[2])], [body(EVENTS[2])]]


def test_what_keeps_failing_is_reported() -> None:
    client = ScriptedClient(*[_failed("1")] * 4)
    with pytest.raises(Unavailable, match="queue for sales_order did not accept 1 of 3 events"):
        _send(client)
    assert client.exhausted


def test_a_message_that_can_never_be_sent_is_reported_at_once() -> None:
    client = ScriptedClient(_failed("1", sender=True))
    with pytest.raises(Unavailable, match="did not accept 1 of 3"):
        _send(client)


@pytest.mark.parametrize("one", [fault("AWS.SimpleQueueService.NonExistentQueue"), fault("Throttling", 503)])
def test_a_refused_request_is_unavailable(one: Exception) -> None:
    with pytest.raises(Unavailable, match="sales_order refused the events"):
        _send(ScriptedClient(one))


def test_batches_are_cut_by_number_and_by_size() -> None:
    def sizes(texts: list[str]) -> list[int]:
        return [len(batch) for batch in batches([Message(text, "acme") for text in texts])]

    assert sizes(["x"] * 23) == [10, 10, 3]
    assert sizes(["x" * 100_000] * 5) == [2, 2, 1]
    assert sizes(["x" * 300_000] * 2) == [1, 1]
    assert sizes([]) == []


def test_every_message_names_its_integration_as_its_group() -> None:
    client = ScriptedClient(_failed("0"), {})
    AwsEventQueue(lambda: client, "q/", Pauses()).send([*EVENTS, event("other", integration="beta")])
    sent = [[one["MessageGroupId"] for one in request["Entries"]] for _, request in client.asked]
    assert sent == [["acme", "acme", "acme", "beta"], ["acme"]], "those that are sent once more, too"
