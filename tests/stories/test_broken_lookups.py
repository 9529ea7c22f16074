"""Checks the stories about what is open, what is found and why: with one thing wrong in it, the story about
that very thing fails."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from shared.operations import find_records, open_groups, record_facts, why, why_vendor
from shared.stores.memory import links
from tests.properties.broken import Swap
from tests.stories import causes, test_find_records, test_open_records, test_why

_ADD, _GROUPS = find_records._Groups.add, open_groups.open_groups


def _by_name(self: Any, names: Any, exact: bool) -> Any:
    """Takes records of one entity for one record."""
    return _ADD(self, {*names, ("", next(iter(names))[1], "")}, exact)


def _newest_first(found: Any) -> Any:
    return _GROUPS(type(found)(found.links[::-1], found.more))


def _trusts_the_log(services: Any, name: Any, row: Any) -> Iterator[Any]:
    """Reads nothing: what left no row is nowhere."""
    return iter(())


def _plans_nothing(services: Any, name: Any, reading: Any) -> Iterator[Any]:
    return iter(())


def _case(name: str) -> Callable[[], None]:
    (said,) = [one for one in causes.NOWHERE if one[1].__name__ == name]
    return partial(test_why.test_a_record_that_is_nowhere_or_somewhere_is_told_why, *said)


WRONG: dict[str, tuple[Callable[[], None], Swap]] = {
    "counts what is skipped as it is meant": (
        test_open_records.test_s1_a_held_order_needs_a_person_and_a_lost_opportunity_needs_nobody,
        (links, "is_open", lambda outcome: outcome is not None),
    ),
    "shows the newest first": (
        test_open_records.test_one_group_for_each_reason_with_the_oldest_as_its_example,
        (test_open_records, "open_groups", _newest_first),
    ),
    "tells records apart by their names alone": (
        test_open_records.test_what_is_named_tells_two_of_one_name_apart,
        (record_facts, "_first", lambda views, names: None),
    ),
    "takes records of one name for one": (
        lambda: test_find_records.test_c1_four_records_of_one_name_are_four(
            test_find_records.four_of_a_name()
        ),
        (find_records._Groups, "add", _by_name),
    ),
    "asks no vendor": (_case("filtered"), (why, "of_vendor", _trusts_the_log)),
    "does not plan the record": (_case("would_wait"), (why_vendor, "_planned", _plans_nothing)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_story_fails_where_its_promise_is_broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story, (module, step, replacement) = WRONG[name]
    story()
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises((AssertionError, StopIteration)):
        story()
