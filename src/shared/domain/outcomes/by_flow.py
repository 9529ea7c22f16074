"""What the flow, or the integration, does not take."""

from collections.abc import Iterable

from shared.domain.link import Outcome
from shared.domain.rules import AnyRule, Rule
from shared.domain.titles import title
from shared.domain.wording import words

_TAKES = {
    "equals": "only “{}”",
    "in": "only {}",
    "not_equals": "anything but “{}”",
    "not_blank": "records where it is filled in",
    "gt": "what is above {}",
    "gte": "{} and above",
    "lt": "what is below {}",
    "lte": "{} and below",
}


def filtered(
    field: str, op: str, wanted: str | Iterable[str] | None, found: object, called: str = ""
) -> Outcome:
    """`op` and `wanted` are those of the condition that `found` does not meet; `called`: what people call the
    field."""
    name = called or words(field)
    value = "empty" if found in (None, "") else f"“{found}”"
    if op == "blank":
        why = f"{name} already holds {value}, and this flow takes records where it is empty"
    else:
        taken = wanted if isinstance(wanted, str) else ", ".join(wanted or ())
        why = f"{name} is {value}; this flow takes {_TAKES[op].format(taken)}"
    return Outcome("skipped", why, Rule.WHERE, field, str(found or ""))


def wrong_way(entity: str, system: str, record: str) -> Outcome:
    """`record`: its id; it is not read."""
    why = (
        f"{words(entity)} {record} of {title(system)} is not synchronised: this flow takes no "
        f"{words(entity)} records from there"
    )
    return Outcome("skipped", why, Rule.DIRECTION)


def switched_off(entity: str) -> Outcome:
    why = (
        f"{words(entity)} records are switched off in this integration: give them a direction in the "
        "settings to synchronise them"
    )
    return Outcome("skipped", why, Rule.DIRECTION, value="off")


def not_live() -> Outcome:
    why = "this integration is not live yet, so nothing is written; the poll finds the record once it is"
    return Outcome("skipped", why, Rule.NOT_LIVE)


def only_looked_up(entity: str, woken: int) -> Outcome:
    """`woken`: how many records waited for this one."""
    waited = "1 waiting record was" if woken == 1 else f"{woken} waiting records were"
    why = f"this flow only looks up {words(entity)} records; {waited} queued again"
    return Outcome("unchanged", why, Rule.LOOKUP_ONLY)


def not_made_there(system: str, entity: str) -> Outcome:
    """Nobody has seen yet that the system keeps such a record as what it is."""
    why = (
        f"a new {words(entity)} is not made in {title(system)}: `tieout check` has not seen that it stays "
        "one there, and what became a delivery address could be chosen by the warehouse. Enter it in "
        f"{title(system)}, and it is linked"
    )
    return Outcome("skipped", why, Rule.NOT_MADE)


def turned(source: str, target: str, was: str, label: str) -> Outcome:
    """`was`: the entity whose record it turned from."""
    why = (
        f"{title(source)} made it of {words(was)} {label}, which stands in {title(target)} as won and "
        "follows it: no second document is made"
    )
    return Outcome("skipped", why, Rule.TURNED)


def mask_used_up(system: str, entity: str, field: str, mask: str, name: str) -> Outcome:
    """No code of the flow's mask is left for a new record."""
    why = (
        f"no {words(field)} of the mask {mask} is free in {title(system)} for “{name}”: give the "
        f"{words(entity)} one by hand, or a wider mask in the rules"
    )
    return Outcome("held", why, Rule.MASK, field, mask)


def nothing_changed(label: str, what: str = "order") -> Outcome:
    return Outcome("unchanged", f"nothing has changed since {what} {label}", Rule.CREATE_ONCE)


def own_number_shown(source: str, label: str) -> Outcome:
    why = f"{title(source)} now shows {label}; nothing else has changed"
    return Outcome("unchanged", why, Rule.CREATE_ONCE)


def changed_after(
    label: str, fields: Iterable[str], notes: Iterable[str] = (), what: str = "order"
) -> Outcome:
    """One side was changed after the order was made, which stays as it is; `notes` say how."""
    return Outcome(
        "skipped", f"already {what} {label}", Rule.CREATE_ONCE, ", ".join(fields), notes=tuple(notes)
    )


def refused(why: str, rule: AnyRule, field: str, value: object, *, held: bool = False) -> Outcome:
    """A rule of the flow's own, or a value that cannot be read or cannot go there; it brings its sentence.
    `held`: a person has to decide."""
    return Outcome("held" if held else "skipped", why, rule, field, str(value))
