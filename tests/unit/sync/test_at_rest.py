"""A field that nobody touched is settled at once, as the whole merge settles it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.link import Base, Link, Side
from shared.sync import observe as module
from shared.sync.merge import FieldPolicy
from shared.sync.observe import SideReading, observe

SYSTEMS, FIELDS = ("crm", "sage"), ("name", "town", "number")
VALUES = st.sampled_from((None, "a", "A", "b"))
BASES = st.builds(Base, VALUES, st.integers(0, 3), st.sampled_from(SYSTEMS))
POLICIES = st.builds(
    FieldPolicy,
    sources=st.sampled_from((frozenset(SYSTEMS), frozenset({"crm"}), frozenset({"sage"}))),
    order=st.just(SYSTEMS),
    conflict=st.sampled_from(("winner", "newest", "hold")),
    drift=st.sampled_from(("revert", "ignore")),
    once=st.booleans(),
    keeps=st.booleans(),
    made_from=st.sampled_from(("", "crm")),
)
ROWS = st.dictionaries(st.sampled_from(FIELDS), VALUES)
AT = datetime(2026, 11, 22, tzinfo=UTC)


@st.composite
def readings(draw: st.DrawFn) -> dict[str, SideReading]:
    found = {}
    for system in draw(st.sets(st.sampled_from(SYSTEMS), min_size=1)):
        revisions = draw(st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 3)))
        shown, seen = draw(ROWS), draw(ROWS)
        folds = draw(st.booleans())

        def norm(name: str, value: Any, folds: bool = folds) -> Any:
            return value.casefold() if folds and isinstance(value, str) else value

        side = Side(id=system, seen=seen, rev=revisions)
        paths = {name: (name,) for name in FIELDS}
        found[system] = SideReading(
            side, shown, shown, seen, paths, norm, AT if draw(st.booleans()) else None
        )
    return found


@given(
    shown=readings(),
    base=st.dictionaries(st.sampled_from(FIELDS), BASES),
    policies=st.fixed_dictionaries(dict.fromkeys(FIELDS, POLICIES)),
    both=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_what_rests_is_left_as_the_whole_merge_leaves_it(
    shown: dict[str, SideReading], base: dict[str, Base], policies: dict[str, FieldPolicy], both: bool
) -> None:
    sides = {system: Side(id=system) for system in SYSTEMS if both or system in shown}
    link = Link("L1", "account", "crm", "1", base=base, sides=sides)
    quick = observe(link, shown, policies, "v1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_rests", lambda *_: False)
        assert quick == observe(link, shown, policies, "v1")
