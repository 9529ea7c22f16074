"""Checks the stories about what a person says of a record: with one thing wrong in it, the story about that
very thing fails, and for that reason."""

from collections.abc import Callable
from functools import partial

import pytest

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent, Link
from shared.domain.record import replace
from shared.operations import poll, poll_diff
from shared.operations.poll_tasks import PollTask
from shared.ports import Hint, Loaded, Reading
from shared.stores._park_names import park_id
from shared.stores.memory import rows
from shared.sync.engine import accept, accepting
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.log_rows import in_the_log
from shared.sync.engine.steps import identify, match
from tests.properties.broken import Swap
from tests.stories import test_accepted, test_left_out
from tests.stories.customers import VTIGER

_NEWS, _ID, _JOINED, _LOGGED = poll_diff.is_news, park_id, identify._join_job, in_the_log


def _as_edited(services: Services, task: PollTask, link: Link | None, record: Reading | Hint) -> bool:
    return _NEWS(services, task, link and replace(link, left_out=None), record)


def _last_word_lost(job: Job, event: ChangeEvent) -> None:
    _JOINED(job, replace(event, answer=None))


def _as_any_other(ctx: Context, loaded: dict[str, Loaded]) -> dict[str, Loaded]:
    """The links as if nobody had left one out."""
    found = _LOGGED(ctx, loaded)
    return {
        name: replace(one, link=one.link and replace(one.link, left_out=None)) for name, one in found.items()
    }


WRONG: dict[str, tuple[Callable[[], None], str, Swap]] = {
    "writes over a value that moved": (
        partial(test_accepted.test_a_value_that_moved_meanwhile_is_not_written_over, VTIGER),
        "updated",
        (accept, "as_shown", lambda job, answer, readings: True),
    ),
    "writes against the direction": (
        test_accepted.test_against_the_direction_nothing_is_written,
        "comes from Sage Accounting alone",
        (accepting, "why_not", lambda *given, **named: ""),
    ),
    "forgets what another event said": (
        test_accepted.test_two_answers_and_a_hint_meet_in_one_batch,
        "assert",
        (identify, "_join_job", _last_word_lost),
    ),
    "keeps one row for a hint and an answer": (
        test_accepted.test_an_outage_does_not_lose_the_answer,
        "assert 1 == 2",
        (rows, "park_id", lambda one: _ID(replace(one, event=replace(one.event, answer=None)))),
    ),
    "looks at a record that was left out": (
        test_left_out.test_edits_of_it_cost_nothing_and_say_nothing,
        "skipped",
        (poll, "is_news", _as_edited),
    ),
    "joins a record that was left out": (
        test_left_out.test_its_twin_on_the_other_side_is_not_made_a_second_time,
        "'updated'",
        (match, "in_the_log", _as_any_other),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_story_fails_where_its_promise_is_broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story, why, (module, step, replacement) = WRONG[name]
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()
