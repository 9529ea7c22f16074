"""A list's sweep goes on in messages of its own, and a message whose work is done is dropped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.operations import sweep_clock
from shared.operations.sweep_clock import Sweep, take_up
from shared.operations.sweep_one import Part
from tests.properties.rig import NAME
from tests.stories.customers import SAGE
from tests.stories.products import Products


class Sent:
    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, str], int]] = []

    def send(self, messages: Any, delay_seconds: int = 0) -> None:
        self.sent += [(dict(body), delay_seconds) for _, body in messages]


@pytest.fixture
def here() -> Iterator[tuple[Products, Any, Sent]]:
    made, queue = Products.on_both(3), Sent()
    yield made, SimpleNamespace(services=lambda _: made.rig.services(900), sweeps=queue), queue


def message(here: Products, **parts: str) -> Sweep:
    sent = here.rig.clock.now().isoformat()
    return replace(Sweep("s1", NAME, sent, "product", SAGE), **parts)


def test_a_round_that_was_begun_since_makes_the_message_needless(here: Any) -> None:
    made, deployment, queue = here
    first, second = message(made), message(made)
    made.rig.clock.advance(5)
    assert take_up(deployment, first).startswith("queued 0")
    assert take_up(deployment, second) == "a round over this list was begun since this was sent"
    made.rig.clock.advance(86400)
    assert take_up(deployment, message(made)).startswith("queued 0")
    assert queue.sent == []


def test_two_workers_are_never_at_one_list(here: Any) -> None:
    made, deployment, _ = here
    now = made.rig.clock.now()
    lane = f"sweep.{SAGE}.product"
    assert made.rig.stores.lanes.acquire(lane, "other", now + timedelta(minutes=10), now)
    assert take_up(deployment, message(made)) == "another worker is at this list"


@pytest.mark.parametrize(
    ("part", "tries", "sent"),
    [
        (Part(done=False), "3", ("0", 0)),
        (Part(put_off=True), "3", ("4", 60)),
        (Part(stopped="away", again=True), "0", ("1", 900)),
        (Part(stopped="away", again=True), "16", None),
        (Part(stopped="more than 1000 records changed"), "0", None),
        (Part(), "5", None),
    ],
)
def test_what_did_not_come_to_its_end_is_sent_again(
    here: Any, part: Part, tries: str, sent: tuple[str, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, deployment, queue = here
    monkeypatch.setattr(sweep_clock, "one_list", lambda services, task, place: part)
    take_up(deployment, message(made, tries=tries))
    assert [(one["tries"], delay) for one, delay in queue.sent] == ([sent] if sent else [])
