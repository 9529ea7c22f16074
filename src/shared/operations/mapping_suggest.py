"""Which of a system's own fields may be meant by one of ours: by name and by type."""

import difflib
import re
from collections.abc import Iterable, Sequence

from shared.ports import FieldInfo

_ENOUGH, _MOST = 0.55, 3
_TYPES = {
    "decimal": ("curr", "dec", "doub", "float", "num", "int", "money", "amount", "perc"),
    "integer": ("int", "num", "dec", "long"),
    "boolean": ("bool", "bit", "check", "tiny"),
    "date": ("date", "time"),
    "datetime": ("date", "time"),
}
_NO_TEXT = ("bool", "bit", "check", "tiny", "date", "time", "curr", "doub", "float", "dec")
_NOISE = {"c", "id", "field", "cf", "the", "of", "code"}


def suggestions(name: str, kind: str, fields: Iterable[FieldInfo], used: Iterable[str]) -> list[FieldInfo]:
    """The likeliest first, none that is in use already or of a type that cannot hold such a value."""
    taken = {*used}
    free = [one for one in fields if one.name not in taken and _fits(kind, one.type)]
    ranked = sorted(free, key=lambda one: (-_like(name, one.name), one.name))
    return [one for one in ranked if _like(name, one.name) >= _ENOUGH][:_MOST]


def _fits(kind: str, vendor: str) -> bool:
    wanted, given = _TYPES.get(kind), vendor.casefold()
    if kind == "text":
        return not any(part in given for part in _NO_TEXT)
    return wanted is None or not given or any(part in given for part in wanted)


def _like(ours: str, theirs: str) -> float:
    one, other = _parts(ours), _parts(theirs)
    if not one or not other:
        return 0.0
    common = len({*one} & {*other}) / len({*one} | {*other})
    letters = difflib.SequenceMatcher(None, "".join(one), "".join(other), False).ratio()
    return max(common, letters)


def _parts(name: str) -> Sequence[str]:
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    return [part for part in re.findall(r"[a-z]+", split) if part not in _NOISE]
