"""One pair of people of one customer.

Proved by the full name, where one living person on each side has it and no e-mail address of their own
differs. A mailbox that two people or the company share is nobody's own."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from shared.sync.matching.facts import Facts
from shared.sync.matching.verdict import Kind, Verdict


def shared_mailboxes(people: Iterable[Facts], companies: Iterable[str | None] = ()) -> frozenset[str]:
    """Addresses that two people use on either side, or that a company has itself. Bob Smith and B. Smith may
    be one."""
    names: dict[str, set[str | None]] = defaultdict(set)
    for one in people:
        if one.email is not None:
            names[one.email].add(one.person)
    several = {
        email
        for email, users in names.items()
        if any(not _perhaps_one(one, other) for one, other in combinations(users, 2))
    }
    return frozenset(several | {email for email in companies if email is not None})


def persons(one: Facts, other: Facts, shared: frozenset[str] = frozenset()) -> Verdict:
    """Both belong to one customer. The name alone proves only where nobody else has it (`alone`)."""
    own, theirs = _own(one, shared), _own(other, shared)
    email = None if own is None or theirs is None else own == theirs
    name = one.person is not None and one.person == other.person
    phone = None if one.phone is None or other.phone is None else one.phone == other.phone
    agree = {"full_name": name, "email": email, "phone": phone}
    by = tuple(key for key, equal in agree.items() if equal)
    against = tuple(key for key, equal in agree.items() if equal is False)
    rank = (int(bool(email)), int(name), int(bool(phone)))
    return Verdict(_kind(one, other, name, email), by, against, rank, alone=name and not email)


def _kind(one: Facts, other: Facts, name: bool, email: bool | None) -> Kind:
    if name:
        return "unsure" if email is False else "same"
    if not email or not _perhaps_one(one.person, other.person):
        return "different"
    return "same" if _short_form(one.person, other.person) else "unsure"


def _perhaps_one(one: str | None, other: str | None) -> bool:
    """Bob Smith and B. Smith, under an address that only they use."""
    if not one or not other:
        return False
    left, right = one.split(), other.split()
    return left[-1] == right[-1] and left[0][0] == right[0][0]


def _short_form(one: str | None, other: str | None) -> bool:
    """Jo Bloggs and Joanna Bloggs; not B. Smith, who may be Bob or Bill."""
    shorter, longer = sorted((str(one).split(), str(other).split()), key=lambda words: len(words[0]))
    return shorter[1:] == longer[1:] and len(shorter[0]) > 1 and longer[0].startswith(shorter[0])


def _own(one: Facts, shared: frozenset[str]) -> str | None:
    return None if one.email in shared else one.email
