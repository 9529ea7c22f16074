"""A person says which system's value of a field stands: what came of it, and why it may not be said."""

from datetime import datetime

from shared.domain.titles import title
from shared.domain.wording import words


def stands(by: str, at: datetime, name: str, system: str, new: object, old: str) -> str:
    """`old` has the sentences of `instead`."""
    return f"{by} accepted the {words(name)} of {title(system)} on {at:%Y-%m-%d}: {_told(new)} stands{old}"


def put_back(by: str, at: datetime, name: str, system: str, new: object, old: str) -> str:
    """The same of a value that had lost."""
    what = f"the {words(name)} that {title(system)} had"
    return f"{by} put back {what}, on {at:%Y-%m-%d}: {_told(new)} stands{old}"


def instead(system: str, old: object) -> str:
    return f", in place of {_told(old)} in {title(system)}"


def moved(by: str, name: str, system: str) -> str:
    return (
        f"the {words(name)} of {title(system)} that {by} accepted was not written: it has changed since the "
        "page showed it. Look at both sides again, and say it once more"
    )


def refused(by: str, name: str, system: str, why: str) -> str:
    """`why` is a sentence of those below."""
    return f"the {words(name)} of {title(system)} that {by} accepted was not written: {why}"


def not_heard(by: str, name: str, system: str) -> str:
    return (
        f"the {words(name)} of {title(system)} that {by} accepted was not written: what stands here came "
        "first. Say it once more when that is settled"
    )


def not_carried(name: str) -> str:
    return f"the {words(name)} is not carried from one system to the other"


def made_once(entity: str) -> str:
    return (
        f"a {words(entity)} is made once and not changed by Tieout afterwards: correct it where it is wrong"
    )


def handed_over_once(name: str) -> str:
    return (
        f"the {words(name)} is handed over once, when a record is made: each side keeps its own from then on"
    )


def of_the_lines(name: str, entity: str) -> str:
    whole = f"lines and totals of {words(entity)} records"
    return f"{whole} belong together and are corrected in one of the two systems, not by their {words(name)}"


def wrong_way(name: str, only: str, system: str) -> str:
    return f"the {words(name)} comes from {title(only)} alone, so that of {title(system)} cannot stand"


def not_there(system: str) -> str:
    return f"there is no record of it in {title(system)}"


def not_writable(name: str, system: str) -> str:
    return f"{title(system)} lets nobody write the {words(name)}"


def closed(system: str, label: str, state: object) -> str:
    return f"{title(system)} {label} is {state or 'not open'} and is no longer changed"


def unreadable(name: str, system: str) -> str:
    return f"what {title(system)} shows as its {words(name)} cannot be read"


def _told(value: object) -> str:
    return "nothing" if value in (None, "") else f"“{str(value)[:80]}”"
