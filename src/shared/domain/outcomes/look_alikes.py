"""Records that look alike, where nobody but a person can tell, with both of them side by side."""

from collections.abc import Mapping, Sequence

from shared.domain.link import Outcome
from shared.domain.record import record
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words


@record
class Seen:
    """One record as people know it. `shown` is canonical field -> value."""

    system: str
    id: str
    shown: Mapping[str, str]

    def __str__(self) -> str:
        name = self.shown.get("name") or self.shown.get("full_name") or ""
        told = [
            f"{words(key)} {value}" for key, value in self.shown.items() if key not in ("name", "full_name")
        ]
        inside = f" ({', '.join(told)})" if told else ""
        return f"{title(self.system)} {self.id} “{name}”{inside}"


def nobody_can_tell(own: Seen, others: Sequence[tuple[Seen, str]], by: Sequence[str]) -> Outcome:
    """`others`: the candidates, each with why it may be the one; `by`: what the best of them shares."""
    first = others[0][0]
    listed = "; ".join(f"{other}: {why}" for other, why in others[:5])
    more = f"; and {len(others) - 5} more" if len(others) > 5 else ""
    reason = (
        f"Perhaps there already in {title(first.system)}, and nobody can tell. {own} or {listed}{more}. "
        f"Say it once: `tieout decide {own.id} same {first.id}` if they are one, `tieout decide {own.id} "
        "different` if they are not; `tieout preview --pairs FILE` lists all of them"
    )
    return _held(reason, by, ", ".join(other.id for other, _ in others))


def here_twice(own: Seen, other: Seen, partner: str, by: Sequence[str]) -> Outcome:
    """`other` is linked already, to `partner` of our own system."""
    here = title(own.system)
    reason = (
        f"{own} looks like {other}, which is already linked to {here} {partner}: {here} has this record "
        f"twice. Merge or correct one of them, or say `tieout decide {own.id} different` if they are two"
    )
    return _held(reason, by, other.id)


def _held(reason: str, by: Sequence[str], value: str) -> Outcome:
    return Outcome("held", reason, Rule.MATCH, ", ".join(by), value)


def why_unsure(by: Sequence[str], against: Sequence[str], others: int) -> str:
    """What agrees and what does not. `others`: how many more records have the same name."""
    same = f"same {_listed(by)}" if by else "nothing the same"
    unlike = f", but another {_listed(against)}" if against else ""
    several = ", and the name is there more than once" if others else ""
    return f"{same}{unlike}{several}"


def joined(by: Sequence[str], against: Sequence[str]) -> str:
    """By which keys two records were taken for one, and what else differs."""
    unlike = f"; {_listed(against)} differs" if against else ""
    return f"joined by the same {_listed(by)}{unlike}"


def told_to_be_one() -> str:
    return "joined because somebody decided that they are the same"


def not_one_numbering(key: str, differing: int, compared: int) -> str:
    return (
        f"{words(key)} is not one numbering: it differs in {differing} of {compared} pairs that everything "
        "else proves, so it is left out"
    )


def carried_by_many(key: str, value: str) -> str:
    return f"the {words(key)} {value} is carried by many companies, so it proves nothing"


def no_numbers(texts: Sequence[tuple[str, int]]) -> str:
    """`texts`: what stands where a VAT number should, and how often."""
    told = ", ".join(f"“{text}” ({count})" for text, count in texts[:5])
    more = f" and {len(texts) - 5} more" if len(texts) > 5 else ""
    return f"no VAT number is {told}{more}: neither proves nor forbids anything"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(words(name.removeprefix("billing_")) for name in names)
