"""Gates in DynamoDB: whether a connection may be called, discovered once and known to every function.

If eight functions meet the same outage at once, it counts as one strike; a pause is never weakened to
cooling."""

from collections.abc import Callable, Sequence
from datetime import datetime

from shared.domain.spans import LONGEST_WAIT, SKEW, from_ahead
from shared.ports import GateState
from shared.stores._attributes import Item
from shared.stores._keys import integration_name, moment, part, stamp
from shared.stores._table import Condition, Table

_OPEN_NOW = (
    "attribute_not_exists(#state) OR "
    "(#state = :cooling AND (#until <= :now OR #until > :latest OR #since > :skewed))"
)
_LONGER = "#state = :cooling AND #until < :until"


class AwsGate:
    """`Gate` on the state table. `now` decides when cooling is over."""

    def __init__(self, table: Table, integration: str, now: Callable[[], datetime]) -> None:
        self._table = table
        self._pk = f"{integration_name(integration)}#G"
        self._now = now

    def read(self, systems: Sequence[str]) -> dict[str, GateState]:
        """1 request."""
        found = {
            item["sk"]: item for item in self._table.get_many((self._pk, part(system)) for system in systems)
        }
        return {system: self._state(found.get(part(system), {})) for system in systems}

    def cool(self, system: str, until: datetime, reason: str) -> None:
        """1 request if the gate was open, 2 if it was already cooling (the time can only become longer)."""
        now = self._now()
        values = {":cooling": "cooling", ":until": stamp(until), ":reason": reason, ":since": stamp(now)}
        change = "SET #state = :cooling, #until = :until, #reason = :reason, #since = :since"
        past = {":now": now, ":latest": now + LONGEST_WAIT, ":skewed": now + SKEW}
        is_open = Condition(_OPEN_NOW, {name: stamp(time) for name, time in past.items()})
        struck = f"{change} ADD #strikes :one", {**values, ":one": 1}
        if not self._table.update(self._pk, part(system), *struck, is_open):
            self._table.update(self._pk, part(system), change, values, Condition(_LONGER))

    def pause(self, system: str, reason: str) -> None:
        """1 request."""
        change = "SET #state = :paused, #reason = :reason REMOVE #until, #since ADD #strikes :one"
        self._table.update(
            self._pk, part(system), change, {":paused": "paused", ":reason": reason, ":one": 1}
        )

    def open(self, system: str) -> None:
        """1 request. The strikes start again at 0."""
        self._table.delete(self._pk, part(system))

    def _state(self, item: Item) -> GateState:
        until = moment(item["until"]) if "until" in item else None
        strikes = item.get("strikes", 0)
        if not item or (until is not None and self._over(until, item)):
            return GateState(strikes=strikes)
        return GateState(item["state"], until, item["reason"], strikes)

    def _over(self, until: datetime, item: Item) -> bool:
        now = self._now()
        return until <= now or from_ahead(moment(item["since"]) if "since" in item else now, until, now)
