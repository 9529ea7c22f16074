"""Compares what was made once with what it was made of: every record and every order, in batches.

Reads the CRM's list twice (what waits, and what has a number), the other side by the numbers of the links,
and alone only what neither list shows.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.bootstrap import Services
from shared.domain.link import Link
from shared.domain.outcomes import watching
from shared.domain.record import replace
from shared.domain.titles import title
from shared.domain.wording import document
from shared.mapping.faults import FieldUnreadable, LinkMissing
from shared.operations.differences import Compared, Difference, Item, batches, differences
from shared.operations.poll_diff import links_of
from shared.ports import Condition, ObjectSpec, Reading, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.references import learn_native
from shared.sync.engine.watch import Row, in_words, is_closed, narrow, source_rows, target_rows
from shared.sync.engine.whose import number_of, whose
from shared.sync.read_apart import read_apart
from shared.sync.told import texts

SLICE = 100


def compare_orders(services: Services, ctx: Context, entity: str, compared: Compared) -> Iterator[Difference]:
    """Raises the SyncErrors of the connectors."""
    flow = services.flow.entities[entity]
    source = next(system for system in flow.maps if flow.direction == f"from {system}")
    target = next(system for system in flow.maps if system != source)
    ctx.narrow(entity, source)
    seen: set[str] = set()
    one = _Orders(services, ctx, entity, source, target, compared)
    for spec in _lists(ctx.map(entity, source).spec):
        for page in services.systems[source].changes(spec, None):
            records = [record for record in page.records if isinstance(record, Snapshot)]
            seen |= {record.id for record in records}
            yield from one.listed(records)
    for links in batches(one.links(), SLICE):
        yield from one.unlisted([link for link in links if link.sides[source].id not in seen])
        yield from one.made([link for link in links if not link.sides[target].gone])


def _lists(spec: ObjectSpec) -> Iterator[ObjectSpec]:
    """What waits, and what has a number."""
    plain = replace(spec, watched=False)
    yield plain
    if spec.numbered is not None:
        filled = Condition(spec.numbered.field, "not_blank")
        yield replace(plain, where=(*(one for one in spec.where if one != spec.numbered), filled))


class _Orders:
    def __init__(
        self, services: Services, ctx: Context, entity: str, source: str, target: str, compared: Compared
    ) -> None:
        self.services, self.ctx, self.entity = services, ctx, entity
        self.source, self.target, self.compared = source, target, compared
        self.flow = services.flow.entities[entity]

    def links(self) -> Iterator[Link]:
        """Those that an order was made for."""
        for link in self.services.stores.links.all(self.entity):
            if self.target in link.sides and self.source in link.sides and link.left_out is None:
                yield link

    def listed(self, records: list[Snapshot]) -> Iterator[Difference]:
        """Records of the CRM's list, with a link of ours or without."""
        links = links_of(self.services, self.entity, self.source, [one.id for one in records])
        self.compared[self.entity, self.source] += len(records)
        self._learn(self.source, records)
        spec, strangers = self.ctx.map(self.entity, self.source).spec, []
        for one in records:
            link = links[one.id]
            if link is not None and link.left_out is not None:
                self.compared[self.entity, self.source] -= 1
                self.compared[self.entity, ""] += 1
            elif link is not None and self.target in link.sides:
                yield from self._of_source(link, one)
            elif number_of(spec, one.values):
                strangers.append(one)
            else:
                yield from differences(self.ctx, Item(self.source, self.entity, one.id, one, link))
        yield from self._numbers(strangers)

    def unlisted(self, links: list[Link]) -> Iterator[Difference]:
        """No longer won, or deleted: each is read, all in one request where the CRM allows it."""
        there = [link for link in links if not link.sides[self.source].gone]
        spec = self.ctx.map(self.entity, self.source).spec
        ids = [link.sides[self.source].id for link in there]
        found, refused = read_apart(self.services.systems[self.source], spec, ids)
        self.compared[self.entity, self.source] += len(links)
        self._learn(self.source, found.values())
        for link in links:
            reading = found.get(link.sides[self.source].id)
            if isinstance(reading, Snapshot):
                yield from self._of_source(link, reading)
            elif link.sides[self.source].id not in refused:  # which is there, and may not be looked at
                yield self._gone(link, self.source)

    def made(self, links: list[Link]) -> Iterator[Difference]:
        """The orders themselves."""
        spec, ids = (
            narrow(self.flow, self.ctx.map(self.entity, self.target)),
            [link.sides[self.target].id for link in links],
        )
        system = self.services.systems[self.target]
        found: dict[str, Reading] = dict(system.look_over(spec, ids)) if ids else {}
        missing = [one for one in ids if one not in found]
        found |= system.read(spec, missing) if missing else {}
        self.compared[self.entity, self.target] += len(links)
        self._learn(self.target, found.values())
        for link in links:
            reading, side = found[link.sides[self.target].id], link.sides[self.target]
            if isinstance(reading, Snapshot):
                rows = target_rows(self.ctx, self.entity, link, self.target, reading.values)
                yield from self._rows(link, self.target, rows)
            elif not is_closed(spec, side.seen):
                yield self._gone(link, self.target)

    def _learn(self, system: str, readings: Iterable[Reading]) -> None:
        """Whom these refer to: one request for each kind of record."""
        values = [one.values for one in readings if isinstance(one, Snapshot)]
        learn_native(self.ctx, system, self.ctx.map(self.entity, system), values)

    def _of_source(self, link: Link, one: Snapshot) -> Iterator[Difference]:
        if link.sides[self.target].gone:
            yield self._gone(link, self.target)
        object_map, what = self.ctx.map(self.entity, self.source), (self.entity, link, self.source)
        try:
            view = object_map.read(one.values, self.ctx.tables_of(self.source))
        except (FieldUnreadable, LinkMissing) as fault:
            yield self._difference(link, self.source, fault.field, "", "", str(fault))
            return
        yield from self._rows(link, self.source, source_rows(self.ctx, *what, view, one.values))
        for name, agreed in link.base.items():
            if (
                object_map.native_paths.get(name) == (object_map.spec.number_path,)
                and view.get(name) != agreed.value
            ):
                yield self._difference(
                    link, self.source, name, view.get(name), agreed.value, _since(self.source)
                )

    def _numbers(self, strangers: list[Snapshot]) -> Iterator[Difference]:
        """Numbers that we did not give: told are those of other records, and those that no order has."""
        found = whose(self.ctx, self.entity, self.source, strangers) if strangers else {}
        spec = self.ctx.map(self.entity, self.source).spec
        for one in strangers:
            number, field = found[one.id], spec.number_path or ""
            if number.kind == "another":
                said = watching.anothers_number(
                    self.source, field, number.number, number.owner, document(self.entity)
                )
            elif number.kind == "nowhere":
                said = watching.no_such_order(
                    self.source, field, number.number, self.target, document(self.entity)
                )
            else:
                self.compared[self.entity, self.target] += 1
                continue
            label = spec.label(one.values)
            yield Difference(self.entity, label, self.source, one.id, field, number.number, "", said.reason)

    def _rows(self, link: Link, system: str, rows: Iterable[Row]) -> Iterator[Difference]:
        for row in rows:
            field, now, agreed = in_words(self.ctx, self.entity, row)
            yield self._difference(link, system, field, now, agreed, _since(system))

    def _gone(self, link: Link, system: str) -> Difference:
        return self._difference(link, system, "", "", "", f"deleted in {title(system)}")

    def _difference(
        self, link: Link, system: str, field: str, now: Any, agreed: Any, reason: str
    ) -> Difference:
        side = link.sides[system]
        shown, made_with = texts([now, agreed], {})
        said = link.outcome
        story = f"; {said.kind}: {said.reason}" if said is not None and said.kind == "held" else ""
        return Difference(
            self.entity,
            side.label or side.id,
            system,
            side.id,
            field,
            shown,
            made_with,
            reason + story,
        )


def _since(system: str) -> str:
    return f"changed in {title(system)} after it was made"
