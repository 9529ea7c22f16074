"""What a person leaves behind in stored texts, and the same texts without it.

A record of the person goes whole: in it, even what we do not map may say who it is. Elsewhere (an invoice
that names its customer) only the words that tell who it is are replaced, and all else stays.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from shared.domain.record import record

ERASED = "(erased)"
_SHORTEST = 5
"""A shorter id, such as 12, is looked for as an id only, and never among other figures."""
_BEFORE = r"(?:(?<!\w)|(?<=%[0-9a-f]{2})|(?<=\\[nrtbf]))"
"""Where a word may begin: also after a character of an address or of JSON that is written as letters."""
_DIGITS = re.compile(r"\d")


@record
class Person:
    """`ids`: those of the person's records. `id_names`: the fields that hold them, each with the fields whose
    presence says that it is another kind of record (an order has its customer's reference too). `texts`: what
    tells who it is: names, addresses, numbers."""

    ids: frozenset[str]
    id_names: Mapping[str, frozenset[str]]
    texts: frozenset[str]

    def forms(self) -> tuple[frozenset[str], frozenset[str]]:
        """All of it, however it is spelled in an address or in JSON; and telephone numbers as regular
        expressions, however they are spaced."""
        terms = self.texts | {one for one in self.ids if len(one) >= _SHORTEST}
        return (
            frozenset(form for term in terms for form in _spellings(term)),
            frozenset(r"[\s().-]*".join(_DIGITS.findall(term)) for term in terms if _is_number(term)),
        )


class Eraser:
    """`found` asks, `value` and `line` give what remains. A text without a hit comes back as it is."""

    def __init__(self, person: Person) -> None:
        self._person = person
        spelled, numbers = person.forms()
        either = "|".join([*sorted(map(re.escape, spelled), key=len, reverse=True), *sorted(numbers)])
        self._pattern = re.compile(rf"{_BEFORE}(?:{either})(?!\w)" if either else r"(?!)", re.I)
        self._spelled = frozenset(form.lower() for form in spelled)
        self._numbers = re.compile("|".join(sorted(numbers)) or r"(?!)")
        self._words = frozenset(one.casefold() for one in person.texts)

    def found(self, text: str) -> bool:
        """Most texts have nothing of it, which a plain look shows sooner than the pattern."""
        low = text.lower()
        if not any(form in low for form in self._spelled) and not self._numbers.search(text):
            return False
        return self._pattern.search(text) is not None

    def text(self, text: str) -> str:
        return self._pattern.sub(ERASED, text)

    def concerns(self, line: Mapping[str, Any]) -> bool:
        """Whether a line of the archive is about a record of the person, and about nothing else."""
        if line.get("kind") in ("record", "read"):
            return str(line.get("id")) in self._person.ids
        steps = re.split(r"[/?&=,'()]", str(line.get("path", "")))
        return not self._person.ids.isdisjoint(steps)

    def line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """A line of the archive without the person: that it was there, when, and how it ended, stays."""
        if self.concerns(line):
            kept = ("kind", "at", "run_id", "system", "entity", "method", "status", "ms", "created")
            return {name: line[name] for name in kept if name in line} | {"erased": True}
        found: dict[str, Any] = self.value(line)
        return found

    def value(self, value: Any, whole: bool = True) -> Any:
        """`whole` False: nothing is taken for a record of the person, only words are replaced."""
        if isinstance(value, str):
            return self._string(value, whole)
        if isinstance(value, Mapping):
            if whole and self._is_record(value):
                return {"erased": True}
            return {self.text(str(name)): self.value(item, whole) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            if whole and (pairs := _pairs(value)) and self._is_record(pairs):
                return [{"erased": True}]
            return [self.value(item, whole) for item in value]
        return value

    def _string(self, text: str, whole: bool) -> str:
        if text[:1] in ("{", "[") and whole:
            try:
                inner = json.loads(text)
            except ValueError:
                return self.text(text)
            return json.dumps(self.value(inner), ensure_ascii=False) if self._deep(inner) else text
        return self.text(text)

    def _deep(self, value: Any) -> bool:
        return bool(self.value(value) != value)

    def _is_record(self, value: Mapping[str, Any]) -> bool:
        named = [name for name in self._person.id_names if name in value]
        for name in named:
            others = self._person.id_names[name]
            if _plain(value[name]) in self._person.ids and others.isdisjoint(value):
                return True
        if any(_plain(value[name]) not in ("", "None") for name in named):
            return False
        told = {str(_plain(item)).strip().casefold() for item in value.values() if not isinstance(item, list)}
        return len(told & self._words) > 1


def _plain(value: Any) -> str:
    """v4_1 shows a value as {"name": …, "value": …}."""
    return str(value.get("value")) if isinstance(value, Mapping) else str(value)


def _pairs(value: Iterable[Any]) -> dict[str, Any]:
    """A record written as a list of names and values, as v4_1 takes it; {} for any other list."""
    rows = list(value)
    if not rows or not all(isinstance(row, Mapping) and {"name", "value"} <= set(row) for row in rows):
        return {}
    return {str(row["name"]): row["value"] for row in rows}


def _spellings(term: str) -> Iterator[str]:
    escaped = json.dumps(term)[1:-1]
    yield from (term, quote(term, safe=""), quote_plus(term), html.escape(term))
    yield from (escaped, json.dumps(escaped)[1:-1])


def _is_number(term: str) -> bool:
    digits = len(_DIGITS.findall(term))
    return digits >= 7 and digits * 2 > len(term)
