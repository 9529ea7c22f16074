"""Checks the stories about releasing: under an engine that releases an invoice while something else of it is
open, the story about that very thing fails, and for that reason."""

from collections.abc import Callable
from functools import partial

import pytest

from shared.sync.engine import engine
from shared.sync.engine.steps import require, update
from tests.properties.broken import Swap
from tests.stories import test_release
from tests.stories.customers import VTIGER

BROKEN: dict[str, tuple[Callable[[], None], Swap]] = {
    "releases while lines are held": (
        partial(test_release.test_an_invoice_whose_lines_nobody_can_tell_apart_stays_a_draft, False),
        (require, "leave_open", lambda job: None),
    ),
    "releases while a person has to choose": (
        partial(
            test_release.test_an_invoice_of_which_a_person_must_choose_a_value_is_released_once_he_has, VTIGER
        ),
        (require, "leave_open", lambda job: None),
    ),
    "releases before the other side took the lines": (
        test_release.test_an_invoice_whose_lines_the_other_side_cannot_take_stays_a_draft,
        (update, "in_turn", lambda jobs, systems: sorted(systems)),
    ),
    "releases what the other side may not have": (
        test_release.test_an_invoice_with_what_the_other_side_may_not_have_stays_a_draft,
        (require, "leave_open", lambda job: None),
    ),
    "forgets what is held of a twin": (
        test_release.test_an_invoice_that_meets_its_twin_is_not_released_while_they_differ,
        (engine, "leave_open", lambda job: None),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_story_of_releasing_fails_under_an_engine_that_breaks_its_promise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, (module, step, replacement) = BROKEN[name]
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=r"stays draft|'DRAFT'"):
        story()
