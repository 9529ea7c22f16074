"""Both lists of an entity as one book of facts, for the batch: who could be whom, who is taken, and what
people decided."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from shared.domain.decision import Decision
from shared.domain.link import Link
from shared.mapping.maps import ObjectMap
from shared.sync.engine.context import Context
from shared.sync.engine.directory import FRESH, Directory
from shared.sync.engine.kept_lists import Kept
from shared.sync.engine.known_facts import KnownFacts
from shared.sync.engine.references import learn_links
from shared.sync.matching.book import Book
from shared.sync.matching.facts import Facts, facts_of
from shared.sync.matching.keys import email_key
from shared.sync.seen import read_seen


class Who:
    """One entity's lists and what is known of them. Left is the flow's CRM, right its ledger."""

    def __init__(self, ctx: Context, entity: str) -> None:
        self.ctx, self.entity = ctx, entity
        self.flow = ctx.flow.entities[entity]
        self.systems = (ctx.flow.crm, ctx.flow.sage)
        self.only = tuple(sorted({name for keys in self.flow.match for name in keys}))
        self._decisions: list[Decision] | None = None
        self._facts: KnownFacts | None = None
        self._tables: dict[str, Mapping[str, Any]] = {}
        self._of_one_making = True

    def ready(self, *, now: bool = False, records_only: bool = False) -> bool:
        """Whether both lists are there whole; with `now`, as they are this moment. `records_only`: enough to
        see who has a key in common with whom, which stands in the records themselves. Raises the SyncErrors
        of the systems."""
        age = FRESH * 0 if now and self.ctx.lists_fresh <= FRESH else self.ctx.lists_fresh
        read = [
            directory(self.ctx, self.entity, one).refresh(self.ctx.hurried, age, records_only=records_only)
            for one in self.systems
        ]
        return all(read)

    def side(self, system: str) -> int:
        return self.systems.index(system)

    def book(self, customer: str = "") -> Book:
        """The companies; or the people of one customer, named by its link."""
        lists = [directory(self.ctx, self.entity, one) for one in self.systems]
        if self.flow.matching == "person":
            return self._people(lists, customer)
        return self._known().companies.book(lists, [partial(self.facts, one) for one in self.systems])

    def facts(self, system: str, record_id: str, values: Mapping[str, Any], account: str = "") -> Facts:
        """Of native values."""
        return self._known().of(system, record_id, values, account, partial(self._made, system))

    def _made(self, system: str, record_id: str, values: Mapping[str, Any], account: str) -> Facts:
        object_map, tables = self.ctx.map(self.entity, system), self.ctx.tables_of(system)
        self._of_one_making = self._of_one_making and self.ctx.tables.of(system) is self._tables[system]
        return facts_of(
            record_id, read_seen(object_map, _plain(object_map, values), tables), account, self.only
        )

    def end_batch(self) -> None:
        """What was made of the lists is kept for the next batch, unless a table was read anew meanwhile."""
        if self._facts is not None and self._of_one_making:
            self._facts.end_batch(
                {
                    name: listed
                    for (entity, name), listed in self.ctx.directories.items()
                    if entity == self.entity
                }
            )
            kept_of(self.ctx, self.entity).facts = self._facts
        self._facts = None

    def _known(self) -> KnownFacts:
        """What was made in an earlier batch, if it was made with what is there now: the rules, less what this
        installation lacks, and the tables. Raises the SyncErrors of the systems."""
        if self._facts is None:
            maps = [self.ctx.map(self.entity, one) for one in self.systems]
            self._tables = {one: self.ctx.tables.of(one) for one in self.systems}
            made_with = (
                [self.flow.maps[one] for one in self.systems],
                [(one.readable, tuple(one.spec.archive)) for one in maps],
                {one: dict(tables) for one, tables in self._tables.items()},
                self.only,
            )
            kept = kept_of(self.ctx, self.entity)
            known, kept.facts = kept.facts, None
            self._facts = known if known and known.made_with == made_with else KnownFacts(made_with)
        return self._facts

    def by_id(self, side: int, record_id: str) -> Facts | None:
        row = directory(self.ctx, self.entity, self.systems[side]).rows.get(record_id)
        return self.facts(self.systems[side], record_id, row[1]) if row else None

    def everybody(self, side: int) -> list[Facts]:
        return self._all(self.systems[side])

    def decided(self) -> dict[tuple[str, str], str]:
        """(left id, right id) -> what a person said."""
        if self._decisions is None:
            self._decisions = self.ctx.stores.decisions.of(self.entity)
        left, right = self.systems
        return {
            (one.ids[left], one.ids[right]): one.verdict
            for one in self._decisions
            if one.ids.keys() == {left, right}
        }

    def links(self, group: Iterable[Iterable[Facts]]) -> dict[tuple[int, str], Link]:
        """Who has a link, as (side, record id) -> link. 2 requests for each 100 records."""
        found: dict[tuple[int, str], str] = {}
        for side, records in enumerate(group):
            ids = [one.id for one in records]
            owners = self.ctx.stores.links.find(self.systems[side], self.entity, ids) if ids else {}
            found |= {(side, one): owner for one, owner in owners.items()}
        loaded = self.ctx.stores.links.load(sorted(set(found.values()))) if found else {}
        return {key: link for key, owner in found.items() if (link := loaded[owner].link) is not None}

    def has_counterpart(self, link: Link | None, side: int) -> bool:
        """Whether a record of this side has a living one on the other."""
        other = link.sides.get(self.systems[1 - side]) if link else None
        return other is not None and bool(other.id) and not other.gone

    def _all(self, system: str) -> list[Facts]:
        rows = directory(self.ctx, self.entity, system).rows
        return [self.facts(system, one, values) for one, (_, values) in rows.items()]

    def _people(self, lists: list[Directory], customer: str) -> Book:
        """Everybody at the customer, on both sides, and the customer's own e-mail address."""
        link = self.ctx.stores.links.load([customer])[customer].link if customer else None
        sides = []
        for system, listed in zip(self.systems, lists, strict=True):
            native = link.sides[system].id if link and system in link.sides else ""
            sides.append(
                [
                    self.facts(system, one, listed.rows[one][1], customer)
                    for one in (self._staff(system, listed, native) if native else ())
                ]
            )
        agreed = link.base.get("email") if link else None
        return Book("person", sides[0], sides[1], [email_key(agreed.value)] if agreed else [])

    def _staff(self, system: str, listed: Directory, customer: str) -> Sequence[str]:
        """The ids of a customer's people."""
        return self._known().staff[system].of(listed, self._customer_path(system), customer)

    def _customer_path(self, system: str) -> str:
        paths = [one.path for one in self.ctx.map(self.entity, system).links if one.field == "account"]
        return paths[0] if paths else ""


