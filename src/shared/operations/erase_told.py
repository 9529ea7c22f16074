"""A person in what Tieout told of other records: what became of a document that names them, a run's words,
why a connection is paused, and the audit trail."""

import re
from dataclasses import replace
from typing import Any

from shared.bootstrap import Services
from shared.domain import codec
from shared.domain.erasure import ERASED, Eraser
from shared.domain.link import Link
from shared.errors import LinkContended
from shared.operations.erase_person import Subject
from shared.ports import Commit
from shared.ports.audit import AuditTrail, Entry

_ALL = 10_000_000
_OWNER = "erase"


def of_others(services: Services, eraser: Eraser, own: str, change: bool) -> int:
    """Links of others whose outcome names the person: only what is told of them changes, and a document
    keeps what its vendor shows. One that a worker has in hand is left, and the second look tells of it."""
    found = [link for link in services.stores.links.all() if link.link_id != own and _told(link, eraser)]
    for link in found if change else ():
        _save(services, link, eraser)
    return len(found)


def _told(link: Link, eraser: Eraser) -> bool:
    return any(eraser.found(codec.dumps(one)) for one in (link.outcome, link.row, link.held) if one)


def _save(services: Services, link: Link, eraser: Eraser) -> None:
    def less(value: Any) -> Any:
        return eraser.value(codec.loads(codec.dumps(value)), whole=False)

    changed = replace(
        link,
        outcome=codec.outcome(less(link.outcome)) if link.outcome else None,
        row=codec.log_row(less(link.row)) if link.row else None,
        held=less(link.held),
    )
    try:
        services.stores.links.commit(Commit(changed, link.version, _OWNER), services.clock.now())
    except LinkContended:
        return


def of_runs(services: Services, eraser: Eraser, change: bool) -> int:
    log = services.stores.log
    found = [run for run in log.runs(_ALL) if eraser.found(run.message)]
    for run in found if change else ():
        log.put_run(replace(run, message=eraser.text(run.message)))
    return len(found)


def of_gates(services: Services, eraser: Eraser, change: bool) -> int:
    """One that cools says so for a day at most; one that is paused may be for months."""
    gate = services.stores.gate
    states = gate.read(list(services.integration.connections))
    found = {name: one for name, one in states.items() if one.state == "paused" and eraser.found(one.reason)}
    for system, state in found.items() if change else ():
        gate.pause(system, eraser.text(state.reason))
    return len(found)


def of_trail(trail: AuditTrail | None, integration: str, one: Subject, change: bool) -> int:
    """Who did what, and when, stays for the year's accounts; on whom it was done becomes the digest that the
    receipt has."""
    if trail is None:
        return 0
    entries = trail.newest(integration, _ALL)
    changed = [less for entry in entries if (less := _untold(entry, one)) != entry]
    for less in changed if change else ():
        trail.note(less)
    return len(changed)


def _untold(entry: Entry, one: Subject) -> Entry:
    own = entry.entity == one.entity and one.sides.get(entry.system) == entry.record_id
    others = "|".join(sorted(map(re.escape, filter(None, one.sides.values())), key=len, reverse=True))
    same_kind = entry.entity == one.entity and others
    detail = (
        re.sub(rf"\bother (?:{others})(?=;|$)", f"other {ERASED}", entry.detail)
        if same_kind
        else entry.detail
    )
    return replace(
        entry,
        record_id=f"erased {one.digest[:16]}" if own else one.eraser.text(entry.record_id),
        detail=one.eraser.text(detail),
        result=one.eraser.text(entry.result),
    )
