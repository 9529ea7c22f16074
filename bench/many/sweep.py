"""The daily sweep over a list of a million linked records, in virtual time, whose worker is killed now and
then: real is all of the sweep (`sweep_clock.take_up` and what it calls) and where it keeps its place. The
list and the links are made up as they are asked for: a million of either would only fill the memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from bench.budget.turns import Turns
from bench.many.fair_queue import Polls
from shared.bootstrap import Services
from shared.domain.keys import link_id
from shared.domain.link import Link, Outcome, Side
from shared.mapping.compile import compile_flow
from shared.operations.sweep_clock import Sweep, sweep_of, take_up
from shared.ports import Gone, ObjectSpec, Page, Reading, Snapshot
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from shared.systems.memory import MemorySystem
from tests.properties.ports import Killed

NAME, LEDGER, CRM, ENTITY = "firm", "sage_accounting", "vtiger", "account"
FLOW = compile_flow(f"{CRM}--{LEDGER}")
PAGE, CALL, INVOCATION, VISIBLE_AGAIN = 200, 1.0, 172.0, 1080
GONE, EDITED = 100_003, 100_019
"""One record in so many was deleted without a notice, and one edited."""


class List(MemorySystem):
    """`count` customers, a page after the other; the worker dies at some of the pages."""

    def __init__(self, clock: Turns, count: int, dies_in: int, random: Random) -> None:
        super().__init__(LEDGER, clock)
        self.turns, self.count, self.dies_in, self.random = clock, count, dies_in, random
        self.pages = self.kills = self.reads = 0

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        start = int((cursor or {}).get("after", 0))
        while start < self.count:
            end = min(self.count, start + PAGE)
            self.turns.sleep(CALL)
            self.pages += 1
            if self.dies_in and self.random.randrange(self.dies_in) == 0:
                self.kills += 1
                raise Killed("in the middle of a page")
            rows = tuple(self._row(number) for number in range(start, end) if number % GONE)
            yield Page(rows, {"after": end}, end >= self.count)
            start = end

    def _row(self, number: int) -> Snapshot:
        name = f"Firm {number}" if number % EDITED else f"Edited {number}"
        return Snapshot(f"C{number}", {"name": name}, self.clock.now(), "1")

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        self.reads += len(ids)
        self.turns.sleep(CALL)
        return {one: Gone(one, self.clock.now()) for one in ids}


class Links:
    """Every record of the list is linked, as its name was. What else is asked of a `LinkStore` is refused."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._agreed = Outcome("unchanged", "both sides agree")

    def find(self, system: str, entity: str, ids: Sequence[str]) -> dict[str, str]:
        return {one: f"L{one}" for one in ids}

    def load(self, link_ids: Sequence[str]) -> dict[str, Any]:
        return {
            one: SimpleNamespace(link=self._link(one[1:]), lease=None) for one in link_ids if one[:2] == "LC"
        }

    def all(self, entity: str) -> Iterator[Link]:
        for number in range(self._count):
            yield self._link(f"C{number}")

    def count(self, entity: str) -> int:
        return self._count

    def _link(self, record_id: str) -> Link:
        seen = {"name": f"Firm {record_id[1:]}"}
        sides = {
            LEDGER: Side(record_id, "1", seen, {}, FLOW.version),
            CRM: Side(f"11x{record_id[1:]}", "1", {}, {}, FLOW.version),
        }
        own = link_id(NAME, ENTITY, LEDGER, record_id)
        made = Link(own, ENTITY, LEDGER, record_id, sides=sides)
        return replace(made, outcome=self._agreed, rules_version=FLOW.version)


@dataclass
class Swept:
    """`dies_in`: the worker dies at one page in so many; 0: never."""

    count: int
    dies_in: int
    seed: int = 5
    invocations: int = 0
    queued: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Turns()
        self.list = List(self.clock, self.count, self.dies_in, Random(self.seed))
        self.world, self.sweeps = MemoryWorld(self.clock.now), Polls(self.clock)
        self.world.integrations.save(
            Integration(NAME, FLOW.name, {one: Connection(one) for one in (CRM, LEDGER)})
        )
        live = IntegrationState(live=True, rules_version=FLOW.version)
        self.world.integrations.change_state(NAME, IntegrationState(), live)
        queue = SimpleNamespace(send=lambda events: self.queued.extend(one.record_id for one in events))
        stores = self.world.stores(NAME)
        self.stores: Any = replace(stores, links=Links(self.count), queue=queue)  # type: ignore[arg-type]

    def run(self) -> float:
        """Until no message is left. Days that it took."""
        now = self.clock.now()
        sweep = Sweep("s1", NAME, now.isoformat(), ENTITY, LEDGER)
        self.sweeps.put(NAME, asdict(sweep))
        while found := self.sweeps.receive(1):
            self.invocations += 1
            try:
                take_up(self._deployment(), sweep_of(found[0][1]))
            except Killed:
                self.clock.sleep(VISIBLE_AGAIN)
                self.sweeps.put(*found[0])
            self.sweeps.done(found)
        return (self.clock.now() - now) / timedelta(days=1)

    def _deployment(self) -> Any:
        deadline = self.clock.now() + timedelta(seconds=INVOCATION)
        return SimpleNamespace(services=lambda name: self._services(deadline), sweeps=self.sweeps)

    def _services(self, deadline: Any) -> Services:
        integrations = self.world.integrations
        systems = {LEDGER: self.list, CRM: MemorySystem(CRM, self.clock)}
        return Services(
            integrations.load(NAME),
            integrations.state(NAME),
            FLOW,
            self.stores,
            integrations,
            systems,
            self.clock,
            f"worker-{self.clock.ms}",
            deadline,
        )

    def finished(self) -> bool:
        """Whether a round came to its end, and none is begun."""
        row = self.stores.cursors.load(f"sweep.{LEDGER}", ENTITY) or {}
        return bool(row.get("round")) and not row.get("parts")
