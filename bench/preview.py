"""The preview of 10,000 archived customers on one core, as `tieout preview` does it: both lists read whole.

What counts is the processor time beyond a bare `json.loads` of the same lines: that of the quickest round,
because whatever else the machine's host does can only make one slower. The ratio is the median of all rounds.
Half of the customers are linked, by the real engine, and were edited since; the other half is new.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from bench.archived import CRM, SAGE, ArchivedSystem, Row, customers
from bench.as_a_command import as_a_command
from bench.figures import Figures, at_most, exactly, told
from shared.bootstrap import Services
from shared.clock import SystemClock
from shared.domain.link import ChangeEvent
from shared.mapping.compile import compile_flow
from shared.operations.preview import preview_entity
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.sync.engine.result import Ended

ENTITY, TARGET = "account", 1.5
FLOW = compile_flow("vtiger--sage_accounting")


@dataclass
class Bench:
    """`lines` are the archived customers; the systems hold them as they are now, the links as they were
    before."""

    clock: SystemClock = field(default_factory=SystemClock)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = MemoryWorld()
        self.systems = {name: ArchivedSystem(name, self.clock) for name in (CRM, SAGE)}
        integration = Integration("demo", FLOW.name, {name: Connection(name) for name in self.systems})
        state = IntegrationState(live=True, rules_version=FLOW.version)
        world.integrations.save(integration)
        self.services = Services(
            integration,
            state,
            FLOW,
            world.stores("demo"),
            world.integrations,
            self.systems,
            self.clock,
            "bench",
            self.clock.now() + timedelta(hours=1),
        )

    def fill(self, count: int) -> None:
        """Raises AssertionError when a pair that agrees is not linked as it is."""
        before = []
        for pair, line in customers(count, self._to_sage):
            self.lines.append(line)
            before += [pair] if pair else []
        self._hold(before)
        kinds = Counter(
            one.outcome.kind if isinstance(one, Ended) else type(one).__name__
            for one in self.services.engine().handle([self.event(CRM, pair[CRM]) for pair in before])
        )
        assert kinds.keys() <= {"created", "updated", "unchanged"}, (
            f"customers that agree were not linked: {kinds}"
        )

    def run(self) -> Counter[str]:
        """One preview of all lines, from text to forecast: both lists whole, each pair once."""
        self._hold([json.loads(line) for line in self.lines])
        return Counter(forecast.would for forecast in preview_entity(self.services, ENTITY))

    def bare(self) -> None:
        for line in self.lines:
            json.loads(line)

    def event(self, system: str, row: Row) -> ChangeEvent:
        now = self.clock.now()
        return ChangeEvent(
            "demo", system, ENTITY, row["id"], "manual", "preview", now, snapshot=row, observed_at=now
        )

    def _hold(self, pairs: Sequence[Row]) -> None:
        for pair in pairs:
            for name, system in self.systems.items():
                if pair[name]:
                    system.put(pair[name])

    def _to_sage(self, row: Row) -> Row:
        maps = FLOW.entities[ENTITY].maps
        return dict(maps[SAGE].write(maps[CRM].read(row, {}), {}, [], True))


def run(count: int = 10_000, rounds: int = 5) -> Figures:
    bench = Bench()
    bench.fill(count)
    links = [(one.link_id, one.version) for one in bench.services.stores.links.all()]
    seconds, bare, found = [], [], Counter[str]()
    for _ in range(rounds):
        with as_a_command():
            begun = time.process_time()
            found = bench.run()
            between = time.process_time()
            bench.bare()
            ended = time.process_time()
        seconds.append(between - begun)
        bare.append(ended - between)
    each = [(whole - parse) * 1000 / count for whole, parse in zip(seconds, bare, strict=True)]
    ratio = median(whole / parse for whole, parse in zip(seconds, bare, strict=True))
    touched = links != [(one.link_id, one.version) for one in bench.services.stores.links.all()]
    name = f"preview of {count} records"
    note = ", ".join(f"{would} {number}" for would, number in found.most_common())
    return {
        f"{name}: processor time per 1000": at_most(
            min(each),
            TARGET,
            "s",
            f"beyond a bare JSON parse; of {rounds} rounds, median {median(each):.2f}; {note}",
        ),
        f"{name}: against a bare JSON parse": told(
            ratio, "x", f"the parse takes {median(bare) * 1e6 / count:.1f} us a record"
        ),
        f"{name}: links touched": exactly(int(touched), 0, "runs"),
    }
