"""Records that were deleted, or merged into others, and what becomes of their counterparts."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title, titles
from shared.domain.wording import article, words

_EDITED = "edited"


def hidden_or_gone(system: str) -> Outcome:
    why = f"the record no longer exists in {title(system)} (or is hidden from the sync user)"
    return Outcome("skipped", why, Rule.DELETED)


def nothing_left(lost: list[str]) -> Outcome:
    return Outcome("skipped", f"{_where(lost)}, so nothing is left to synchronise", Rule.DELETED)


def out_of_use_already(lost: list[str], left: str) -> Outcome:
    """`left` names the records that are left, here and below."""
    return Outcome("skipped", f"{_where(lost)}; {left} is out of use", Rule.DELETES, value="archive")


def left_alone(lost: list[str], left: Iterable[str], setting: str, settled: bool) -> Outcome:
    """`setting` is the flow's `deletes`; `settled`: nobody has to decide anything."""
    kept = ", ".join(left)
    why = f"{_where(lost)}; {kept} is left as it is" if kept else _where(lost)
    return Outcome("skipped" if settled else "held", why, Rule.DELETES, value=setting)


def edited_since(lost: list[str], left: str, field: str) -> Outcome:
    """`field` holds names, joined by ", "."""
    why = (
        f"{_where(lost)}, but {words(field)} was changed in {left} since both agreed: delete it there too, "
        f"or restore it in {titles(lost)}"
    )
    return Outcome("held", why, Rule.DELETES, field, _EDITED)


def was_edited_since(outcome: Outcome | None) -> bool:
    """Whether a person was asked about an edit of what is left."""
    return outcome is not None and outcome.rule == Rule.DELETES and outcome.value == _EDITED


def no_archive(lost: list[str], system: str, entity: str) -> Outcome:
    why = (
        f"{_where(lost)}, and {title(system)} cannot put {article(words(entity))} out of use: "
        "decide what is to be done with it there"
    )
    return Outcome("held", why, Rule.DELETES, value="archive")


def deleted_later(lost: list[str], left: str, on: datetime | None, marked: bool) -> Outcome:
    """`on`: from when on it is deleted for good; None: it may be, as soon as a sweep misses it once more.
    `marked`: it is out of use until then."""
    out = f"{left} is out of use and" if marked else left
    return Outcome(
        "skipped", f"{_where(lost)}; {out} {will_be_deleted(lost, on)}", Rule.DELETES, value="delete"
    )


def will_be_deleted(lost: list[str], on: datetime | None) -> str:
    """What stands behind the name of the record that is left, or that it was put out of use."""
    when = f"from {on:%-d %B %Y} on" if on else "with the next daily sweep"
    return (
        f"will be deleted for good {when}, if the sweep still does not find the record in {titles(lost)}: "
        "that cannot be undone"
    )


def deleted_for_good(lost: list[str], system: str, label: str, since: datetime) -> Outcome:
    """`since`: when the deletion was first seen."""
    why = (
        f"{title(system)} {label} was deleted for good, because the record was deleted in {titles(lost)} "
        f"(seen on {since:%-d %B %Y}, and missing once more since): that cannot be undone"
    )
    return Outcome("updated", why, Rule.DELETES, value="delete")


def made_anew(system: str, label: str, at: datetime, origin: str) -> str:
    """A note: the record of `system` was deleted for good at `at`, and that of `origin` is there again."""
    return (
        f"{label} shows itself again in {title(origin)}; its record in {title(system)} was deleted for good "
        f"on {at:%-d %B %Y}, so it is made anew there under the same reference"
    )


def final_deletions(entity: str, system: str, lost: str, number: int, of: int) -> str:
    """What the brake asks."""
    return (
        f"{number} of {of} {words(entity)} records would be deleted for good in {title(system)}, because "
        f"they were deleted in {title(lost)}: none of them was deleted. If this is right, continue with "
        "`tieout sync --release`; the next daily sweep deletes them then"
    )


def not_restored(system: str) -> str:
    """What an undo says."""
    return f"deleted for good in {title(system)} by this run: that cannot be undone"


def put_out_of_use(system: str, lost: list[str]) -> str:
    """What was written, for the sentence of an update."""
    return f"put out of use in {title(system)} because it was deleted in {titles(lost)}"


def merged_unknown(system: str, record: str, into: str) -> Outcome:
    """Nothing was linked to it: only the record that is left counts."""
    why = f"record {record} of {title(system)} was merged into {into}, which takes its place"
    return Outcome("skipped", why, Rule.MOVED, value=into)


def merged(system: str, record: str, into: str, linked: bool) -> Outcome:
    """`linked`: the record that is left is linked to another one."""
    other = ", which is linked to another record. Decide which of the two is to be kept" if linked else ""
    why = f"record {record} of {title(system)} was merged into {into}{other}"
    return Outcome("held", why, Rule.MOVED, value=into)


def merge_followed(system: str, record: str, into: str) -> str:
    """A note: the link now stands for the record that is left."""
    return f"{title(system)} {record} was merged into {into}, which takes its place"


def _where(lost: list[str]) -> str:
    return f"the record was deleted in {titles(lost)}"
