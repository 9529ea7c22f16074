"""Erases a person: their link, log, archive, waits, parks, decisions, and what is kept of their lists.

Nothing is changed in either system: that is done there, first. The link goes last, so that an interrupted
erasure can be begun again. A document that names the person stays with its figures, and without their name.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any

from shared.bootstrap import Services
from shared.domain import codec
from shared.domain.erasure import Eraser
from shared.domain.link import MAKING, ChangeEvent, LogRow
from shared.domain.record import record
from shared.domain.run_ids import new_run_id
from shared.domain.titles import title
from shared.domain.wording import words
from shared.errors import LinkContended, RuleInvalid
from shared.operations.erase_lists import of_lists
from shared.operations.erase_person import PEOPLE, Subject, person_of, references
from shared.operations.erase_told import of_gates, of_others, of_runs, of_trail
from shared.ports import Loaded
from shared.ports.audit import AuditTrail

_EVER = timedelta(days=36_500)
_ALL = 10_000_000
_LARGE = 300_000
"""Characters of a row that may have been moved out of the table: its old body must go with it."""


@record
class Receipt:
    """What was erased, in words without the person: `record` is a digest from which whoever knows the
    record can show that it was this one. `found`: place -> how many. `left`: what a second look still
    found."""

    id: str
    at: datetime
    integration: str
    entity: str
    record: str
    found: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)


def subject(
    services: Services, system: str, entity: str, record_id: str, also: Sequence[str] = ()
) -> Subject:
    """`also`: what else tells who it is, for one who was only ever read. Raises RuleInvalid for what is no
    person, KeyError for a record that Tieout does not know, LinkContended while it is being worked on."""
    if entity not in PEOPLE or entity not in services.flow.entities:
        raise RuleInvalid(
            f"{words(entity)} {record_id} is a document of the books and no person; erase the customer or "
            "contact whose data it is, and the document will no longer name them"
        )
    stores = services.stores
    link_id = stores.links.find(system, entity, [record_id]).get(record_id)
    loaded = stores.links.load([link_id])[link_id] if link_id else Loaded(None, None)
    link = loaded.link
    if loaded.lease and loaded.lease.until > services.clock.now():
        raise LinkContended(f"{words(entity)} {record_id} is being worked on; try again in a few minutes")
    rows = stores.log.rows(record=(system, entity, record_id), limit=1)
    if link is None and not rows and not also:
        raise KeyError(
            f"Tieout has no link and no log of {words(entity)} {record_id} in {title(system)}. Where it was "
            "only read, as a customer of orders is, say who it is with --also NAME --also E-MAIL."
        )
    sides = {name: side.id for name, side in link.sides.items()} if link else {}
    sides = {**sides, system: record_id}
    person = person_of(services.flow, entity, sides, link, rows[0].label if rows else "", also)
    return Subject(entity, sides, link, Eraser(person))


Elsewhere = Callable[[Subject, bool], int]


def erase(
    services: Services,
    one: Subject,
    change: bool,
    elsewhere: Elsewhere = lambda *_: 0,
    trail: AuditTrail | None = None,
) -> Receipt:
    """`change` False only counts. `elsewhere` does the same with what the stores cannot list: the queues.
    `trail`: where the console notes who did what."""
    now = services.clock.now()
    receipt = Receipt(
        new_run_id(now),
        now,
        services.integration.name,
        one.entity,
        one.digest,
    )
    found = _pass(services, one, change, elsewhere, trail)
    left = _pass(services, one, False, elsewhere, trail) if change else {}
    return replace(receipt, found=found, left={place: count for place, count in left.items() if count})


def _pass(
    services: Services, one: Subject, change: bool, elsewhere: Elsewhere, trail: AuditTrail | None
) -> dict[str, int]:
    own = one.link.link_id if one.link else ""
    called = references(one.link)
    return {
        "lines of the archive": _archive(services, one, change),
        "messages": elsewhere(one, change),
        "rows of the log": _log(services, one, change),
        "waits": _waits(services, one, change),
        "parked records": _parks(services, one, change),
        "missing records": _missing(services, one, change),
        "decisions": _decisions(services, one, change),
        "kept lists": services.stores.cache.erase(one.eraser.found, change),
        "positions of lists": of_lists(services, one.entity, one.sides, called, change),
        "outcomes of others": of_others(services, one.eraser, own, change),
        "words of runs": of_runs(services, one.eraser, change),
        "paused connections": of_gates(services, one.eraser, change),
        "the audit trail": of_trail(trail, services.integration.name, one, change),
        "links": _link(services, one, change),
    }


def _archive(services: Services, one: Subject, change: bool) -> int:
    archive, count = services.stores.archive, 0
    for name in archive.objects():
        lines = archive.lines(name)
        after = [_line(one, line) for line in lines]
        hits = sum(1 for line, less in zip(lines, after, strict=True) if less is not line)
        if hits and change:
            archive.rewrite(name, after)
        count += hits
    return count


def _line(one: Subject, line: Mapping[str, Any]) -> Mapping[str, Any]:
    """The line itself where it has nothing of the person."""
    if line.get("erased"):
        return line
    if one.eraser.concerns(line) or one.eraser.found(codec.dumps(line)):
        return one.eraser.line(line)
    return line


def _log(services: Services, one: Subject, change: bool) -> int:
    log = services.stores.log
    own = {(system, one.entity, record_id) for system, record_id in one.sides.items()}
    count = sum(len(log.rows(record=record, limit=_ALL)) for record in own)
    naming = [
        row
        for row in log.rows(limit=_ALL)
        if (row.system, row.entity, row.record_id) not in own and one.eraser.found(codec.dumps(row))
    ]
    if change:
        for record in own:
            log.erase(record)
        for row in naming:
            _rename(services, one, row)
    return count + len(naming)


def _rename(services: Services, one: Subject, row: LogRow) -> None:
    """Another record's row, under its own key, without the person's name."""
    log, record = services.stores.log, (row.system, row.entity, row.record_id)
    rows = [row]
    if len(codec.dumps(row)) > _LARGE:
        rows = log.rows(record=record, limit=_ALL)
        log.erase(record)
    log.append(
        [codec.log_row(one.eraser.value(codec.loads(codec.dumps(each)), whole=False)) for each in rows]
    )


def _waits(services: Services, one: Subject, change: bool) -> int:
    waits = services.stores.waits
    making = (
        note
        for entity, flow in services.flow.entities.items()
        for system in flow.maps
        for note in waits.waiters(system, entity, MAKING)
    )
    found = [wait for wait in (*waits.all(), *making) if _tells(one, wait, wait.event)]
    if change and found:
        waits.remove(found)
        services.stores.queue.send([_bare(wait.event) for wait in found if not one.concerns(wait.event)])
    return len(found)


def _parks(services: Services, one: Subject, change: bool) -> int:
    parked = services.stores.parks.due(services.clock.now() + _EVER, _ALL)
    found = [each for each in parked if _tells(one, each, each.event)]
    if change and found:
        services.stores.parks.remove(found)
        others = [each for each in found if not one.concerns(each.event)]
        services.stores.parks.park(
            [
                replace(each, event=_bare(each.event), reason=one.eraser.text(each.reason), id="")
                for each in others
            ]
        )
    return len(found)


def _missing(services: Services, one: Subject, change: bool) -> int:
    store, count = services.stores.missing, 0
    for system, record_id in one.sides.items():
        found = [each.id for each in store.listed(system, one.entity) if each.id == record_id]
        if found and change:
            store.drop(system, one.entity, found)
        count += len(found)
    return count


def _decisions(services: Services, one: Subject, change: bool) -> int:
    store = services.stores.decisions
    found = [each for each in store.of(one.entity) if set(each.ids.items()) & set(one.sides.items())]
    if found and change:
        store.remove(found)
    return len(found)


def _link(services: Services, one: Subject, change: bool) -> int:
    if one.link is None:
        return 0
    there = services.stores.links.load([one.link.link_id])[one.link.link_id].link is not None
    if there and change:
        services.stores.links.erase(one.link.link_id)
    return int(there)


def _tells(one: Subject, whole: Any, event: ChangeEvent) -> bool:
    return one.concerns(event) or one.eraser.found(codec.dumps(whole))


def _bare(event: ChangeEvent) -> ChangeEvent:
    """The hint without what a poll had read."""
    return replace(event, snapshot=None, observed_at=None, snapshot_version=None)


def counts(receipt: Receipt) -> Iterator[tuple[str, int]]:
    """Places with something, the largest first."""
    yield from Counter({place: count for place, count in receipt.found.items() if count}).most_common()