def who_of(ctx: Context, entity: str) -> Who:
    """Made once per batch."""
    if entity not in ctx.books:
        ctx.books[entity] = Who(ctx, entity)
    known: Who = ctx.books[entity]
    return known


def directory(ctx: Context, entity: str, system: str) -> Directory:
    key = (entity, system)
    if key not in ctx.directories:
        object_map = ctx.map(entity, system)
        kept = kept_of(ctx, entity)
        ctx.directories[key] = Directory(ctx.systems[system], object_map, ctx.stores.cache, ctx.clock, kept)
    return ctx.directories[key]


def kept_of(ctx: Context, entity: str) -> Kept:
    """What an earlier batch left, lent to this one."""
    if entity not in ctx.lent:
        ctx.lent[entity] = ctx.lists.take(ctx.integration, entity)
    return ctx.lent[entity]


def give_back(ctx: Context) -> None:
    """At the end of a batch. Whatever goes on with this context starts with nothing."""
    for who in ctx.books.values():
        who.end_batch()
    for entity, kept in ctx.lent.items():
        ctx.lists.give_back(ctx.integration, entity, kept)
    ctx.books, ctx.lent = {}, {}


def customer_of(ctx: Context, values: Mapping[str, Any], object_map: ObjectMap) -> str:
    """The link of the customer that a person's canonical values name, "" for none."""
    learn_links(ctx, object_map, [values])
    return str(values.get("account") or "")


def _plain(object_map: ObjectMap, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without references, which cannot be read before their records are known."""
    paths = {one.path for one in object_map.links}
    return {path: value for path, value in values.items() if path not in paths} if paths else values
