"""Checks the stories about what is looked at again: with one thing wrong in it, the story about that very
thing fails, and for that reason."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.link import Link
from shared.operations import revisit
from tests.properties.broken import Swap
from tests.stories import test_new_rules

_STALE, _PASS = revisit._stale, revisit._pass


def _of_one_list(services: Services) -> Iterator[Link]:
    return (link for link in _STALE(services) if link.entity == "account")


def _said_first(services: Services, task: Any, last: bool) -> list[str]:
    services.change_state(rules_version=services.flow.version)
    return _PASS(services, task, True)


def _once_for_all(services: Services, task: Any, last: bool) -> list[str]:
    return _PASS(services, task, True)


WRONG: dict[str, tuple[Callable[[], None], str, Swap]] = {
    "looks again at the polled list alone": (
        partial(
            test_new_rules.test_records_of_every_kind_are_looked_at_again_whichever_list_is_polled_first,
            "account",
        ),
        "'product', 'service'",
        (revisit, "_stale", _of_one_list),
    ),
    "says that it is done before it is": (
        partial(test_new_rules.test_a_poll_that_is_killed_half_way_has_promised_nothing, "queue.send"),
        "not looked at under the new rules",
        (revisit, "_pass", _said_first),
    ),
    "does not look a second time": (
        test_new_rules.test_a_worker_that_is_still_at_work_under_the_old_rules_is_noticed_by_the_second_pass,
        "not looked at under the new rules",
        (revisit, "_pass", _once_for_all),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_story_fails_where_its_promise_is_broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story, why, (module, step, replacement) = WRONG[name]
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()
