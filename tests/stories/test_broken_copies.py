"""Under an engine with one thing wrong, the story about that very thing (old copies, or what may not be read)
fails, and for that reason. See `test_broken_engines.py`."""

from collections.abc import Callable
from functools import partial

import pytest

from shared.errors import OutcomeUnknown
from shared.sync.engine import engine, references
from shared.sync.engine.steps import read, update
from tests.properties.broken import Swap
from tests.properties.ports import Killed
from tests.stories import test_old_copies, test_rights_by_record

_PUT_BACK = test_old_copies.test_a_value_put_back_while_the_answer_to_a_write_is_missing_is_written_once_more
BROKEN: dict[str, tuple[Callable[[], None], str, Swap]] = {
    "takes any list for a later look": (
        test_old_copies.test_a_list_of_a_time_that_has_not_come_is_read_again,
        "0113 496 0001",
        (read, "_stale", lambda *given: False),
    ),
    "believes what was seen before a worker died": (
        partial(_PUT_BACK, Killed),
        "York",
        (engine, "forget_unanswered", lambda *given: None),
    ),
    "believes what was seen before an answer was lost": (
        partial(_PUT_BACK, OutcomeUnknown("no answer came")),
        "York",
        (update, "forget", lambda *given: None),
    ),
    "waits for nobody whose place is claimed": (
        test_old_copies.test_a_person_whose_organisation_is_just_being_made_waits_for_it,
        "no longer linked",
        (references, "_claimed", lambda *given: None),
    ),
    "takes one record's refusal for that of all": (
        test_rights_by_record.test_one_record_that_may_not_be_read_holds_no_other,
        "assert 0 == 4",
        (read, "read_apart", lambda system, spec, ids: (system.read(spec, ids), {})),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_story_of_old_copies_fails_under_an_engine_that_breaks_its_promise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, why, (module, step, replacement) = BROKEN[name]
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()


def test_an_engine_that_knows_no_versions_undoes_a_later_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "earlier", lambda *given: False)
    with pytest.raises((AssertionError, KeyError), match="billing_town"):
        test_old_copies.test_a_list_that_was_read_before_our_clock_was_set_back_undoes_no_later_edit()
