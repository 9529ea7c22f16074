"""What became of replayed dead letters: watched in the log until each has come to something."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.markup import escape

from local.cli._app import doing, on_terminal, out, plain_line
from local.cli._queues import depths, source
from local.cli._words import line
from local.stack.target import Target
from shared.domain.wording import counted
from shared.operations.dead_letters import DeadLetter

PATIENCE_SECONDS = 120.0
NOT_YET = (
    "not finished yet: a try that fails is repeated after a quarter of an hour, and `tieout log` shows it"
)
_CALM, _PAUSE = 4, 0.5


def follow(
    target: Target,
    letters: Sequence[DeadLetter],
    began: datetime,
    pause: Callable[[float], None] = time.sleep,
    patience: float = PATIENCE_SECONDS,
) -> list[dict[str, Any]]:
    """One entry a letter: about, outcome and reason. Ends when each has a row, when their queues are empty,
    or when patience ends."""
    became: dict[str, dict[str, Any]] = {}
    end, calm = time.monotonic() + patience, 0
    with doing("Waiting for what becomes of them") as say:
        while True:
            _look(target, letters, began, became)
            left = len(letters) - len(became)
            calm = calm + 1 if not any(_busy(target, letters)) else 0
            if not left or calm >= _CALM or time.monotonic() > end:
                break
            say(f"{counted(left, 'dead letter')} left to come to something")
            pause(_PAUSE)
    return [became.get(one.letter.id) or _quiet(one, calm >= _CALM) for one in letters]


def _quiet(one: DeadLetter, taken_up: bool) -> dict[str, Any]:
    """Of a letter that left no row."""
    if not taken_up:
        return _entry(one, "", NOT_YET)
    if one.event is None:
        return _entry(one, "", "it was taken up; `tieout log` shows its run")
    return _entry(one, "unchanged", "nothing was left to do")


def _look(
    target: Target, letters: Sequence[DeadLetter], began: datetime, became: dict[str, dict[str, Any]]
) -> None:
    for one in letters:
        if one.letter.id in became or one.event is None:
            continue
        rows = target.stores(one.integration).log.rows(record=one.event.subject, limit=1)
        if rows and rows[0].at >= began:
            became[one.letter.id] = _entry(one, rows[0].outcome.kind, rows[0].outcome.reason)


def _entry(one: DeadLetter, outcome: str, reason: str) -> dict[str, Any]:
    return {"id": one.letter.id, "about": one.about, "name": one.name, "outcome": outcome, "reason": reason}


def _busy(target: Target, letters: Sequence[DeadLetter]) -> list[bool]:
    sqs, queues = target.client("sqs"), dict.fromkeys(one.letter.queue for one in letters)
    return [any(depths(sqs, source(target, name))) for name in queues]


def print_became(became: Sequence[Mapping[str, Any]]) -> None:
    for one in became:
        called = f"{one['name']}, {one['about']}" if one["name"] else one["about"]
        if on_terminal():
            kind = one["outcome"] or "waiting"
            out.print(
                f"[bold]{kind}[/]  {escape(line(called))}: {escape(line(one['reason']))}", highlight=False
            )
        else:
            plain_line(one["outcome"], called, one["id"], one["reason"])
