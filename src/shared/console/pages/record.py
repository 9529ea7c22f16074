"""One record: what it is, what both sides show, what to do, and its whole story."""

from collections.abc import Mapping
from typing import Any

from shared.console.choices import Choice, lost_values, place, sides_to_accept, why_not
from shared.console.lines import Line, facts_of, of_links, of_rows, there
from shared.console.reply import Reply
from shared.console.values import fields_of, views_of
from shared.console.visit import NotFound, Visit
from shared.domain.link import LIST, Link, LogRow, Outcome
from shared.domain.record import record, replace
from shared.operations.alike_pairs import candidates as possible
from shared.operations.alike_pairs import is_decided_here
from shared.operations.known_links import known_links
from shared.operations.named_changes import names_of, rows_named
from shared.sync.told import named

STORY = 200
"""Rows of the story at most; the log has them all."""
LONGEST_ID = 255
_PATIENCE = 180
"""Seconds that a page waits for the outcome of what was asked for."""
CAUSES = {
    "webhook": "a webhook said that it changed",
    "poll": "it was on a list that was read",
    "reconcile": "the daily sweep compared it",
    "dependency": "a record that it waited for has come",
    "manual": "a person asked for it",
    "retry": "it was due to be tried again",
}


@record
class Candidate:
    """A record of the other system that may be the same one."""

    system: str
    id: str
    name: str


def show(visit: Visit) -> Reply:
    subject = subject_of(visit)
    link = link_of(visit, subject)
    rows = visit.services.stores.log.rows(record=subject, limit=STORY)
    views = views_of(visit.services, link) if link else {}
    fields = fields_of(visit.services, link, views) if link else []
    rows = whole_story(visit, link, subject, rows)
    if not rows and link is None:
        raise NotFound
    line = line_of(visit, link, rows)
    names = names_of(visit.services.stores, rows)
    outcome = link.outcome if link is not None and link.outcome else line.outcome
    return visit.show(
        "record.html",
        line.name,
        line=line,
        outcome=outcome,
        at=link.updated_at if link and link.updated_at else line.at,
        sides=there(visit.services, link) if link else line.there,
        fields=[one for one in fields if not one.blank],
        blank=[one for one in fields if one.blank],
        systems=[visit.services.flow.crm, visit.services.flow.sage],
        story=rows_named(rows, names),
        more=len(rows) >= STORY,
        causes=CAUSES,
        held=dict(link.held) if link else {},
        latest=_latest(link, rows),
        left_out=link.left_out if link else None,
        accept=sides_to_accept(visit.services, link, fields, views) if link else {},
        back=_back(visit, link, rows, views, names),
        place=place,
        refused=_refused(visit, link),
        look_alikes=candidates(visit, link, outcome) if is_decided_here(visit.services, subject[1]) else [],
        follow=_awaited(visit, link, rows),
    )


def subject_of(visit: Visit) -> tuple[str, str, str]:
    """(system, entity, record id) of the address. Raises NotFound for what no record is called."""
    query = visit.query
    return checked(visit, query.get("system", ""), query.get("entity", ""), query.get("record", ""))


def checked(visit: Visit, system: str, entity: str, record_id: str) -> tuple[str, str, str]:
    known = entity in visit.services.flow.entities and system in visit.services.systems
    if not known or record_id in ("", LIST) or len(record_id) > LONGEST_ID or not record_id.isprintable():
        raise NotFound
    return system, entity, record_id


def link_of(visit: Visit, subject: tuple[str, str, str]) -> Link | None:
    return known_links(visit.services.stores, [subject]).get(subject)


def candidates(visit: Visit, link: Link | None, outcome: Outcome) -> list[Candidate]:
    """Of a record that nobody but a person can tell from these."""
    ids = possible(link) if link is not None and link.outcome == outcome else []
    if link is None or not ids:
        return []
    systems = (visit.services.flow.crm, visit.services.flow.sage)
    other = next((one for one in systems if one != link.origin_system), "")
    links = known_links(visit.services.stores, [(other, link.entity, one) for one in ids])
    facts = facts_of(visit.services, [*links.values()])
    names = {subject[2]: facts[found.link_id].name for subject, found in links.items()}
    return [Candidate(other, one, names.get(one, "")) for one in ids]


def line_of(visit: Visit, link: Link | None, rows: list[LogRow]) -> Line:
    if link is not None and link.outcome is not None:
        return of_links(visit.services, [link])[0]
    return of_rows(visit.services, rows[:1])[0]


def whole_story(
    visit: Visit, link: Link | None, subject: tuple[str, str, str], rows: list[LogRow]
) -> list[LogRow]:
    """What was logged of the record on the other side belongs to it, too."""
    found = {(row.at, row.seq): row for row in rows}
    for system, side in link.sides.items() if link else ():
        other = (system, link.entity if link else "", side.id)
        if side.id and other != subject:
            for row in visit.services.stores.log.rows(record=other, limit=STORY):
                found[row.at, row.seq] = row
    return [found[key] for key in sorted(found, reverse=True)][:STORY]


def _latest(link: Link | None, rows: list[LogRow]) -> LogRow | None:
    """The newest row, where it says more than what the record was left with: that it is as it was is no
    news, but what became of a button is."""
    if not rows or link is None or link.updated_at is None or rows[0].at <= link.updated_at:
        return None
    return rows[0] if rows[0].outcome.notes else None


def _back(
    visit: Visit,
    link: Link | None,
    rows: list[LogRow],
    views: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
) -> dict[str, tuple[Choice, ...]]:
    """What may be put back, called as people call it: the button names the row, not the value."""
    found = lost_values(visit.services, link, rows, views) if link else {}
    return {
        where: tuple(replace(one, value=named(one.value, names)) for one in choices)
        for where, choices in found.items()
    }


def _refused(visit: Visit, link: Link | None) -> str:
    """Why the side that the address names cannot be accepted: worked out anew, so that no address can say
    anything of its own."""
    field, side = visit.query.get("field", ""), visit.query.get("side", "")
    if link is None or link.entity not in visit.services.flow.entities or side not in visit.services.systems:
        return ""
    known = field in visit.services.flow.entities[link.entity].fields
    return why_not(visit.services, link, field, side) if known else ""


def _awaited(visit: Visit, link: Link | None, rows: list[LogRow]) -> bool:
    """Whether what was asked for at `since` has not come out yet, so that the page looks again."""
    since = visit.query.get("since", "")
    if not since.isdecimal() or len(since) > 12 or visit.now.timestamp() - int(since) > _PATIENCE:
        return False
    latest = max(
        [row.at for row in rows[:1]] + ([link.updated_at] if link and link.updated_at else []), default=None
    )
    return latest is None or latest.timestamp() < int(since)
