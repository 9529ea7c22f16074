"""All records of both systems that look alike and that nobody has decided about yet, with what waits for
them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.bootstrap import Services
from shared.domain.link import MARK
from shared.domain.outcomes.look_alikes import carried_by_many, no_numbers, not_one_numbering, why_unsure
from shared.domain.record import record, replace
from shared.mapping.maps import ObjectMap
from shared.ports import Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.owners import link_of
from shared.sync.engine.who import Who, who_of
from shared.sync.matching.book import Book, Decided
from shared.sync.matching.facts import Facts
from shared.sync.matching.ranking import Settled
from shared.sync.matching.verdict import Verdict
from shared.sync.seen import read_seen

Group = tuple[Sequence[Facts], Sequence[Facts]]


@record
class LookAlike:
    """`left` is the CRM's record, `right` the ledger's. `money`: currency -> what the documents that wait for
    one of the two come to; "" is a document without a currency. `balance` as the ledger has it, "" if
    unknown."""

    entity: str
    left: Facts
    right: Facts
    reason: str
    documents: int = 0
    money: Mapping[str, Decimal] = field(default_factory=dict)
    balance: Decimal | str = ""


def matched_over_lists(services: Services) -> list[str]:
    """The entities whose records are told apart as companies or people."""
    flows = services.flow.entities.items()
    return [name for name, flow in flows if flow.matching != "keys" and not flow.off and not flow.lookup_only]


def opened(services: Services, ctx: Context, entity: str) -> Who:
    """Both lists, read whole. Raises the SyncErrors of the systems."""
    for system in (services.flow.crm, services.flow.sage):
        ctx.tables.of(system)
        ctx.narrow(entity, system)
    who = who_of(ctx, entity)
    while not who.ready():
        continue
    return who


def about_keys(who: Who) -> list[str]:
    """What is no key, each said once: two numberings, numbers of many, and what is no number at all."""
    if who.flow.matching != "company":
        return []
    book = who.book()
    told = [
        not_one_numbering(one.key, one.differing, one.compared)
        for one in book.numbering.values()
        if not one.is_one
    ]
    told += [carried_by_many(key, value) for key, value in sorted(book.junk)]
    none = Counter(
        text
        for side in book.sides
        for one in side.values()
        if one.vat is None and "vat_number" in who.only and (text := one.shown.get("vat_number"))
    )
    return told + ([no_numbers(none.most_common())] if none else [])


def look_alikes(services: Services, entity: str) -> Iterator[LookAlike]:
    """Pair by pair. Raises the SyncErrors of the systems."""
    ctx = services.preview_context()
    who = opened(services, ctx, entity)
    for book in _books(services, who):
        for (left, right), verdict in _held(who, book).items():
            pair = LookAlike(entity, book.sides[0][left], book.sides[1][right], _why(verdict))
            yield _with_documents(services, ctx, who, pair)


def with_balances(services: Services, pairs: Sequence[LookAlike]) -> list[LookAlike]:
    """What the ledger says each customer owes; one reading for each record. Raises its SyncErrors."""
    ledger, found = services.flow.sage, list[LookAlike]()
    for one in pairs:
        spec = services.flow.entities[one.entity].maps[ledger].spec
        reading = services.systems[ledger].read(spec, [one.right.id])[one.right.id]
        balance = reading.values.get("balance") if isinstance(reading, Snapshot) else None
        found.append(replace(one, balance=_money(balance)))
    return found


def _money(value: object) -> Decimal | str:
    """To two places; as it is where it is no number, "" for nothing."""
    try:
        return round(Decimal(str(value)), 2) if value is not None else ""
    except InvalidOperation:
        return str(value)


def _books(services: Services, who: Who) -> Iterator[Book]:
    if who.flow.matching == "company":
        yield who.book()
        return
    for link in services.stores.links.all("account"):
        if all(system in link.sides and not link.sides[system].gone for system in who.systems):
            yield who.book(link.link_id)


def _held(who: Who, book: Book) -> dict[tuple[str, str], Verdict]:
    """Group by group, each once."""
    held, looked, decided = dict[tuple[str, str], Verdict](), set[str](), who.decided()
    for left in book.sides[0]:
        if left in looked:
            continue
        group = book.group(0, left, decided)
        looked |= {one.id for one in group[0]}
        if not group[1]:
            continue  # nothing on the other side is like it
        links = who.links(group)
        free = {
            (side, one.id)
            for side, records in enumerate(group)
            for one in records
            if not who.has_counterpart(links.get((side, one.id)), side)
        }
        settled = book.settled(group, decided, free)
        held |= {**_copies(book, group, decided, free, settled), **settled.held}
    return held


def _copies(
    book: Book, group: Group, decided: Decided, free: set[tuple[int, str]], settled: Settled
) -> dict[tuple[str, str], Verdict]:
    """Free records that look like one which is joined with another record already."""
    paired = {(0, one) for one in settled.pairs} | {(1, one) for one, _ in settled.pairs.values()}
    paired |= {(side, one) for pair in settled.held for side, one in enumerate(pair)}
    found = {}
    for side, one in sorted(free - paired):
        if (taken := book.twice(group, decided, free, side, one)) is not None:
            found[(one, taken[0]) if side == 0 else (taken[0], one)] = taken[1]
    return found


def _why(verdict: Verdict) -> str:
    return why_unsure(verdict.by, verdict.against, int(verdict.alone))


def _with_documents(services: Services, ctx: Context, who: Who, pair: LookAlike) -> LookAlike:
    money, count = defaultdict[str, Decimal](Decimal), 0
    for system, one in zip(who.systems, (pair.left, pair.right), strict=True):
        for wait in services.stores.waits.waiters(system, pair.entity, one.id):
            if wait.key.startswith(MARK) or wait.event.entity not in ctx.flow.entities:
                continue
            values = _document(ctx, *wait.event.subject)
            if values is None:
                continue
            count += 1
            money[str(values.get("currency") or "")] += values.get("amount") or Decimal(0)
    return replace(pair, documents=count, money=dict(money))


def _document(ctx: Context, system: str, entity: str, record_id: str) -> dict[str, Any] | None:
    """The canonical values of what waits, as last seen; None where it is no document."""
    object_map: ObjectMap | None = ctx.flow.entities[entity].maps.get(system)
    if object_map is None or "amount" not in object_map.readable:
        return None
    link = link_of(ctx, system, entity, record_id).link
    side = link.sides.get(system) if link else None
    return read_seen(object_map, side.seen, ctx.tables_of(system)) if side else {}
