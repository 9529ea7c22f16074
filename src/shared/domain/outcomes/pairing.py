"""Which records belong together, where a person has to say so."""

from collections.abc import Mapping, Sequence

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words

Key = Sequence[str]
"""The fields by which records are matched."""
_THEN = "Merge or correct them; this record is tried again automatically then"


def several_match(target: str, key: Key, ids: Sequence[str]) -> Outcome:
    names = ", ".join(ids)
    why = f"{len(ids)} records of {title(target)} have the same {_named(key)}: {names}. {_THEN}"
    return _held(why, key, names)


def several_want(source: str, target: str, key: Key, hit: str, ids: Sequence[str]) -> Outcome:
    """More than one record of the source matches `hit`."""
    names = ", ".join(ids)
    why = (
        f"{len(ids)} records of {title(source)} have the same {_named(key)} as {title(target)} {hit}: "
        f"{names}. {_THEN}"
    )
    return _held(why, key, names)


def linked_already(source: str, target: str, key: Key, hit: str) -> Outcome:
    why = (
        f"{title(target)} {hit} is already linked to another record of {title(source)}: {title(source)} has "
        "this record twice. Merge or rename one of them; it is tried again automatically then"
    )
    return _held(why, key, hit)


def taken(source: str, target: str, record: str) -> Outcome:
    why = (
        f"{title(target)} {record} was made from this record by an earlier try, and is now linked to another "
        f"record of {title(source)}: decide which of the two is to be kept"
    )
    return Outcome("held", why, Rule.TAKEN, value=record)


def conflict(held: Mapping[str, str], notes: Sequence[str]) -> Outcome:
    """`held` is field -> what each side has."""
    both = "; ".join(f"{words(name)}: {why}" for name, why in held.items())
    why = f"{both}. Make both sides agree, or accept one of them on its page; then it is synchronised again"
    return Outcome("held", why, Rule.CONFLICT, ", ".join(held), notes=tuple(notes))


def _named(key: Key) -> str:
    return " and ".join(map(words, key))


def _held(why: str, key: Key, value: str) -> Outcome:
    return Outcome("held", why, Rule.MATCH, ", ".join(key), value)
