"""One pair of companies: the same, not the same, or nobody can tell, and why.

Reference and VAT number are strong, everything else is weak. Only a strong key forbids; a weak one that
differs is merely told."""

from typing import Literal

from shared.domain.record import record
from shared.sync.matching.facts import Facts
from shared.sync.matching.keys import same_vat

Kind = Literal["same", "unsure", "different"]
Rank = tuple[int, ...]


@record
class Verdict:
    """`by` are the keys that agree, `against` those that are filled on both sides and do not. `rank` orders
    candidates: strong keys first, then the weak ones that are shared. `alone`: proved by the name alone, so
    that it proves nothing where the name is there more than once."""

    kind: Kind
    by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    rank: Rank = ()
    alone: bool = False
    decided: bool = False
    """Whether a person said so."""


STRONG = ("reference", "vat_number")
WEAK = ("name", "billing_postcode", "phone", "email")


def companies(one: Facts, other: Facts, left_out: frozenset[str] = frozenset()) -> Verdict:
    """`left_out`: strong keys that are not one numbering, or none for this pair."""
    agree = {
        "reference": _same(one.reference, other.reference),
        "vat_number": same_vat(one.vat, other.vat),
        "name": _same(one.name and one.name.text, other.name and other.name.text),
        "billing_postcode": _same(one.postcode, other.postcode),
        "phone": _same(one.phone, other.phone),
        "email": _same(one.email, other.email),
    }
    agree |= dict.fromkeys(left_out)
    by = tuple(name for name, equal in agree.items() if equal)
    against = tuple(name for name, equal in agree.items() if equal is False)
    rank = (*(int(bool(agree[name])) for name in (*STRONG, "name")), sum(bool(agree[n]) for n in WEAK[1:]))
    kind, alone = _kind(agree, one, other)
    return Verdict(kind, by, against, rank, alone)


def _kind(agree: dict[str, bool | None], one: Facts, other: Facts) -> tuple[Kind, bool]:
    reference, vat, name = agree["reference"], agree["vat_number"], agree["name"]
    if reference:
        return ("unsure" if vat is False and not name else "same"), False
    if reference is False:
        return _contradicted(agree, one, other), False
    if vat:
        return ("same" if name else "unsure"), False
    if vat is False:
        return _contradicted(agree, one, other), False
    if not name:
        return "different", False
    return ("unsure" if _other_form(one, other) else "same"), True


def _contradicted(agree: dict[str, bool | None], one: Facts, other: Facts) -> Kind:
    """A strong key says that they are two. Never one, but a person is asked where all else says that they
    are: the number may be a slip."""
    strong = bool(agree["vat_number"]) or _one_number(one, other)
    shared = sum(bool(agree[name]) for name in WEAK[1:])
    return "unsure" if agree["name"] and (strong or shared >= 2) else "different"


def _one_number(one: Facts, other: Facts) -> bool:
    """The digits of one VAT number under two countries."""
    return one.vat is not None and other.vat is not None and one.vat.number == other.vat.number


def _other_form(one: Facts, other: Facts) -> bool:
    """Smith Ltd and Smith GmbH; a form that is left out says nothing."""
    return bool(one.name and other.name and one.name.form and other.name.form) and (
        one.name is not None and other.name is not None and one.name.form != other.name.form
    )


def _same(one: str | None, other: str | None) -> bool | None:
    return None if one is None or other is None else one == other
