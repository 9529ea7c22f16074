"""What one invocation works with: the flow, the ports, the clock and its deadline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from shared.domain.record import record
from shared.mapping.faults import FieldUnreadable
from shared.mapping.maps import ObjectMap
from shared.mapping.model import EntityFlow, Flow
from shared.mapping.readable import needed
from shared.ports import Clock, Stores, System, Verdict
from shared.settings import IntegrationState
from shared.sync.engine.directory import FRESH, Directory
from shared.sync.engine.kept_lists import Kept, KeptLists
from shared.sync.engine.link_book import LinkBook
from shared.sync.engine.reference_tables import Tables
from shared.sync.merge import FieldPolicy

Looked = TypeVar("Looked")


@record
class Restore:
    """What an undo puts back on one record: the canonical values before, and those that the run left
    there."""

    system: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    run_id: str


SNAPSHOT_MAX_AGE = timedelta(minutes=30)
"""A poll's reading older than this (a message replayed days later) is read again."""
RESERVE_SECONDS = 25.0
"""No new vendor write is begun with less time than this left."""


@dataclass(eq=False, repr=False)  # two methods less to compile at a cold start
class Context:
    """`address(system, object, id)` gives the web address of a record for the log, or ""."""

    integration: str
    flow: Flow
    stores: Stores
    systems: Mapping[str, System]
    clock: Clock
    owner: str
    deadline: datetime
    state: IntegrationState
    tables: Tables
    address: Callable[[str, str, str], str] = lambda system, object_name, record_id: ""
    snapshot_max_age: timedelta = SNAPSHOT_MAX_AGE
    archive: Callable[[Mapping[str, Any]], None] = lambda line: None
    """Takes a line for the run's archive."""
    policies: dict[str, dict[str, FieldPolicy]] = field(default_factory=dict)
    indispensable: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """(entity, target) -> fields without which its records do not go there, once asked for."""
    closed: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """system -> (until, why): found closed by the gate or by a call of this batch."""
    no_turn: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """The same for a connection that only this invocation has no time to call."""
    strikes: dict[str, int] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    book: LinkBook = field(default_factory=LinkBook)
    judged: dict[tuple[str, str, str], Verdict] = field(default_factory=dict)
    """(system, entity, id) of what was missing in this batch -> what is made of it."""
    fetched: set[tuple[str, str, str]] = field(default_factory=set)
    """Parents that were queued to go first."""
    narrowed: dict[tuple[str, str], ObjectMap] = field(default_factory=dict)
    whole_tables: dict[str, tuple[Mapping[str, Any], dict[str, Mapping[str, Any]]]] = field(
        default_factory=dict
    )
    directories: dict[tuple[str, str], Directory] = field(default_factory=dict)
    """(entity, system) -> its list, where records are matched over whole lists."""
    lists_fresh: timedelta = FRESH
    """How old a whole list may be when records are matched over it."""
    lists: KeptLists = field(default_factory=KeptLists)
    """What a worker keeps of whole lists from one batch to the next."""
    lent: dict[str, Kept] = field(default_factory=dict)
    """entity -> what this batch has of that."""
    books: dict[str, Any] = field(default_factory=dict)
    """entity -> what is known of its lists (`who.py`)."""
    facts: dict[tuple[str, str], tuple[datetime, Mapping[str, Any]]] = field(default_factory=dict)
    """(kind, key) -> when it was asked for, and the native values of a record that others refer to: since the
    present look at what is made once. Nothing else trusts them."""
    exposures: dict[str, Any] = field(default_factory=dict)
    """Customer -> what is known of its credit while this batch has its lane (`exposure.py`)."""
    restores: dict[str, "Restore"] = field(default_factory=dict)
    """link -> what an undo puts back."""

    def now(self) -> datetime:
        return self.clock.now()

    def seconds_left(self) -> float:
        return (self.deadline - self.now()).total_seconds()

    def hurried(self) -> bool:
        return self.seconds_left() < RESERVE_SECONDS

    def entity(self, name: str) -> EntityFlow | None:
        return self.flow.entities.get(name)

    def map(self, entity: str, system: str) -> ObjectMap:
        return self.narrowed.get((entity, system)) or self.flow.entities[entity].maps[system]

    def narrow(self, entity: str, system: str) -> None:
        """Leaves out what this installation lacks (custom fields it does not have). Raises SyncErrors of the
        system."""
        object_map = self.flow.entities[entity].maps[system]
        lacking = self.systems[system].lacks(object_map.spec)
        if lacking:
            self.narrowed[(entity, system)] = object_map.without(lacking)

    def tables_of(self, system: str) -> Mapping[str, Mapping[str, Any]]:
        """The system's reference tables, and the links of this batch. Raises SyncErrors of the system."""
        own = self.tables.of(system)
        made = self.whole_tables.get(system)
        if made is None or made[0] is not own:  # the book's tables are filled in place, so they stay true
            made = self.whole_tables[system] = (own, {**own, **self.book.tables(system, self.flow.entities)})
        return made[1]

    def exchange_rates(self, entity: str, system: str) -> Mapping[str, Decimal]:
        """ISO code -> rate as the system's documents of this entity state it, read into canonical form."""
        object_map = self.map(entity, system)
        path = object_map.native_paths["exchange_rate"][0]
        found = {}
        for iso, rate in self.tables.rates(system).items():
            found[iso] = object_map.read({path: rate}, self.tables_of(system))["exchange_rate"]
        return found

    def looking_up(self, system: str, work: Callable[[Mapping[str, Mapping[str, Any]]], Looked]) -> Looked:
        """`work` with the system's reference tables, and once more with fresh ones when an id is not in them:
        a currency may have been added since they were read. What was never in a table costs no second try."""
        try:
            return work(self.tables_of(system))
        except FieldUnreadable as fault:
            if not fault.listed or not self.tables.refresh(system):
                raise
            return work(self.tables_of(system))

    def tax_rates(self, system: str) -> Mapping[str, Decimal]:
        """Tax code -> rate, per cent."""
        return self.tables.of(system).get("tax_codes", {})

    def needed(self, entity: str, target: str) -> frozenset[str]:
        """Fields without which a record does not go to `target`, made once per flow."""
        if (entity, target) not in self.indispensable:
            self.indispensable[entity, target] = needed(self.flow.entities[entity], target)
        return self.indispensable[entity, target]

    def policy(self, entity: str, joined: bool = False) -> dict[str, FieldPolicy]:
        """The merge rules of an entity's fields, made once per flow; with `joined`, of a record that belongs
        to one side (see `joined.py`)."""
        key = f"{entity} joined" if joined else entity
        if key not in self.policies:
            self.policies[key] = _policies(self.flow.entities[entity], joined)
        return self.policies[key]


def _policies(flow: EntityFlow, joined: bool) -> dict[str, FieldPolicy]:
    made, owner = {}, flow.joined.source if joined and flow.joined else None
    for name, rule in flow.fields.items():
        if rule.direction == "off":
            continue
        one_way = rule.direction.removeprefix("from ") if rule.direction.startswith("from ") else owner
        sources = frozenset({one_way}) if one_way else frozenset(flow.maps)
        kept = rule.emptied == "keep"
        made[name] = FieldPolicy(
            sources, tuple(flow.winner), rule.conflict, rule.drift, rule.once, kept, rule.made_from
        )
    return made
