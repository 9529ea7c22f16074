"""What a create whose answer was lost leaves open: a person decides where nobody can tell what was made."""

from collections.abc import Sequence

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title


def not_searchable(target: str) -> Outcome:
    name = title(target)
    why = (
        f"an earlier try may have made this record in {name}, and {name} cannot be searched for it: look "
        "there, then retry or link the two by hand"
    )
    return Outcome("held", why, Rule.UNKNOWN_OUTCOME)


def perhaps_changed(target: str, ids: Sequence[str]) -> Outcome:
    """Records of ours are there that no link knows."""
    names = ", ".join(ids)
    why = (
        f"an earlier try may have made this record in {title(target)}, and somebody may have changed it "
        f"there since: {names}. Enter there what stands here, or delete it there"
    )
    return Outcome("held", why, Rule.UNKNOWN_OUTCOME, value=names)


def perhaps_the_copy(system: str, record: str) -> Outcome:
    """It may be the copy of that record, whose answer was lost."""
    why = (
        f"an earlier try may have made it from {title(system)} {record}, which is held for that reason: "
        "enter the same in both, or delete one of them"
    )
    return Outcome("held", why, Rule.UNKNOWN_OUTCOME, value=record)


def successor(system: str, record: str, origin: str, origin_id: str) -> str:
    """The start of a sentence: `record` took another one's place, and may be the copy of the origin."""
    return (
        f"{title(system)} {record} takes its place, and an earlier try may have made that from "
        f"{title(origin)} {origin_id}"
    )


def successor_held(system: str, record: str, origin: str, origin_id: str) -> Outcome:
    why = f"{successor(system, record, origin, origin_id)}, which is held for that reason: settle that first"
    return Outcome("held", why, Rule.UNKNOWN_OUTCOME, value=record)


def settle_first(system: str, record: str) -> Outcome:
    why = (
        f"{title(system)} {record} is held because an earlier try may have made it elsewhere: settle that "
        "first"
    )
    return Outcome("held", why, Rule.UNKNOWN_OUTCOME, value=record)


def doubled(target: str, ids: Sequence[str]) -> Outcome:
    names = ", ".join(ids)
    why = (
        f"{title(target)} holds {len(ids)} records that an earlier try may have made: {names}. Delete all "
        "but one, then retry"
    )
    return Outcome("held", why, Rule.DOUBLED, value=names)


def origin_lost(origin: str) -> Outcome:
    """It carries our key, and the record that it was made from cannot be found."""
    why = (
        f"it was made from a record of {title(origin)} that can no longer be found: enter the same name or "
        "number on both, and they are linked; or clear our key here to have it made there"
    )
    return Outcome("held", why, Rule.ORIGIN)


def is_unknown(outcome: Outcome | None) -> bool:
    """Whether it is held because nobody can tell whether an earlier try made it."""
    return outcome is not None and outcome.rule == Rule.UNKNOWN_OUTCOME
