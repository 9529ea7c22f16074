"""A field that a record is made with and that then comes back: whose value counts, and what conflicts."""

from typing import Any

import pytest

from shared.domain.link import Base
from shared.sync.detect import FieldState
from shared.sync.merge import FieldPolicy, Merged, merge_field

CRM, SAGE = "crm", "sage"
BACK = FieldPolicy(frozenset({SAGE}), (SAGE, CRM), "hold", made_from=CRM)
BETWEEN = FieldPolicy(frozenset({SAGE, CRM}), (SAGE, CRM), "hold", made_from=CRM)


def merged(base: Base, policy: FieldPolicy, **states: FieldState) -> Merged:
    return merge_field(base, states, policy, lambda system, value: value, {})


def test_what_the_record_was_made_into_is_no_conflict_with_what_it_was_made_with() -> None:
    found = merged(Base("asked", 0, CRM), BACK, sage=FieldState("priced", "first", True))
    assert (found.base, found.held, found.losers) == (Base("priced", 1, SAGE), "", ())


def test_another_answer_than_was_worked_out_is_held() -> None:
    found = merged(Base("worked out", 0, SAGE), BACK, sage=FieldState("other", "first", True))
    assert found.held and found.base == Base("worked out", 0, SAGE)


@pytest.mark.parametrize("state", ["same", "has"])
def test_nobody_touched_it_meanwhile(state: Any) -> None:
    found = merged(
        Base("priced", 1, SAGE),
        BETWEEN,
        sage=FieldState("priced", "has", False),
        crm=FieldState("asked", state, True),
    )
    assert (found.base, found.held) == (Base("priced", 1, SAGE), "")


def test_an_edit_by_somebody_who_has_not_seen_what_it_became_is_held() -> None:
    found = merged(
        Base("priced", 1, SAGE),
        BETWEEN,
        sage=FieldState("priced", "has", False),
        crm=FieldState("edited", "changed", True),
    )
    assert found.held and found.base == Base("priced", 1, SAGE)


def test_once_it_is_back_an_edit_there_is_put_back_and_kept_in_the_log() -> None:
    found = merged(
        Base("priced", 1, SAGE),
        BACK,
        sage=FieldState("priced", "has", False),
        crm=FieldState("edited", "changed", False),
    )
    assert (found.base, found.losers) == (Base("priced", 1, SAGE), ((CRM, "edited"),))
    assert found.reverted == frozenset({CRM})
