"""What was written, and what the other system made of it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title, titles
from shared.domain.wording import words

AGREED = "both sides agree"
AGREED_ELSE = "both sides agree in everything else"


def made(target: str, entity: str, label: str, earlier: bool) -> str:
    """`earlier`: an earlier try made it, and did not live to say so."""
    start = f"{title(target)} {words(entity)} {label}"
    return f"{start} was made by an earlier try and is now linked" if earlier else f"{start} made"


def number_written(systems: list[str]) -> str:
    return f"its number written to {titles(systems)}"


def linked(system: str, label: str) -> str:
    return f"linked with {title(system)} {label}".strip()


def brought(system: str, fields: Iterable[str]) -> str:
    """Without fields: what an order's source had lost again."""
    return f"{_names(sorted(fields)) or 'missing values'} written to {title(system)}"


def created(parts: Sequence[str], notes: Sequence[str]) -> Outcome:
    """`parts` are sentences from above, here and below."""
    return Outcome("created", "; ".join(parts), notes=tuple(notes))


def updated(parts: Sequence[str], notes: Sequence[str]) -> Outcome:
    return Outcome("updated", "; ".join(parts or [AGREED]), notes=tuple(notes))


def unchanged(notes: Sequence[str], else_: bool = False) -> Outcome:
    """`else_`: a note names a field that was left alone."""
    return Outcome("unchanged", AGREED_ELSE if else_ else AGREED, notes=tuple(notes))


def lost_a_conflict(fields: Sequence[str]) -> Outcome:
    """For the row that keeps what lost."""
    why = f"both sides changed {_names(fields)}; the flow's rule chose, and the value that lost is kept here"
    return Outcome("updated", why, Rule.CONFLICT, ", ".join(fields))


def put_back(fields: Sequence[str], systems: list[str]) -> Outcome:
    """For the row that keeps what was changed on a side that the flow does not take the fields from."""
    why = (
        f"{_names(fields)} changed in {titles(systems)}, from where the flow does not take it; the value "
        "that was replaced is kept here"
    )
    return Outcome("updated", why, Rule.CONFLICT, ", ".join(fields))


def stays(system: str, label: str, state: object, field: str, there: str, here: str) -> str:
    """A released document keeps this field. `there` and `here` are in the words of people."""
    stay = "stay" if field == "lines" else "stays"
    return (
        f"{title(system)} {label} is {state or 'not open'} and is no longer changed: {words(field)} {stay} "
        f"{there} there, {here} here"
    )


def stays_open(system: str, label: str, state: object) -> str:
    """Of a record that is not closed while something else of it is open, for nobody could correct it then."""
    return (
        f"{title(system)} {label} stays {state or 'open'} until that is settled: after that it could no "
        "longer be changed there"
    )


def released(kept: Sequence[str], fields: Iterable[str], state: object, notes: Sequence[str]) -> Outcome:
    """`kept` has the sentences of `stays`."""
    field = ", ".join(fields)
    return Outcome("skipped", "; ".join(kept), Rule.RELEASED, field, str(state or ""), tuple(notes))


def stays_there(field: str, system: str, other: str, value: object) -> str:
    """A value that vanished in `system`, without another in its place."""
    return (
        f"{words(field)} is gone in {title(system)}, where it was “{value}”, and stays in {title(other)}: "
        f"if it should go there too, take it off in {title(other)}"
    )


def kept(stays: Sequence[str], fields: Sequence[str], notes: Sequence[str]) -> Outcome:
    """`stays` has the sentences of `stays_there`."""
    return Outcome("skipped", "; ".join(stays), Rule.EMPTIED, ", ".join(fields), notes=tuple(notes))


def called_otherwise(system: str, field: str, wanted: str, there: str) -> str:
    """A name that the system takes only once, and that another record has."""
    return (
        f"{title(system)} has the {words(field)} “{wanted}” already, so it is called “{there}” there "
        "until that is free"
    )


def rejected(why: str, reasons: Iterable[str]) -> Outcome:
    """The vendor's own words."""
    return Outcome("held", why, Rule.REJECTED, value="; ".join(reasons))


def not_allowed(why: str) -> Outcome:
    """The user of the integration has the right to other records, and not to this one."""
    return Outcome("held", why, Rule.NOT_ALLOWED)


def shows_otherwise(system: str, paths: Sequence[str], found: object, sent: object) -> str:
    return f"{', '.join(paths)} of {title(system)} shows “{found or ''}” after “{sent}” was written to it"


def not_stored(what: str, field: str, found: object) -> Outcome:
    """`what` is the sentence of `shows_otherwise`."""
    why = f"{what}: look for a rule or a workflow there that changes it"
    return Outcome("held", why, Rule.NOT_STORED, field, str(found or ""))


def flapping(system: str, field: str, times: int, minutes: int) -> Outcome:
    why = (
        f"{words(field)} of {title(system)} was written {times} times in {minutes} minutes and keeps being "
        "changed back: look for a workflow there that undoes it"
    )
    return Outcome("held", why, Rule.FLAPPING, field)


def other_total(system: str, field: str, found: Decimal, wanted: Decimal) -> Outcome:
    why = (
        f"{title(system)} made the total {found}, and its lines come to {wanted}: look at the tax and the "
        "discount of each line there, and correct or delete it"
    )
    return Outcome("held", why, Rule.TOTALS, field, str(found))


def edited_since_run(fields: Sequence[str], run_id: str) -> Outcome:
    """An undo leaves them alone."""
    why = (
        f"{_names(fields)} changed since run {run_id}, so nothing of it was put back: look at both records "
        "and enter what is right"
    )
    return Outcome("held", why, Rule.UNDO, ", ".join(fields), run_id)


def _names(fields: Sequence[str]) -> str:
    return ", ".join(map(words, fields))
