"""What is said of a field that was left as it is, while the rest of its record went on."""

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words


def says_nothing(outcome: Outcome) -> bool:
    """Whether a row is only an echo: all is well, and no field was left alone."""
    return outcome.kind == "unchanged" and outcome.rule != Rule.UNREADABLE


def unreadable(why: str, field: str, system: str, other: str, there: str | None) -> str:
    """`why` names place and value in `system`. `there`: what the other side has, "" for nothing; None where
    the record is new there."""
    until = f"in {title(system)} {why} Until then"
    if there is None:
        return f"{until} {title(other)} has it without {words(field)}"
    stays = f"{until} {words(field)} stays as it is on both sides"
    return f"{stays}, and “{there}” of {title(other)} does not replace it" if there else stays


def left_out(why: str, field: str, system: str, made: bool) -> str:
    """`why` is the sentence of the value that has no form in `system`, or the vendor's own words. `made`: the
    record is new there."""
    what = "was made without it" if made else "keeps what it has"
    return f"{words(field)} was not written, and {title(system)} {what}: {why}"
