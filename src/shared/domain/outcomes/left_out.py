"""Records that a person left out for good."""

from datetime import datetime

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title


def left_out(called: str, by: str, at: datetime) -> Outcome:
    """`called`: what people call the record."""
    why = (
        f"{called or 'this record'} was left out for good by {by} on {at:%Y-%m-%d}: neither side is changed "
        "for it. “Take up again” on its page, or `tieout decide RECORD take-up`, ends that"
    )
    return Outcome("skipped", why, Rule.LEFT_OUT, value=by)


def counterpart_left_out(target: str, record: str, by: str, at: datetime) -> Outcome:
    """The same thing, as the other system has it."""
    why = (
        f"it is the same as {title(target)} {record}, which was left out for good by {by} on "
        f"{at:%Y-%m-%d}, so nothing is made of it: take that one up again, or say that the two are different"
    )
    return Outcome("skipped", why, Rule.LEFT_OUT, value=record)


def taken_up(by: str, at: datetime) -> str:
    return f"taken up again by {by} on {at:%Y-%m-%d}"
