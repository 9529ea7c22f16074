"""What a record waits for: another one that it refers to."""

from collections.abc import Sequence

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import article, words

Target = tuple[str, str, str]
"""(system, entity, id or name) of what is waited for."""
_SAID = ". It says there: "


def for_record(field: str, entity: str, on: Target, label: str, where: str, root: Outcome | None) -> Outcome:
    """The record `on` is not in the system `where` yet; `root` says why not."""
    system, _, record = on
    name = f"“{label}”, {title(system)} {record}" if label else f"{title(system)} {record}"
    held_up = root is not None and root.kind in ("skipped", "held", "waiting")
    said = f"{_SAID}{root.reason.partition(_SAID)[0]}" if root is not None and held_up else ""
    why = (
        f"its {words(entity)} ({name}) is not in {title(where)} yet; this record is sent automatically once "
        f"that is{said}"
    )
    return Outcome("waiting", why, Rule.REFERENCE, field, record, waits_for=on)


def for_name(reference: str, on: Target) -> Outcome:
    """`on` names a record by what people call it."""
    system, entity, key = on
    why = (
        f"{words(reference)} “{key}” does not exist in {title(system)}; this record is sent automatically "
        "once it does, or once the reference is corrected"
    )
    return Outcome("waiting", why, Rule.REFERENCE, entity, key, waits_for=on)


def for_blank(field: str, where: str, reference: str, system: str, on: Target) -> Outcome:
    """`field` of the record `where` (in words) should name the `reference` in `system`."""
    why = (
        f"{field} of {where} is empty; enter the {title(system)} {words(reference)} there, and this record "
        "is sent automatically"
    )
    return Outcome("waiting", why, Rule.REFERENCE, on[1], on[2], waits_for=on)


def left_out(field: str, on: Target, where: str) -> str:
    """Only this reference is missing in `where`; all else went over."""
    return (
        f"its {words(field)} ({title(on[0])} {on[2]}) is not in {title(where)} yet; it is added "
        "automatically once that is"
    )


def for_the_rest(field: str, on: Target, left: Sequence[str], notes: Sequence[str]) -> Outcome:
    """Nothing else is left to do; `left` has the sentences of `left_out`."""
    why = "; ".join(left)
    return Outcome("waiting", why, Rule.REFERENCE, field, on[2], tuple(notes), on)


def unlinked(path: str, entity: str, field: str, link: str) -> Outcome:
    why = f"{path} refers to {article(words(entity))} that is no longer linked: choose another"
    return Outcome("held", why, Rule.REFERENCE, field, link)
