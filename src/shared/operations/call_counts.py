"""Calls to each vendor: how many there were, and how many are left. Read by `tieout status`, the console and
its API."""

from datetime import datetime
from typing import Any

from shared.domain.call_budget import Budget, budget_of, left_of_day
from shared.domain.call_pace import allowed, takes
from shared.ports import Stores
from shared.settings import Integration


def calls_of(integration: Integration, stores: Stores, parked: int, now: datetime) -> dict[str, Any]:
    """system -> the calls of this day (UTC) and, where the settings limit them, what is left of the last 24
    hours and how long what is parked takes."""
    made = stores.calls.of(now.date().isoformat())
    found: dict[str, Any] = {}
    for system, connection in sorted(integration.connections.items()):
        budget, said = budget_of(connection.options), dict[str, Any](today=made.get(system, 0))
        if budget != Budget():
            window, _ = stores.calls.window(system)
            left = left_of_day(window, budget, round(now.timestamp() * 1000))
            said |= {"per_minute": budget.per_minute, "daily_calls": budget.daily_calls}
            said |= {"left": left if budget.daily_calls else None, "allowed": allowed(budget)}
            said |= {"takes": takes(parked, system, budget, left) if parked else ""}
        found[system] = said
    return found
