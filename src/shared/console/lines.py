"""One record as a list shows it: told apart by name, number, amount and customer, with its addresses in both
systems."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import quote

from shared.bootstrap import Services
from shared.console.render import money, web
from shared.domain.link import LIST, Link, LogRow, Outcome
from shared.domain.record import record, replace
from shared.operations.record_facts import Facts, agreed_facts, label_of, record_facts


@record
class There:
    """The record in one system. `address` is "" where nobody said how to open one there."""

    system: str
    id: str
    label: str
    address: str


@record
class Line:
    """`subject` is (system, entity, record id). `opens` is False for what speaks of a whole list."""

    subject: tuple[str, str, str]
    name: str
    number: str
    amount: str
    customer: str
    outcome: Outcome
    at: datetime | None
    there: tuple[There, ...]
    row: LogRow | None = None
    with_id: bool = False
    """Another one beside it reads the same: its id tells them apart."""

    @property
    def opens(self) -> bool:
        return self.subject[2] != LIST

    @property
    def query(self) -> dict[str, str]:
        system, entity, record_id = self.subject
        return {"system": system, "entity": entity, "record": record_id}


def of_links(services: Services, links: Sequence[Link]) -> list[Line]:
    """2 requests for 100 links, where their customers are records of their own."""
    facts = facts_of(services, links)
    return told_apart([_of_link(services, link, facts[link.link_id]) for link in links])


def told_apart(lines: Sequence[Line]) -> list[Line]:
    """Each with its id where another record's line reads the same. Lines of both sides of a link are of one
    record."""
    reads: dict[tuple[str, ...], set[object]] = {}
    for line in lines:
        own = line.row.link_id if line.row is not None else ""
        reads.setdefault(_reads(line), set()).add(own or line.subject)
    return [replace(line, with_id=True) if len(reads[_reads(line)]) > 1 else line for line in lines]


def _reads(line: Line) -> tuple[str, ...]:
    return line.subject[1], line.name.casefold(), line.number, line.amount, line.customer


def facts_of(services: Services, links: Sequence[Link]) -> dict[str, Facts]:
    """While the stored rules are refused, only what is known without any."""
    if services.refused:
        return {link.link_id: agreed_facts(link) for link in links}
    return record_facts(services.flow, services.stores.links, links)


def of_rows(services: Services, rows: Iterable[LogRow]) -> list[Line]:
    """1 request more than `of_links`: the links are read for what the log does not say."""
    listed = [*rows]
    ids = list(dict.fromkeys(row.link_id for row in listed if row.link_id))
    loaded = services.stores.links.load(ids) if ids else {}
    found = [one.link for one in loaded.values() if one.link is not None]
    facts = facts_of(services, found)
    return told_apart([_of_row(row, facts.get(row.link_id, Facts())) for row in listed])


def there(services: Services, link: Link) -> tuple[There, ...]:
    """The CRM first."""
    entity = services.flow.entities.get(link.entity)
    found = []
    for system in sorted(link.sides, key=lambda one: one != services.flow.crm):
        side = link.sides[system]
        if not side.id or side.gone:
            continue
        known = entity.maps.get(system) if entity else None
        address = services.address(system, known.spec.object, quote(side.id, safe="")) if known else ""
        found.append(There(system, side.id, label_of(entity, system, side), web(address)))
    return tuple(found)


def _of_link(services: Services, link: Link, facts: Facts) -> Line:
    assert link.outcome is not None
    return Line(
        (link.origin_system, link.entity, link.origin_id),
        facts.name or link.origin_id,
        facts.number,
        money(facts.amount, facts.currency),
        facts.customer,
        link.outcome,
        link.updated_at,
        there(services, link),
    )


def _of_row(row: LogRow, facts: Facts) -> Line:
    sides = tuple(
        There(system, record_id, label, web(address))
        for system, (record_id, label, address) in row.records.items()
    )
    return Line(
        (row.system, row.entity, row.record_id),
        row.label or facts.name or row.record_id,
        facts.number,
        money(facts.amount, facts.currency),
        facts.customer,
        row.outcome,
        row.at,
        sides,
        row,
    )
