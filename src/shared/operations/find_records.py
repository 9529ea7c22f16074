"""Finds records by what people know of them: an id, a number, a name, or a part of one, upper or lower case.

Ids are looked up; names are looked for in the newest rows of the log and in what is open. Where something is
called exactly that, what merely contains it does not count.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from shared.domain.link import LIST, Link, LogRow
from shared.mapping.model import Flow
from shared.operations.known_links import Name, known_links
from shared.operations.log_rows import names_of
from shared.operations.open_records import open_records
from shared.operations.record_facts import label_of
from shared.ports import Stores
from shared.sync.shown_number import number_of

MOST = 10_000
"""Rows looked through at most."""


@dataclass
class Found:
    """One record, with its counterpart where it has one. `row` is the newest one seen of it; `exact`: it is
    called just so."""

    names: set[Name]
    row: LogRow | None = None
    link: Link | None = None
    exact: bool = False

    @property
    def entity(self) -> str:
        return min(self.names)[1]

    @property
    def label(self) -> str:
        if self.row is not None and self.row.label:
            return self.row.label
        sides = self.link.sides.values() if self.link is not None else ()
        return next((side.label for side in sides if side.label), "")


@dataclass
class _Groups:
    """Records that are one, by any of their names."""

    found: list[Found] = field(default_factory=list)
    places: dict[Name, Found] = field(default_factory=dict)

    def add(self, names: Iterable[Name], exact: bool) -> Found:
        own = set(names)
        known = list({id(one): one for name in own if (one := self.places.get(name)) is not None}.values())
        kept = known[0] if known else Found(set())
        if not known:
            self.found.append(kept)
        for other in known[1:]:
            self.found.remove(other)
            own |= other.names
            kept.row, kept.link = kept.row or other.row, kept.link or other.link
            exact = exact or other.exact
        kept.names |= own
        kept.exact = kept.exact or exact
        self.places |= dict.fromkeys(kept.names, kept)
        return kept


def find_records(stores: Stores, flow: Flow, text: str, most: int = MOST) -> list[Found]:
    """The newest first, the whole answer exact or none of it. 1 request for each list of the flow and what
    `open_records` and `most` rows cost."""
    wanted, groups = " ".join(text.split()).casefold(), _Groups()
    if wanted.count("/") == 2:
        return _named(stores, text.strip())
    for link in _by_id(stores, flow, text.strip()).values():
        groups.add(_names(link), exact=True).link = link
    for row in stores.log.rows(limit=most):
        if row.record_id != LIST and (exact := _matches(_called(row), wanted)) is not None:
            one = groups.add(names_of(row), exact)
            one.row = one.row or row
    for link in open_records(stores, flow.entities).links:
        if (exact := _matches(_known(flow, link), wanted)) is not None:
            groups.add(_names(link), exact).link = link
    precise = [one for one in groups.found if one.exact]
    found = precise or groups.found
    _with_links(stores, found)
    return sorted(found, key=lambda one: one.row.at.timestamp() if one.row else 0.0, reverse=True)


def story(stores: Stores, names: Iterable[Name], most: int = MOST) -> list[LogRow]:
    """All rows of one record and its counterpart, oldest first. 1 request a name and megabyte."""
    rows = {
        (row.at, row.seq, row.system, row.record_id): row
        for name in sorted(names)
        for row in stores.log.rows(record=name, limit=most)
    }
    return [rows[key] for key in sorted(rows)]


def _named(stores: Stores, text: str) -> list[Found]:
    """SYSTEM/ENTITY/ID, with the counterpart that the link knows."""
    system, entity, record_id = text.split("/")
    name = (system, entity, record_id)
    newest = stores.log.rows(record=name, limit=1)
    one = Found({name, *(names_of(newest[0]) if newest else ())}, newest[0] if newest else None, None, True)
    _with_links(stores, [one])
    if one.link is not None:
        one.names |= set(_names(one.link))
    return [one] if newest or one.link is not None else []


def _by_id(stores: Stores, flow: Flow, text: str) -> dict[str, Link]:
    """Link id -> link."""
    spellings = list(dict.fromkeys([text, text.upper()])) if text else []
    names = [
        (system, entity, record_id)
        for entity, of in flow.entities.items()
        for system in of.maps
        for record_id in spellings
    ]
    return {link.link_id: link for link in known_links(stores, names).values()}


def _with_links(stores: Stores, found: Sequence[Found]) -> None:
    """What tells them apart is on their links."""
    lacking = [one for one in found if one.link is None]
    links = known_links(stores, sorted({name for one in lacking for name in one.names}))
    for one in lacking:
        one.link = next((links[name] for name in sorted(one.names) if name in links), None)


def _names(link: Link) -> Iterator[Name]:
    yield link.origin_system, link.entity, link.origin_id
    for system, side in link.sides.items():
        if side.id:
            yield system, link.entity, side.id


def _called(row: LogRow) -> Iterator[str]:
    yield row.record_id
    yield row.label
    if row.number:
        yield row.number
    for known in row.records.values():
        yield from known[:2]


def _known(flow: Flow, link: Link) -> Iterator[str]:
    yield link.origin_id
    if number := number_of(flow.entities.get(link.entity), link):
        yield number
    for system, side in link.sides.items():
        yield side.id
        yield label_of(flow.entities.get(link.entity), system, side)


def _matches(texts: Iterable[str], wanted: str) -> bool | None:
    """True: called just so; False: a part of it; None: neither."""
    folded = [" ".join(text.split()).casefold() for text in texts]
    if wanted in folded:
        return True
    return False if wanted and any(wanted in text for text in folded) else None
