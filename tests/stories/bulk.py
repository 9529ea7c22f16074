"""Vtiger as if it took many new records in one call, as Sage Sales Management does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.errors import OutcomeUnknown, RecordRejected, SyncError
from shared.ports import ObjectSpec, Snapshot
from tests.properties.ports import Ticker
from tests.properties.rig import Rig
from tests.stories.customers import ABLE, SAGE, VTIGER, Customers, Rules, Vendor, flow_of

SIZE = 4


class Taker(Vendor):
    """`spoils`: a name that is refused. Alone it is refused by name; in a call of many it ends the call, and
    what stood before it is made, which is the harder of the readings."""

    spoils = ""
    calls: list[int]
    alone = 0
    """How many records were sent in a call of their own."""
    _many = False
    breaks_after = 99
    breaks: BaseException | type[BaseException] = BaseException

    def at_once(self, spec: ObjectSpec) -> int:
        return SIZE

    def create_many(self, spec: ObjectSpec, records: Sequence[tuple[Any, str]]) -> list[Snapshot | SyncError]:
        self.calls.append(len(records))
        self._many = True
        try:
            return self._taken(spec, records)
        finally:
            self._many = False

    def _taken(self, spec: ObjectSpec, records: Sequence[tuple[Any, str]]) -> list[Snapshot | SyncError]:
        made: list[Snapshot | SyncError] = []
        for number, (values, key) in enumerate(records):
            if number == self.breaks_after:
                raise self.breaks
            try:
                made.append(self.create(spec, values, key))
            except RecordRejected as fault:
                if len(records) == 1:
                    return [fault]
                return [OutcomeUnknown(f"one of {len(records)} was refused")] * len(records)
        return made

    def create(self, spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        self.alone += not self._many
        if self.spoils and self.spoils in map(str, values.values()):
            raise RecordRejected(f"“{self.spoils}” is refused")
        return super().create(spec, values, key)


class Many(Customers):
    """Customers that are entered in Sage and made in Vtiger, `SIZE` in a call."""

    def __init__(self, rules: Rules = "") -> None:
        clock = Ticker()
        able = {**ABLE, VTIGER: replace(ABLE[VTIGER], batch_create=SIZE)}
        taker = Taker(VTIGER, clock, capabilities=able[VTIGER])
        taker.calls = []
        self.taker = taker
        sage = Vendor(SAGE, clock, capabilities=able[SAGE])
        super(Customers, self).__init__(Rig(flow_of(rules), {VTIGER: taker, SAGE: sage}, clock))

    def enter_some(self, *names: str) -> None:
        for name in names:
            self.enter(SAGE, name.lower(), name=name)

    def names(self) -> list[str]:
        return sorted(str(one["name"]) for one in self.records(VTIGER))

    def hear_all(self, *names: str) -> None:
        self.hear(SAGE, *(name.lower() for name in names))
