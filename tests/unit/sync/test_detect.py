"""What one side shows of a field: the table of (view, seen, base) -> state."""

from typing import Any

import pytest

from shared.domain.link import Base, Side
from shared.sync.detect import field_states

MISSING = object()


def cut(name: str, value: Any) -> Any:
    return value[:3] if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("view", "seen", "base", "state"),
    [
        ("new", MISSING, None, "first"),
        (None, MISSING, None, "first"),
        ("old", "old", None, "first"),
        ("old", "old", "old", "has"),
        ("old", MISSING, "old", "has"),
        ("abc", "xyz", "abcdef", "has"),
        ("abcdef", "abc", "abcdef", "changed"),
        ("old", "old", "new", "same"),
        ("mine", "old", "old", "changed"),
        ("mine", "old", "new", "changed"),
        (None, "old", "old", "changed"),
        ("mine", None, None, "first"),
        ("mine", MISSING, "old", "first"),
        (None, None, "new", "same"),
    ],
)
def test_state(view: Any, seen: Any, base: Any, state: str) -> None:
    side = Side("1", rev={"name": 4})
    known = {} if seen is MISSING else {"name": seen}
    agreed = {} if base is None else {"name": Base(base, 4, "left")}
    assert field_states(side, {"name": view}, known, agreed, cut)["name"].state == state


@pytest.mark.parametrize(("rev", "behind"), [({}, True), ({"name": 3}, True), ({"name": 4}, False)])
def test_a_side_is_behind_until_it_has_the_base_revision(rev: dict[str, int], behind: bool) -> None:
    sight = field_states(
        Side("1", rev=rev), {"name": "old"}, {"name": "old"}, {"name": Base("new", 4, "left")}, cut
    )["name"]
    assert (sight.state, sight.behind) == ("same", behind)


def test_only_fields_in_view_are_looked_at() -> None:
    assert field_states(Side("1"), {}, {"name": "old"}, {"name": Base("new", 0, "left")}, cut) == {}
