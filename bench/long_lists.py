"""A first load of customers next to long lists, in memory, fifty to a batch: both sides hold many records,
none of them like another. One worker handles batch after batch, as a warm function does.

Counted is the processor time beyond that of the same batch next to short lists, and how many records' facts
are made for each new one: of a list that a worker has read before, only what changed.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from bench.archived import CRM, SAGE, ArchivedSystem, Row, organisation
from bench.figures import Figures, at_most, told
from shared.bootstrap import Services
from shared.clock import SystemClock
from shared.domain.link import ChangeEvent
from shared.mapping.compile import compile_flow
from shared.ports import ObjectSpec, Snapshot, Traces, Values
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.sync.engine import who
from shared.sync.engine.kept_lists import KeptLists
from shared.sync.matching.facts import Facts, facts_of

FLOW, BATCH = compile_flow("vtiger--sage_accounting"), 50
_LEAD, _SHORT = 2, 500
"""Batches before the first that is counted, and records a side next to which a batch costs what it does."""


class Vendor(ArchivedSystem):
    """It takes new records."""

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        record_id = f"{len(self.rows):032x}"
        self.put({**values, "id": record_id, "contact_type_id": "CUSTOMER"})
        return Snapshot(record_id, dict(self.rows[record_id]), self.clock.now())

    def trace(self, *given: Any) -> Traces:
        return Traces()


class Load:
    """`count` organisations in the CRM, and as many others in the ledger."""

    def __init__(self, count: int) -> None:
        self.clock, self.world, maps = SystemClock(), MemoryWorld(), FLOW.entities["account"].maps
        self.systems = {name: Vendor(name, self.clock) for name in (CRM, SAGE)}
        self.lists = KeptLists()
        dice = Random(count)
        for number in range(count):
            self.systems[CRM].put(organisation(dice, number))
            other = organisation(dice, count + number)
            there = dict(maps[SAGE].write(maps[CRM].read(other, {}), {}, [], True))
            self.systems[SAGE].put({**there, "id": f"{number:031x}L", "contact_type_id": "CUSTOMER"})
        self.rows: Iterator[Row] = iter(list(self.systems[CRM].rows.values()))
        integration = Integration("demo", FLOW.name, {name: Connection(name) for name in self.systems})
        self.world.integrations.save(integration)
        self._given = (integration, IntegrationState(live=True, rules_version=FLOW.version), FLOW)

    def batches(self, number: int) -> float:
        """Processor seconds for so many batches, one after another."""
        begun = time.process_time()
        for _ in range(number):
            self._batch()
        return time.process_time() - begun

    def _batch(self) -> None:
        services = Services(
            *self._given,
            self.world.stores("demo"),
            self.world.integrations,
            self.systems,
            self.clock,
            "bench",
            self.clock.now() + timedelta(minutes=10),
            lists=self.lists,
        )
        results = services.engine().handle([self._event(next(self.rows)) for _ in range(BATCH)])
        kinds = Counter(getattr(getattr(one, "outcome", one), "kind", str(one)) for one in results)
        assert kinds == {"created": BATCH}, f"{kinds}"

    def _event(self, row: Row) -> ChangeEvent:
        now = self.clock.now()
        return ChangeEvent(
            "demo", CRM, "account", row["id"], "poll", "run", now, snapshot=row, observed_at=now
        )


def run(sizes: tuple[int, ...] = (5_000, 20_000), batches: int = 10) -> Figures:
    alone = _measured(_SHORT, min(batches, _SHORT // BATCH - _LEAD))[0]
    figures: Figures = {}
    for count in sizes:
        seconds, made = _measured(count, batches)
        name = f"first load next to {count} records a side"
        figures |= {
            f"{name}: facts made per new record": at_most(round(made, 2), 4, "records"),
            f"{name}: processor time per 1000": told(
                round(seconds, 1), "s", f"{alone:.1f} s next to {_SHORT}"
            ),
        }
    return figures


def _measured(count: int, batches: int) -> tuple[float, float]:
    """(processor seconds for 1,000 customers, records whose facts were made for each)."""
    load = Load(count)
    load.batches(_LEAD)
    with _counting() as made:
        seconds = load.batches(batches)
    return seconds * 1000 / (batches * BATCH), len(made) / (batches * BATCH)


@contextmanager
def _counting() -> Iterator[list[str]]:
    made = list[str]()

    def counted(record_id: str, *given: Any) -> Facts:
        made.append(record_id)
        return facts_of(record_id, *given)

    with patch.object(who, "facts_of", counted):
        yield made
