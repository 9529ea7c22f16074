"""A record must not be told from a frozen dataclass by anyone who uses it."""

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from shared.domain.record import record
from shared.domain.record import replace as changed


@record
class Plain:
    """Some fields with defaults."""

    a: str
    b: int = 3
    c: Mapping[str, int] = field(default_factory=dict)

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


@dataclass(frozen=True)
class Model:
    """The same as a dataclass."""

    a: str
    b: int = 3
    c: Mapping[str, int] = field(default_factory=dict)


@record
class Undescribed:
    a: int = 1


@record
class Hashable:
    a: str
    b: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("x",), {}),
        (("x", 4), {}),
        (("x", 4, {"k": 1}), {}),
        ((), {"a": "x"}),
        (("x",), {"c": {"k": 2}}),
        ((), {"c": {}, "b": 0, "a": ""}),
    ],
)
def test_it_is_made_and_shown_as_a_dataclass_is(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    made, model = Plain(*given, **named), Model(*given, **named)
    assert asdict(made) == asdict(model)
    assert repr(made) == repr(model).replace("Model", "Plain")
    assert made.both == f"{model.a}{model.b}"


@pytest.mark.parametrize(
    ("given", "named", "message"),
    [
        ((), {}, "Plain is missing a"),
        (("x", 1, {}, 4), {}, "at most 3 values, but 4 were given"),
        (("x",), {"a": "y"}, "Plain was given a twice"),
        (("x",), {"d": 1}, "Plain has no d: its fields are a, b, c"),
        ((), {"d": 1}, "Plain is missing a"),
    ],
)
def test_wrong_values_are_refused_in_a_sentence(
    given: tuple[Any, ...], named: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        Plain(*given, **named)
    with pytest.raises(TypeError):
        Model(*given, **named)


def test_it_compares_by_value_and_only_with_its_own_kind() -> None:
    assert Plain("x", c={"k": 1}) == Plain("x", 3, {"k": 1})
    assert Plain("x") != Plain("y")
    assert Plain("x") != Model("x")
    assert Plain("x") != ("x", 3, {})


def test_it_hashes_by_value_where_its_values_do() -> None:
    assert hash(Hashable("x", (1,))) == hash(Hashable("x", (1,)))
    assert len({Hashable("x"), Hashable("x"), Hashable("y")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Plain("x"))


def test_it_cannot_be_changed() -> None:
    one = Plain("x")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'b'"):
        one.b = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'b'"):
        del one.b
    assert one == Plain("x")


def test_each_has_its_own_default() -> None:
    assert Plain("x").c is not Plain("x").c


def test_the_tools_for_dataclasses_take_it() -> None:
    one = Plain("x", c={"k": 1})
    assert is_dataclass(one)
    assert [item.name for item in fields(one)] == ["a", "b", "c"]
    assert replace(one, b=9) == Plain("x", 9, {"k": 1})
    with pytest.raises(TypeError, match="has no d"):
        replace(one, d=9)  # type: ignore[call-arg]
    assert copy.deepcopy(one) == one
    assert pickle.loads(pickle.dumps(one)) == one
    match one:
        case Plain(a, b):
            assert (a, b) == ("x", 3)


def test_a_class_without_a_description_is_a_record_too() -> None:
    assert repr(Undescribed()) == "Undescribed(a=1)"


def test_a_changed_record_is_what_replace_makes_of_it() -> None:
    one = Plain("x", 4, {"k": 1})
    assert changed(one, b=5) == replace(one, b=5) == Plain("x", 5, {"k": 1})
    assert changed(one) == one and changed(one) is not one
    with pytest.raises(TypeError, match=r"Plain has no d, e: its fields are a, b, c"):
        changed(one, a="y", d=1, e=2)
