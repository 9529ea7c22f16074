"""What happens to a record after it was made once: changed, gone, or under another one's number.

`what` is the word for such a record, as `wording.document` gives it.
"""

from collections.abc import Sequence

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import article, counted, words


def differs(system: str, field: str, now: object, made: object, what: str = "order") -> str:
    """A note: what one side shows otherwise than the order was made."""
    shows = f"{title(system)} now shows {words(field)} {_shown(now)}"
    return f"{shows}; the {what} was made with {_shown(made)}"


def agrees_again(label: str, what: str = "order") -> Outcome:
    return Outcome("unchanged", f"agrees again with {what} {label}", Rule.CREATE_ONCE)


def nothing_watched(label: str, what: str = "order") -> Outcome:
    """Changed, but in nothing that is told."""
    why = f"nothing that is watched has changed since {what} {label}"
    return Outcome("unchanged", why, Rule.CREATE_ONCE)


def vanished(target: str, label: str, entity: str, again: bool) -> Outcome:
    """`again`: the flow makes it anew once a person clears its number."""
    do = "clear its number to have it made again" if again else "see whether it was deleted on purpose"
    why = f"{title(target)} {words(entity)} {label} no longer exists: {do}, or leave everything as it is"
    return Outcome("held", why, Rule.VANISHED, "number", label)


def done_and_gone(target: str, label: str, what: str = "order") -> Outcome:
    """It was completed before it went, which is nothing to look at."""
    why = f"{what} {label} was completed, and is no longer in {title(target)}"
    return Outcome("unchanged", why, Rule.CREATE_ONCE)


def many_vanished(system: str, entity: str, labels: Sequence[str], more: bool) -> Outcome:
    """One sentence for all of them. `more`: the rest was not looked at."""
    shown = ", ".join(labels[:10]) + (", …" if len(labels) > 10 else "")
    at_least = "at least " if more else ""
    why = (
        f"{at_least}{counted(len(labels), f'{words(entity)} record')} of {title(system)} cannot be found "
        f"there any more: {shown}. If they were deleted, there is nothing to do; if not, look whether this "
        "is the right company and whether the sync user sees everything"
    )
    return Outcome("held", why, Rule.VANISHED, "number", str(len(labels)))


def made_again(label: str, what: str = "order") -> str:
    """A note: its order was made anew, as the flow says."""
    return f"{what} {label} no longer exists, and its number was cleared: made again"


def anothers_number(source: str, field: str, number: str, owner: str, what: str = "order") -> Outcome:
    why = (
        f"{field} of {title(source)} holds {number}, which is the number of {owner}: clear the field to have "
        f"{article(what)} made for this one too, or leave it as it is"
    )
    return Outcome("held", why, Rule.COPIED, field, number)


def number_replaced(number: str, owner: str) -> str:
    """A note: it was ordered all the same, as the flow says."""
    return f"it carried {number}, the number of {owner}, and has one of its own now"


def of_record(system: str, label: str) -> str:
    """The owner of a number, where it is known."""
    return f"“{label}” in {title(system)}"


def of_customer(target: str, number: str, customer: str, what: str = "order") -> str:
    """The owner of a number, where only the customer is known."""
    if not customer:
        return f"{what} {number}"
    return f"{article(what)} of customer {customer} in {title(target)}"


def of_another(target: str, what: str = "order") -> str:
    """The owner of a number, where the order names another record that we know nothing of any more."""
    return f"{article(what)} in {title(target)} that was made for another record"


def ordered_elsewhere(target: str, number: str, what: str = "order") -> Outcome:
    why = f"already {what} {number} of {title(target)}, which Tieout did not make"
    return Outcome("skipped", why, Rule.ELSEWHERE, "number", number)


def no_such_order(source: str, field: str, number: str, target: str, what: str = "order") -> Outcome:
    why = (
        f"{field} of {title(source)} holds {number}, and {title(target)} has no {what} of that number: clear "
        "the field to have one made"
    )
    return Outcome("skipped", why, Rule.NO_ORDER, field, number)


def set_aside(elsewhere: int, nowhere: int, unknown: int, what: str = "order") -> list[str]:
    """For the line of a poll: records with numbers that we did not give, of which none is a row."""
    found = []
    if elsewhere:
        found.append(f"{elsewhere} changed that were ordered elsewhere, with numbers Tieout did not give")
    if nowhere:
        found.append(f"{nowhere} changed with numbers that no {what} has (see `tieout reconcile --report`)")
    if unknown:
        found.append(f"{unknown} with numbers that the next poll looks up")
    return found


def _shown(value: object) -> str:
    return "blank" if value in (None, "") else f"“{str(value)[:60]}”"
