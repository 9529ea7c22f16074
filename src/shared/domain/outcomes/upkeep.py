"""What is no record's fault and nobody would notice: told in runs, by `tieout status` and in the digest."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.titles import title
from shared.domain.wording import counted, words


def condition_ignored(system: str, entity: str, fields: Sequence[str], records: int) -> str:
    """The list holds records that do not meet its own condition on these native fields."""
    listed, by = counted(records, f"{words(entity)} record"), ", ".join(sorted(fields))
    return (
        f"{title(system)} listed {listed} that it was asked to leave out (by {by}): it ignores that "
        "condition. Tieout leaves them out by itself, but each poll reads the whole list: see `tieout check`"
    )


def clock_differs(system: str, ahead: float) -> str:
    """`ahead`: seconds by which our clock is ahead of the vendor's; below zero it is behind."""
    minutes, way = counted(round(abs(ahead) / 60), "minute"), "ahead of" if ahead > 0 else "behind"
    return (
        f"the clock of this machine is {minutes} {way} {title(system)}'s: one of the two is wrong, so that "
        "sign-ins may end early and changes may be noticed late. Set the one that is wrong"
    )


def hooks_silent(system: str, entity: str, since: datetime | None, polls: int) -> str:
    """`since`: when one was last heard, if ever; `polls`: how many have found since what a hook would have
    told."""
    last = f"since {since:%d %B, %H:%M} UTC" if since else "yet"
    return (
        f"no webhook of {title(system)} has told of {words(entity)} records {last}, although {polls} polls "
        "found changes there: every change now waits for the next poll. Look whether the webhooks are still "
        f"there and active, or make new ones with `tieout connect {system} --hooks`"
    )
