"""Both lists of an entity as one book of facts, for the batch: who could be whom, who is taken, and what
people decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.domain.decision import Decision
from shared.domain.link import Link
from shared.mapping.model import ObjectMap
from shared.sync.engine.context import Context
from shared.sync.engine.directory import FRESH, Directory
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
        self._facts: dict[tuple[str, str], tuple[Any, Facts]] = {}
        self._book: Book | None = None
        self._followed = [0, 0]
        self._staffs: dict[str, tuple[int, Mapping[str, Sequence[str]]]] = {}
        self._decisions: list[Decision] | None = None

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
        if self._book is None:
            self._book = Book("company", *self._all_of_both())
        else:
            self._follow(self._book, lists)
        self._followed = [len(one.changed) for one in lists]
        return self._book

    def _follow(self, book: Book, lists: Sequence[Directory]) -> None:
        """What came in since: of ten thousand records, seldom more than one."""
        for side, listed in enumerate(lists):
            for one in dict.fromkeys(listed.changed[self._followed[side] :]):
                row = listed.rows.get(one)
                if row is None:
                    book.drop(side, one)
                else:
                    book.put(side, self.facts(self.systems[side], one, row[1]))

    def facts(self, system: str, record_id: str, values: Mapping[str, Any], account: str = "") -> Facts:
        """Of native values."""
        known = self._facts.get((system, record_id))
        if known is None or known[0] is not values or known[1].account != account:
            object_map = self.ctx.map(self.entity, system)
            read = read_seen(object_map, _plain(object_map, values), self.ctx.tables_of(system))
            known = (values, facts_of(record_id, read, account, self.only))
            self._facts[system, record_id] = known
        return known[1]

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

    def _all_of_both(self) -> tuple[list[Facts], list[Facts]]:
        left, right = self.systems
        return self._all(left), self._all(right)

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
                    for one in (self._staff(system, listed).get(native, ()) if native else ())
                ]
            )
        agreed = link.base.get("email") if link else None
        return Book("person", sides[0], sides[1], [email_key(agreed.value)] if agreed else [])

    def _staff(self, system: str, listed: Directory) -> Mapping[str, Sequence[str]]:
        """Native id of a customer -> ids of its people."""
        known = self._staffs.get(system)
        if known is None or known[0] != len(listed.changed):
            path, staff = self._customer_path(system), defaultdict[str, list[str]](list)
            for one, (_, values) in listed.rows.items():
                staff[str(values.get(path) or "")].append(one)
            known = self._staffs[system] = (len(listed.changed), staff)
        return known[1]

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
        ctx.directories[key] = Directory(ctx.systems[system], object_map, ctx.stores.cache, ctx.clock)
    return ctx.directories[key]


def customer_of(ctx: Context, values: Mapping[str, Any], object_map: ObjectMap) -> str:
    """The link of the customer that a person's canonical values name, "" for none."""
    learn_links(ctx, object_map, [values])
    return str(values.get("account") or "")


def _plain(object_map: ObjectMap, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without references, which cannot be read before their records are known."""
    paths = {one.path for one in object_map.links}
    return {path: value for path, value in values.items() if path not in paths} if paths else values
