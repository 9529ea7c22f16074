"""Whether the calls that the settings allow are enough: for the polls alone, and for a first load."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from math import ceil

from shared.bootstrap import Services
from shared.domain.call_budget import Budget, budget_of, left_of_day
from shared.domain.call_costs import CHANGED, of_new_record, of_quiet_list
from shared.domain.call_pace import allowed, in_minutes, span
from shared.domain.titles import title
from shared.domain.wording import counted
from shared.operations.intervals import interval_of
from shared.operations.poll_tasks import polled_lists
from shared.operations.room import MINUTES, limited
from shared.ports import Finding
from shared.sync.engine.preview import Forecast

_TICK, _DAY = timedelta(minutes=MINUTES), timedelta(days=1)
_BARELY = 2
"""A day should have room for so many times what the polls take."""


def quiet_calls(services: Services, system: str) -> int:
    """Calls of a day's polls of this system where nothing changes, without signing in and the sweep."""
    total = 0
    for entity, polled in polled_lists(services.flow):
        if polled == system:
            every = interval_of(services.integration, entity) or _TICK
            total += of_quiet_list(system, entity) * (_DAY // every)
    return total


def enough_for_polls(services: Services, system: str) -> list[Finding]:
    """A warning where the polls alone take most of what `daily_calls` allows."""
    connection = services.integration.connections.get(system)
    allowed_a_day = budget_of(connection.options).daily_calls if connection else None
    polls = quiet_calls(services, system)
    if allowed_a_day is None or polls * _BARELY <= allowed_a_day:
        return []
    cure = "raise daily_calls, or let lists be polled less often (intervals)"
    left = allowed_a_day - polls
    if left <= 0:
        what = f"that is more than the {allowed_a_day} of daily_calls, so nothing else can be done: {cure}"
    else:
        what = f"of the {allowed_a_day} of daily_calls {left} are left for records: {cure}"
    message = f"Polling {title(system)} alone takes about {counted(polls, 'call')} in 24 hours; {what}."
    return [Finding("warning", "daily_calls", message)]


def long_it_takes(services: Services, found: Iterable[tuple[str, Forecast]]) -> list[str]:
    """For each limited system, how long it takes to write what a preview found, at the least. `found`:
    (entity, forecast). 1 request for each limited system."""
    budgets, forecasts = dict(limited(services)), list(found)
    told = []
    for system, budget in budgets.items():
        calls = _calls(system, forecasts)
        if calls:
            told.append(_told(services, system, budget, calls))
    return told


def _calls(system: str, found: Sequence[tuple[str, Forecast]]) -> int:
    total = Decimal(0)
    for entity, one in found:
        if one.writes.get(system):
            total += of_new_record(system, entity) if one.would == "create" else CHANGED
    return ceil(total)


def _told(services: Services, system: str, budget: Budget, calls: int) -> str:
    said = f"about {counted(calls, 'call')} to {title(system)}, where the settings allow {allowed(budget)}"
    polls = quiet_calls(services, system)
    if budget.daily_calls is None:
        return f"To carry this out takes {said}: at least {span(in_minutes(calls, budget, calls))}."
    room = budget.daily_calls - polls
    if room <= 0:
        return (
            f"To carry this out takes {said}; polling alone takes {polls} of them a day, so it would not end."
        )
    window, _ = services.stores.calls.window(system)
    left = left_of_day(window, budget, round(services.clock.now().timestamp() * 1000))
    minutes = in_minutes(calls, replace(budget, daily_calls=room), min(left, room))
    beside = f", polling takes {polls} of them" if polls else ""
    return f"To carry this out takes {said}{beside}: at least {span(minutes)}."
