"""Which of several values with one meaning a write replaced, and when it comes back."""

from itertools import pairwise

import pytest

from shared.mapping.compile import compile_flow
from shared.sync.earlier import Earlier, remembered, with_earlier

PATH = "invoicestatus"
CHOICES = compile_flow("vtiger--sage_accounting").entities["invoice"].maps["vtiger"].choices


def after(*states: str, earlier: Earlier | None = None) -> Earlier | None:
    """What is remembered once each state was written over the one before it."""
    for before, now in pairwise(states):
        earlier = remembered(earlier, {PATH: before}, {PATH: now}, CHOICES)
    return earlier


def written(state: str, earlier: Earlier | None) -> object:
    return with_earlier({PATH: state, "received": 1}, earlier, CHOICES)[PATH]


def test_only_tables_with_two_values_of_one_meaning_are_looked_at() -> None:
    assert set(CHOICES) == {PATH}
    assert set(compile_flow("vtiger--sage_accounting").entities["account"].maps["vtiger"].choices) == set()
    assert remembered(None, {"received": 1}, {"received": 2}, CHOICES) is None


@pytest.mark.parametrize(
    ("before", "back"), [("Sent", "Approved"), ("AutoCreated", "Created")], ids=["Sent", "AutoCreated"]
)
def test_what_was_replaced_comes_back_in_place_of_the_first(before: str, back: str) -> None:
    kept = after(before, "Paid")
    assert written(back, kept) == before
    assert written("Cancel", kept) == "Cancel"
    assert written(back, None) == back


def test_the_first_of_a_meaning_is_not_remembered_and_clears_what_was() -> None:
    assert after("Approved", "Paid") is None
    assert after("Approved", "Paid", earlier=after("Sent", "Paid")) is None


def test_each_meaning_has_its_own_memory() -> None:
    kept = after("AutoCreated", "Sent", "Credit Invoice")
    assert (written("Created", kept), written("Approved", kept)) == ("AutoCreated", "Sent")


def test_another_word_for_the_same_replaces_nothing() -> None:
    assert after("Sent", "Approved") is None


def test_a_value_that_nobody_knows_is_not_remembered() -> None:
    assert after("Overdue", "Paid") is None and after("", "Paid") is None


def test_rules_that_changed_their_mind_are_asked_again() -> None:
    kept = after("Sent", "Paid")
    changed = {PATH: {**CHOICES[PATH], "Sent": "draft"}}
    assert with_earlier({PATH: "Approved"}, kept, changed) == {PATH: "Approved"}
    assert with_earlier({PATH: "Approved"}, kept, {PATH: {"Approved": "issued"}}) == {PATH: "Approved"}
