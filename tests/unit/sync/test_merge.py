"""Three-way merge of one field: the table of what the sides show -> what is agreed, what lost, who is
overwritten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.link import Base
from shared.sync import merge
from shared.sync.detect import FieldState, State
from shared.sync.merge import FieldPolicy, merge_field

BOTH = frozenset({"left", "right"})
ORDER = ("left", "right")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD = Base("old", 3, "left")


def plain(system: str, value: Any) -> Any:
    return value


def lower_on_right(system: str, value: Any) -> Any:
    return value.lower() if system == "right" and value else value


def see(value: Any, state: State, behind: bool = False) -> FieldState:
    return FieldState(value, state, behind)


@pytest.mark.parametrize(
    ("left", "right", "value", "losers"),
    [
        (see("old", "has"), see("old", "has"), "old", ()),
        (see("new", "changed"), see("old", "has"), "new", ()),
        (see("old", "has"), see("new", "changed"), "new", ()),
        (see("new", "changed"), see("new", "changed"), "new", ()),
        (see("L", "changed"), see("R", "changed"), "L", (("right", "R"),)),
        (see(None, "changed"), see("old", "has"), None, ()),
        (see(None, "changed"), see("R", "changed"), None, (("right", "R"),)),
        (see("stale", "same", True), see("old", "has"), "old", ()),
        (see("stale", "same", True), see("R", "changed"), "R", ()),
        (see("L", "changed", True), see("old", "has"), "L", (("left", "old"),)),
        (see("old", "has"), see("R", "changed", True), "old", (("right", "R"),)),
    ],
)
def test_later_merges(left: FieldState, right: FieldState, value: Any, losers: tuple[Any, ...]) -> None:
    merged = merge_field(OLD, {"left": left, "right": right}, FieldPolicy(BOTH, ORDER), plain, {})
    assert merged.base is not None and merged.base.value == value
    assert merged.losers == losers
    assert merged.reverted == frozenset(system for system, _ in losers)
    assert merged.base.rev == (3 if value == "old" else 4)


@pytest.mark.parametrize(
    ("left", "right", "value", "losers"),
    [
        (see("L", "first"), see(None, "first"), "L", ()),
        (see(None, "first"), see("R", "first"), "R", ()),
        (see(None, "first"), see(None, "first"), None, ()),
        (see("same", "first"), see("same", "first"), "same", ()),
        (see("L", "first"), see("R", "first"), "L", (("right", "R"),)),
    ],
)
def test_first_merge_has_no_base(
    left: FieldState, right: FieldState, value: Any, losers: tuple[Any, ...]
) -> None:
    merged = merge_field(None, {"left": left, "right": right}, FieldPolicy(BOTH, ORDER), plain, {})
    assert merged.base is not None and (merged.base.value, merged.base.rev) == (value, 0)
    assert merged.losers == losers


def test_a_base_value_that_loses_is_named_too() -> None:
    """The right entered `old`; the left never saw it and edits: both were entered by people."""
    base = Base("old", 3, "right")
    shown = {"left": see("L", "changed", behind=True), "right": see("old", "has")}
    merged = merge_field(base, shown, FieldPolicy(BOTH, ORDER), plain, {})
    assert merged.base is not None and merged.base.value == "L"
    assert merged.losers == (("right", "old"),)


def test_hold_keeps_base_and_says_what_both_sides_have() -> None:
    shown = {"left": see("L", "changed"), "right": see("R", "changed")}
    merged = merge_field(OLD, shown, FieldPolicy(BOTH, ORDER, conflict="hold"), plain, {})
    assert merged.base == OLD and merged.losers == ()
    assert "left has “L”" in merged.held and "right has “R”" in merged.held


def test_a_lossy_copy_of_a_value_is_no_conflict() -> None:
    shown = {"left": see("A@B.COM", "changed"), "right": see("a@b.com", "changed")}
    merged = merge_field(OLD, shown, FieldPolicy(BOTH, ("right", "left")), lower_on_right, {})
    assert merged.base is not None and merged.base.value == "A@B.COM" and merged.losers == ()


@pytest.mark.parametrize(("gap", "winner"), [(timedelta(hours=1), "R"), (timedelta(seconds=60), "L")])
def test_newest_falls_back_to_the_order_within_the_skew_of_clocks(gap: timedelta, winner: str) -> None:
    shown = {"left": see("L", "changed"), "right": see("R", "changed")}
    merged = merge_field(
        OLD, shown, FieldPolicy(BOTH, ORDER, conflict="newest"), plain, {"left": NOON, "right": NOON + gap}
    )
    assert merged.base is not None and merged.base.value == winner
    assert len(merged.losers) == 1


def test_newest_without_a_time_falls_back_to_the_order() -> None:
    shown = {"left": see("L", "changed"), "right": see("R", "changed")}
    merged = merge_field(OLD, shown, FieldPolicy(BOTH, ORDER, conflict="newest"), plain, {"right": NOON})
    assert merged.base is not None and merged.base.value == "L"


@pytest.mark.parametrize(("drift", "reverted"), [("revert", frozenset({"right"})), ("ignore", frozenset())])
def test_an_edit_against_the_direction_is_logged(drift: str, reverted: frozenset[str]) -> None:
    policy = FieldPolicy(frozenset({"left"}), ORDER, drift=drift)
    merged = merge_field(OLD, {"left": see("old", "has"), "right": see("R", "changed")}, policy, plain, {})
    assert merged.base == OLD
    assert merged.losers == (("right", "R"),) and merged.reverted == reverted


@pytest.mark.parametrize(
    ("sources", "behind", "value"),
    [
        ({"right"}, True, None),
        ({"right"}, False, "old"),
        ({"left", "right"}, True, "old"),
        ({"left"}, True, "old"),
    ],
)
def test_a_successor_that_shows_nothing_clears_what_comes_from_its_side_alone(
    sources: set[str], behind: bool, value: str | None
) -> None:
    """One that was there all along does not: its field may only be read from another place now."""
    shown = {"left": see("old", "has"), "right": see(None, "first", behind)}
    merged = merge_field(OLD, shown, FieldPolicy(frozenset(sources), ORDER), plain, {})
    assert merged.base is not None and merged.base.value == value and merged.losers == ()


def test_a_field_that_no_source_shows_stays_unset() -> None:
    policy = FieldPolicy(frozenset({"left"}), ORDER)
    assert merge_field(None, {"right": see("R", "first")}, policy, plain, {}).base is None


VALUES = st.sampled_from([None, "old", "NEW", "new"])
AGREED = st.none() | st.builds(Base, VALUES, st.just(3), st.sampled_from(ORDER))
SEEN = st.builds(FieldState, VALUES, st.sampled_from(["has", "changed", "same"]), st.booleans())
FIRST = st.builds(FieldState, VALUES, st.just("first"), st.booleans())
RULES = st.builds(
    FieldPolicy,
    st.sampled_from([BOTH, frozenset({"left"})]),
    st.permutations(ORDER).map(tuple),
    st.sampled_from(["winner", "newest", "hold"]),
    st.sampled_from(["revert", "report"]),
)


@given(AGREED, st.data(), RULES)
def test_the_short_cut_ends_where_the_long_way_does(
    agreed: Base | None, data: st.DataObject, rules: FieldPolicy
) -> None:
    sight = FIRST if agreed is None else SEEN | FIRST
    shown = data.draw(st.dictionaries(st.sampled_from(ORDER), sight))
    assert merge_field(agreed, shown, rules, lower_on_right, {}) == merge._contested(
        agreed, shown, rules, lower_on_right, {}
    )
