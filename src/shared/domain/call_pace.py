"""How long so many calls take where the settings limit them, in words for people."""

from math import ceil

from shared.domain.call_budget import Budget
from shared.domain.titles import title
from shared.domain.wording import counted

MINUTES_OF_DAY = 1_440


def in_minutes(calls: int, budget: Budget, left_of_day: int) -> int:
    """Whole minutes, at the least: what does not fit into what is left of the day goes on a day later, and so
    on."""
    days, rest = 0, calls
    if budget.daily_calls is not None and calls > left_of_day:
        later = calls - left_of_day
        days = ceil(later / budget.daily_calls)
        rest = later - (days - 1) * budget.daily_calls
    return days * MINUTES_OF_DAY + (ceil(rest / budget.per_minute) if budget.per_minute else 0)


def a_day(budget: Budget) -> int:
    """How many calls a day has room for; 0 without a limit."""
    by_minute = (budget.per_minute or 0) * MINUTES_OF_DAY
    return min(one for one in (by_minute, budget.daily_calls or 0) if one) if budget != Budget() else 0


def span(minutes: int) -> str:
    """ "40 minutes", "5 hours", "12 days": rounded up."""
    if minutes <= 90:
        return counted(max(1, minutes), "minute")
    if minutes <= 2 * MINUTES_OF_DAY:
        return counted(ceil(minutes / 60), "hour")
    return counted(ceil(minutes / MINUTES_OF_DAY), "day")


def allowed(budget: Budget) -> str:
    """ "60 calls a minute and 2500 in 24 hours"."""
    of_minute = f"{counted(budget.per_minute, 'call')} a minute" if budget.per_minute else ""
    of_day = f"{budget.daily_calls} in 24 hours" if budget.daily_calls else ""
    if of_minute and of_day:
        return f"{of_minute} and {of_day}"
    return of_minute or f"{counted(budget.daily_calls or 0, 'call')} in 24 hours"


def at_most_a_day(system: str, budget: Budget) -> str:
    """For a list of which nobody knows yet how long it is."""
    return (
        f"the settings allow {allowed(budget)} to {title(system)}, so at most "
        f"{counted(a_day(budget), 'record')} a day"
    )


def takes(records: int, system: str, budget: Budget, left_of_day: int) -> str:
    """A record needs a call at least, and many need more."""
    long = span(in_minutes(records, budget, left_of_day))
    return (
        f"{counted(records, 'record')} with the {allowed(budget)} that the settings allow to "
        f"{title(system)}: at least {long}"
    )
