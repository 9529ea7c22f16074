"""A person in what is kept of lists: parts of sweeps that go on tomorrow, cursors that remember what they
have reported, and what is open of a customer's credit.

Ids go from their places, and all else stays: a sweep goes on where it stopped, and a cursor reports at most
one row once more. The place where a list goes on may still be the person's id, until it is read on.
"""

from collections.abc import Collection, Mapping
from typing import Any

from shared.bootstrap import Services
from shared.sync.engine.exposure import KEPT_AS


def of_lists(
    services: Services, entity: str, sides: Mapping[str, str], references: Collection[str], change: bool
) -> int:
    """How many parts and cursors had them. `references`: what else the ledger calls a customer."""
    stores, count = services.stores, 0
    for system, record_id in sides.items():
        count += stores.sweeps.erase(system, entity, {record_id}, change)
        count += _cursor(services, system, entity, {record_id}, change)
    return count + sum(_credit(services, one, change) for one in {*sides.values(), *references} if one)


def _cursor(services: Services, system: str, entity: str, ids: Collection[str], change: bool) -> int:
    cursors = services.stores.cursors
    found = cursors.load(system, entity)
    if found is None:
        return 0
    rest = without(found, ids)
    if rest == found:
        return 0
    if change:
        cursors.save(system, entity, rest)
    return 1


def _credit(services: Services, customer: str, change: bool) -> int:
    """Orders under way count against the credit until they are settled: such a row stays, and the second
    look tells of it."""
    cursors, now = services.stores.cursors, services.clock.now()
    rows = cursors.load(KEPT_AS, customer)
    if rows is None:
        return 0
    if change and not any(until > now for _, until in rows.values()):
        cursors.drop(KEPT_AS, customer)
    return 1


def without(value: Any, ids: Collection[str]) -> Any:
    """The same without these ids as members of a list or as names; a text by itself stays."""
    if isinstance(value, Mapping):
        return {name: without(item, ids) for name, item in value.items() if name not in ids}
    if isinstance(value, (list, tuple)):
        return [without(item, ids) for item in value if not (isinstance(item, str) and item in ids)]
    return value
