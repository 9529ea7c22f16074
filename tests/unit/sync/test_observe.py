"""One pass over a link: what each side has, what it still lacks, and what a held field keeps."""

from dataclasses import replace
from typing import Any

from shared.domain.link import Base, Link, Side
from shared.sync.merge import FieldPolicy
from shared.sync.observe import SideReading, behind, delivered, observe

BOTH = frozenset({"left", "right"})
POLICIES = {
    "name": FieldPolicy(BOTH, ("left", "right")),
    "limit": FieldPolicy(frozenset({"left"}), ("left", "right")),
}
WRITABLE = frozenset({"name", "limit"})


def link(**sides: Side) -> Link:
    base = {"name": Base("old", 0, "left"), "limit": Base("5", 0, "left")}
    return Link("K", "account", "left", "1", base=base, sides=sides)


def side(**seen: Any) -> Side:
    return Side("1", seen=seen, rev=dict.fromkeys(seen, 0))


def shows(one: Side, **values: Any) -> SideReading:
    return SideReading(
        one, values, values, one.seen, {name: (name,) for name in values}, lambda name, value: value
    )


def test_an_edit_becomes_base_and_leaves_the_other_side_behind() -> None:
    left, right = side(name="old", limit="5"), side(name="old", limit="5")
    passed = observe(
        link(left=left, right=right),
        {"left": shows(left, name="new", limit="5"), "right": shows(right, name="old", limit="5")},
        POLICIES,
        "v1",
    )
    assert passed.link.base["name"] == Base("new", 1, "left")
    assert behind(passed.link, "left", WRITABLE, POLICIES) == {}
    assert behind(passed.link, "right", WRITABLE, POLICIES) == {"name": "new"}
    assert passed.changes == ({"field": "name", "system": "left", "before": "old", "after": "new"},)


def test_a_loser_is_behind_although_base_did_not_change() -> None:
    left, right = side(name="old", limit="5"), side(name="old", limit="5")
    known = link(left=left, right=right)
    passed = observe(
        known,
        {"left": shows(left, name="old", limit="5"), "right": shows(right, name="old", limit="9")},
        POLICIES,
        "v1",
    )
    assert passed.link.base["limit"].value == "5"
    assert behind(passed.link, "right", WRITABLE, POLICIES) == {"limit": "5"}
    assert {"field": "limit", "system": "right", "lost": "9"} in passed.changes


def test_a_missing_side_lacks_everything_that_may_be_written_there() -> None:
    known = link(left=side(name="old", limit="5"))
    assert behind(known, "right", WRITABLE, POLICIES) == {"name": "old", "limit": "5"}
    assert behind(known, "right", frozenset({"name"}), POLICIES) == {"name": "old"}


def test_nothing_is_owed_to_the_only_source_of_a_field() -> None:
    assert behind(link(), "left", WRITABLE, POLICIES) == {"name": "old"}


def test_delivered_brings_a_side_up_to_base() -> None:
    known = link(left=side(name="old"), right=Side("2"))
    right = delivered(known.sides["right"], {"name": "old"}, known.base)
    after = replace(known, sides={**known.sides, "right": right})
    assert behind(after, "right", WRITABLE, POLICIES) == {"limit": "5"}


def test_a_held_field_keeps_what_was_seen_so_that_the_conflict_is_found_again() -> None:
    policies = {"name": FieldPolicy(BOTH, ("left", "right"), conflict="hold")}
    left, right = side(name="old"), side(name="old")
    known = link(left=left, right=right)
    for _ in range(2):
        passed = observe(
            known,
            {"left": shows(known.sides["left"], name="L"), "right": shows(known.sides["right"], name="R")},
            policies,
            "v1",
        )
        known = passed.link
        assert known.base["name"].value == "old" and "name" in known.held
        assert known.sides["left"].seen == {"name": "old"} and known.sides["left"].shown == {"name": "L"}
        assert behind(known, "right", WRITABLE, policies) == {}


def test_a_held_field_is_settled_once_the_sides_agree() -> None:
    policies = {"name": FieldPolicy(BOTH, ("left", "right"), conflict="hold")}
    left, right = (
        replace(side(name="old"), shown={"name": "L"}),
        replace(side(name="old"), shown={"name": "R"}),
    )
    passed = observe(
        link(left=left, right=right),
        {"left": shows(left, name="L"), "right": shows(right, name="L")},
        policies,
        "v1",
    )
    assert not passed.link.held and passed.link.base["name"].value == "L"
    assert behind(passed.link, "right", frozenset({"name"}), policies) == {}


def test_a_side_that_was_not_read_keeps_what_is_stored() -> None:
    left, right = side(name="old"), side(name="old")
    passed = observe(link(left=left, right=right), {"left": shows(left, name="new")}, POLICIES, "v1")
    assert passed.link.sides["right"] == right
