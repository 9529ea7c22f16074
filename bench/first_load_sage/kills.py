"""A first load while the integration is recovering, so that every create looks before it writes, whose worker
is killed once, at one of several points: what it costs then, and whether all is there once."""

from dataclasses import replace
from datetime import timedelta

from bench.first_load.kills import Point
from bench.first_load.world import Killed
from bench.pair import BATCH, ENTITIES, Pair
from shared.operations.handle_batch import Message, handle
from shared.stores.memory.links import MemoryLinkStore
from shared.stores.memory.services import MemoryArchive, MemoryEventQueue
from shared.systems.sage_accounting.client import Client

VISIBLE_AGAIN = 1080
"""Seconds until a killed worker's messages come back, as the template has it."""


def _create(after: bool, turn: int) -> Point:
    when = "after a create was answered" if after else "before a create is sent"
    return Point(when, lambda here: Client, "write", turn, late=after)


POINTS = (
    Point("before a page is on the queue", lambda here: MemoryEventQueue, "send"),
    Point("while intents are saved", lambda here: MemoryLinkStore, "commit", 75),
    _create(after=False, turn=70),
    _create(after=True, turn=70),
    Point("before the archive is written", lambda here: MemoryArchive, "write", 3),
)


def recover(here: Pair) -> None:
    """As after a restore of the tables, an hour ago."""
    integrations = here.platform.integrations
    state = integrations.state("main")
    since = here.clock.now() - timedelta(hours=1)
    integrations.change_state("main", state, replace(state, recovering_since=since))


def load(here: Pair, most: int = 40) -> None:
    """Cycles until one finds nothing; what a killed worker had comes back when SQS would bring it."""
    for _ in range(most):
        here.pass_time()
        try:
            busy = here.tick()
        except Killed:  # what was queued by then is worked off meanwhile, and the next tick goes on
            busy = 1
        while handled := _drained(here):
            busy += handled
        if not busy:
            return
    raise AssertionError("the load found no end")


def _drained(here: Pair) -> int:
    handled = 0
    for entity in ENTITIES:
        while events := here.platform.messages(entity):
            for start in range(0, len(events), BATCH):
                part = events[start : start + BATCH]
                handled += len(part)
                try:
                    done = handle(
                        [Message(str(number), one) for number, one in enumerate(part)],
                        lambda name: here._services(),
                    )
                    assert not done.errors, done.errors[0]
                except Killed:
                    here.pass_time(VISIBLE_AGAIN)
                    here.platform.stores().queue.send(part)
    return handled
