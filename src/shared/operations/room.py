"""How many records a poll may queue where the settings limit the calls to a vendor: as many as one interval
has calls for, so that a first load does not pile up what would only be parked."""

from collections.abc import Iterator

from shared.bootstrap import Services
from shared.domain.call_budget import Budget, budget_of, left_of_day
from shared.domain.call_pace import at_most_a_day
from shared.domain.outcomes.unfinished import LIMITED

MINUTES = 15
"""Of one interval: what is queued by one tick of the clock is worked off by the next."""


def room(services: Services, entity: str) -> int | None:
    """None without a limit, at no cost; else 1 request for each limited system, and 2 where days are."""
    found = list[int]()
    for system, budget in limited(services):
        if budget.per_minute is not None:
            found.append(budget.per_minute * MINUTES)
        if budget.daily_calls is not None:
            window, _ = services.stores.calls.window(system)
            now = round(services.clock.now().timestamp() * 1000)
            before = services.stores.parks.count() + services.stores.queue.depth(entity)
            found.append(left_of_day(window, budget, now) - before)
    return min(found) if found else None


def of_a_limit(why: str) -> bool:
    """Whether this reason of a gate or a fault is a limit that the settings set, which needs nobody."""
    return LIMITED in why


def limited(services: Services) -> Iterator[tuple[str, Budget]]:
    for system, connection in sorted(services.integration.connections.items()):
        budget = budget_of(connection.options)
        if budget != Budget():
            yield system, budget


def pace(services: Services) -> list[str]:
    """One sentence for each limited system."""
    return [at_most_a_day(system, budget) for system, budget in limited(services)]
