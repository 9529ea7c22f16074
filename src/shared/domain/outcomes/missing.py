"""Records that a system no longer shows, too many at once to be taken for deleted."""

from collections.abc import Sequence

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title, titles
from shared.domain.wording import words

_NAMED = 5
_HOW = "say whether they are gone (console, or `tieout deletions`)"


def asked(system: str, entity: str, names: Sequence[str], of: int, notes: Sequence[str] = ()) -> Outcome:
    """One row for all of them, and the question in the console. `of`: how many the list had."""
    return Outcome("held", question(system, entity, names, of), Rule.MISSING, notes=tuple(notes))


def question(system: str, entity: str, names: Sequence[str], of: int) -> str:
    """The sentence that a person has to answer."""
    some = ", ".join(names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    share = f"{len(names)} of {of} {words(entity)} records" if of else f"{len(names)} {words(entity)} records"
    return (
        f"{share} are no longer in {title(system)}: {some}{more}. None of them was taken for deleted, and "
        f"everything else goes on: {_HOW}"
    )


def kept_back(systems: Sequence[str]) -> Outcome:
    """Not in the log: the row of its list speaks for it."""
    why = f"{titles([*systems])} no longer shows it, and too many others: nothing is done until you {_HOW}"
    return Outcome("held", why, Rule.MISSING)


def counterpart_missing(source: str, systems: Sequence[str]) -> Outcome:
    """An edit on the other side, which has nowhere to go for the time being."""
    why = (
        f"changed in {title(source)}, but {titles([*systems])} no longer shows the record, and too many "
        f"others: the change is carried over once you {_HOW}, or once it shows again"
    )
    return Outcome("held", why, Rule.MISSING)


def counterpart_kept(source: str, systems: Sequence[str]) -> Outcome:
    """The same, after a person said that the record is not gone."""
    why = (
        f"changed in {title(source)}, but {titles([*systems])} still does not show the record, which you "
        "said is not gone: the change is carried over once it shows again. If it is gone after all, say so "
        "with `tieout deletions`"
    )
    return Outcome("held", why, Rule.MISSING)


def believed_no_more(systems: Sequence[str]) -> Outcome:
    """It was taken for deleted as one of a few, before the others went missing."""
    why = (
        f"was taken for deleted in {titles([*systems])}, and is not any more: too many others went missing "
        f"after it. Nothing is done until you {_HOW}"
    )
    return Outcome("held", why, Rule.MISSING)


def taken_back(systems: Sequence[str], lost: Sequence[str]) -> Outcome:
    """`lost`: where it is missing, and not believed to be deleted."""
    why = (
        f"taken back into use in {titles([*systems])}: it is not believed to be deleted in {titles([*lost])}"
    )
    return Outcome("updated", why, Rule.MISSING)


def in_use_again(system: str, back: Sequence[str]) -> str:
    """What was written, for the sentence of an update."""
    return f"taken back into use in {title(system)} because it is there again in {titles([*back])}"
