"""Waits until polls have ended and what they found is handled, says what it waits for, and ends: when all is
done, when nothing moves any more, or when patience ends."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from local.cli._app import Usage
from local.cli._queues import depths
from local.stack.target import Target
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.ports import Run, Stores
from shared.settings import ENTITIES

PATIENCE_SECONDS = 900.0
STILL_SECONDS = 150.0
"""A message that a worker has in hand moves within that, or not before it is given to another."""
FULL = 2_000
"""Messages of an entity from which on a poll adds none; the next poll goes on."""
_CALM, _PAUSE, _LATEST = 3, 0.5, 50
"""How many looks in a row must find nothing left: a handler may be about to send an event."""


@dataclass
class _Patience:
    """Ends at `end`, or once nothing has moved for `still` seconds that might have."""

    patience: float
    still: float
    began: float = field(default_factory=time.monotonic)
    moved: float = 0.0
    left: str = ""

    def look(self, left: str, not_before: float) -> None:
        """`not_before`: until then nothing can be expected to move. Raises Usage at the end."""
        now = time.monotonic()
        if left != self.left or not self.moved:
            self.moved, self.left = now, left
        if now - self.began > self.patience:
            raise Usage(f"Still not finished after {self.patience:.0f} seconds, {left}. {_THEN}")
        if now - max(self.moved, not_before) > self.still:
            raise Usage(f"Nothing has moved for {self.still:.0f} seconds, {left}. {_THEN}")


_THEN = (
    "It goes on by itself. `tieout status` and `tieout log` show how far it has come, `tieout dead` what "
    "nothing tries any more."
)


def wait_for(
    target: Target,
    integration: str,
    runs: list[str],
    say: Callable[[str], None],
    entity: str | None = None,
    *,
    patience: float = PATIENCE_SECONDS,
    still: float = STILL_SECONDS,
    pause: Callable[[float], None] = time.sleep,
) -> list[Run]:
    """Waits until the runs are finished and the queues are empty; with `entity`, its own queue alone. Raises
    Usage when that takes too long, or nothing moves any more."""
    stores, calm, limit = target.stores(integration), 0, _Patience(patience, still)
    while calm < _CALM:
        found = {run.run_id: run for run in stores.log.runs(limit=_LATEST) if run.run_id in runs}
        finished = [run for run in found.values() if run.finished_at and run.state != "running"]
        unfinished = len(runs) - len(finished)
        left = waits_for(unfinished, _queued(target, entity, polls=bool(unfinished)))
        calm = 0 if left else calm + 1
        if left:
            closed, not_before = held_up(target, integration, stores)
            limit.look(left, not_before)
            left = "; ".join([left, *closed])
        say(f"{len(finished)} of {counted(len(runs), 'poll')} finished{left and f', {left}'}")
        pause(_PAUSE)
    return [run for run in stores.log.runs(limit=_LATEST) if run.run_id in runs]


def held_up(target: Target, integration: str, stores: Stores) -> tuple[list[str], float]:
    """Why it may take long, in sentences, and until when (by `time.monotonic`) nothing can be expected."""
    stored, state = target.integrations().load_with_state(integration)
    told, not_before, now = list[str](), 0.0, datetime.now(UTC)
    for system, gate in stores.gate.read(sorted(stored.connections)).items():
        if gate.state == "paused":
            told.append(f"{title(system)} is paused: {gate.reason}")
        elif gate.state == "cooling" and gate.until is not None and gate.until > now:
            told.append(
                f"{title(system)} is not called until {gate.until.astimezone():%H:%M:%S}: {gate.reason}"
            )
            not_before = max(not_before, time.monotonic() + (gate.until - now).total_seconds())
    if state.recovering_since is not None:
        told.append("recovering: every record is looked up before a new one is made")
    if parked := stores.parks.count():
        told.append(f"{counted(parked, 'record')} parked until later")
    return told, not_before


def waits_for(polls: int, queues: Mapping[str, tuple[int, int, int]]) -> str:
    """In words: how many polls have not ended, and what is in which queue; "" when nothing is. `queues`:
    entity, or "poll" -> messages that wait, are put off, are being worked on."""
    parts = [f"{counted(polls, 'poll')} to end"] if polls else []
    for name, (ready, put_off, in_hand) in queues.items():
        states = (ready, "not begun"), (in_hand, "being worked on"), (put_off, "put off for a moment")
        said = ", ".join(f"{number} {state}" for number, state in states if number)
        if said:
            noun = "message to poll" if name == "poll" else f"{words(name)} event"
            plural = "messages to poll" if name == "poll" else ""
            full = ", a full queue: the next poll goes on" if ready >= FULL and name != "poll" else ""
            parts.append(f"{counted(ready + put_off + in_hand, noun, plural)} ({said}{full})")
    return f"waiting for {'; '.join(parts)}" if parts else ""


def _queued(target: Target, entity: str | None, *, polls: bool) -> dict[str, tuple[int, int, int]]:
    """Of the queue of polls only while one of ours is awaited: it is everybody's."""
    sqs = target.client("sqs")
    urls = {"poll": target.outputs["PollQueue"]} if polls or entity is None else {}
    urls |= {name: target.queue(name) for name in ENTITIES if entity in (None, name)}
    return {name: depths(sqs, url) for name, url in urls.items()}
