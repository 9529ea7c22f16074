"""Reads both systems completely and compares them with what was agreed: every field that differs, and why.

This walk over the lists is the basis of the daily sweep and of `tieout reconcile`. Nothing is written here,
and no record counts as gone until it was asked for directly.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.bootstrap import Services
from shared.domain.link import Link
from shared.operations.compare_orders import compare_orders
from shared.operations.differences import Compared, Difference, Item, batches, differences
from shared.operations.poll_diff import links_of
from shared.ports import Gone, Hint, Page, Reading
from shared.sync.engine.context import Context
from shared.sync.read_apart import read_apart
from shared.sync.version import known

__all__ = ["Compared", "Difference", "Item", "Walk", "compare", "differences"]


@dataclass
class Walk:
    """One list, read completely. `ids` collects the ids on the way, `gone` those of them that the list itself
    calls deleted."""

    services: Services
    ctx: Context
    entity: str
    system: str
    read_all: bool
    """Whether a record that the list only names is read even when its version is known."""
    ids: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def items(self) -> Iterator[Item]:
        """Raises the SyncErrors of the connector."""
        for items, _ in self.pages(None):
            yield from items

    def pages(self, cursor: Any) -> Iterator[tuple[list[Item], Any]]:
        """Each page with the cursor that goes on after it, None after the last; from the start for None.
        Raises the SyncErrors of the connector."""
        self.ctx.narrow(self.entity, self.system)
        spec = self.ctx.map(self.entity, self.system).spec
        for page in self.services.systems[self.system].changes(spec, cursor):
            self.ids |= {one.id for one in page.records}
            self.gone |= {one.id for one in page.records if isinstance(one, Gone)}
            yield self._read(page), None if page.last else page.cursor

    def _read(self, page: Page) -> list[Item]:
        """What the list only names is read, where it is not known."""
        spec = self.ctx.map(self.entity, self.system).spec
        links = links_of(self.services, self.entity, self.system, [one.id for one in page.records])
        readings: dict[str, Reading | None] = {
            one.id: one for one in page.records if not isinstance(one, Hint)
        }
        named = [
            one
            for one in page.records
            if isinstance(one, Hint) and (self.read_all or not self._is_known(one, links[one.id]))
        ]
        for some in batches(named):
            readings |= self.services.systems[self.system].read(spec, [one.id for one in some])
        return [
            Item(self.system, self.entity, one.id, readings.get(one.id), links[one.id])
            for one in page.records
        ]

    def missing(self) -> Iterator[Item]:
        """Linked records that were not on the list; each is asked for directly."""
        spec = self.ctx.map(self.entity, self.system).spec
        unlisted = (
            (link, link.sides[self.system].id)
            for link in self.services.stores.links.all(self.entity)
            if self.system in link.sides
            and not link.sides[self.system].gone
            and link.sides[self.system].id
            and link.sides[self.system].id not in self.ids
            and len(link.sides) > 1
            and link.left_out is None
        )
        for some in batches(unlisted):
            system = self.services.systems[self.system]
            found, _ = read_apart(system, spec, [one for _, one in some])
            for link, one in some:
                yield Item(self.system, self.entity, one, found.get(one), link)

    def _is_known(self, hint: Hint, link: Link | None) -> bool:
        return link is not None and known(link.sides.get(self.system), hint.version)


def compare(
    services: Services, read_all: bool = True, compared: Compared | None = None
) -> Iterator[Difference]:
    """Every difference in every entity that is synchronised, one way or both. Raises the SyncErrors of the
    connectors."""
    ctx, compared = services.context(), Counter() if compared is None else compared
    for name, flow in services.flow.entities.items():
        if flow.off or flow.lookup_only:
            continue
        if flow.create_once:
            yield from compare_orders(services, ctx, name, compared)
            continue
        for system in flow.maps:
            walk = Walk(services, ctx, name, system, read_all)
            for item in walk.items():
                aside = item.link is not None and item.link.left_out is not None
                compared[name, "" if aside else system] += item.reading is not None
                yield from differences(ctx, item)
            for item in walk.missing():
                if isinstance(item.reading, Gone):
                    yield from differences(ctx, item)
