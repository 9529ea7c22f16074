"""Frozen records that behave like `dataclass(frozen=True)` and cost a twentieth of it to declare.

A frozen dataclass has six methods compiled for it, about a millisecond in all, and a function that starts
cold declares dozens. Records share these methods instead. They compare, hash, print and refuse assignment as
frozen dataclasses do, and `dataclasses.replace`, `fields` and `asdict` take them. Making one is slower by
about a microsecond; `replace` of this module is the fastest way to a changed one.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[Class]) -> type[Class]:
    """Makes the annotated class a record. For plain fields with or without a default; not for inheritance."""
    cls.__doc__ = (
        cls.__doc__ or cls.__name__
    )  # otherwise dataclass builds the signature here, which costs the most of all
    made: Any = dataclass(init=False, repr=False, eq=False)(cls)
    if "__init__" not in cls.__dict__:  # the few that are created by the dozen write their own
        made.__init__ = _initializer(cls.__qualname__, fields(made))
    for method in (__repr__, __eq__, __hash__, __setattr__, __delattr__):
        setattr(made, method.__name__, method)
    return cls


def _initializer(title: str, declared: tuple[Field[Any], ...]) -> Callable[..., None]:
    names = tuple(one.name for one in declared)
    wanted, count = frozenset(names), len(names)
    defaults = {one.name: one.default for one in declared if one.default is not MISSING}
    factories = {one.name: one.default_factory for one in declared if one.default_factory is not MISSING}

    def __init__(self: Any, /, *given: Any, **named: Any) -> None:
        state = self.__dict__
        if len(given) == count and not named:
            state.update(zip(names, given, strict=True))
            return
        if not given and named.keys() == wanted:
            state.update(named)
            return
        state.update(defaults)
        state.update(zip(names, given, strict=False))
        state.update(named)
        for name, make in factories.items():
            if name not in state:
                state[name] = make()
        if (
            state.keys() != wanted
            or len(given) > count
            or (given and not named.keys().isdisjoint(names[: len(given)]))
        ):
            raise TypeError(_complaint(title, names, state, given, named))

    return __init__


def replace(one: Class, /, **changes: Any) -> Class:
    """A copy of the record with some values changed. Raises TypeError for a field that it does not have."""
    made = object.__new__(type(one))
    state = made.__dict__
    state.update(one.__dict__)
    state.update(changes)
    if len(state) != len(one.__dict__):
        unknown = ", ".join(name for name in changes if name not in one.__dict__)
        raise TypeError(
            f"{type(one).__qualname__} has no {unknown}: its fields are {', '.join(one.__dict__)}"
        )
    return made


def _complaint(
    title: str, names: tuple[str, ...], state: dict[str, Any], given: tuple[Any, ...], named: dict[str, Any]
) -> str:
    missing = [name for name in names if name not in state]
    twice = [name for name in names[: len(given)] if name in named]
    if len(given) > len(names):
        return f"{title} takes at most {len(names)} values, but {len(given)} were given: leave out the last"
    if twice:
        return f"{title} was given {', '.join(twice)} twice, by position and by name: leave out one of them"
    if missing:
        return f"{title} is missing {', '.join(missing)}: give a value for each"
    unknown = [name for name in state if name not in names]
    return f"{title} has no {', '.join(unknown)}: its fields are {', '.join(names)}"


# The methods that all records share. `__match_args__` holds the names of the fields in order.


def __repr__(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def __eq__(self: Any, other: object) -> Any:
    return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented


def __hash__(self: Any) -> int:
    return hash(tuple(getattr(self, name) for name in self.__match_args__))


def __setattr__(self: Any, name: str, value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def __delattr__(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
