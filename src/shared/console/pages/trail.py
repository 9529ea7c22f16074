"""Who did what in the console, when, on which record, and what came of it: newest first."""

from datetime import datetime

from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.domain.record import record
from shared.ports.audit import Entry

PAGE = 100


@record
class Line:
    """An entry as the page shows it. `opens`: the address of its record, "" where there is none."""

    entry: Entry
    action: str
    opens: str


def show(visit: Visit) -> Reply:
    before = visit.query.get("before", "")
    trail, name = visit.deployment.console.stores.audit, visit.services.integration.name
    found = trail.newest(name, PAGE + 1, _moment(before) if before else None)
    listed = found[:PAGE]
    older = visit.url("trail", before=listed[-1].at.isoformat()) if len(found) > PAGE else ""
    lines = [_line(visit, one) for one in listed]
    return visit.show("trail.html", "Who did what", lines=lines, older=older, first=not before)


def _line(visit: Visit, one: Entry) -> Line:
    known = {"system": one.system, "entity": one.entity, "record": one.record_id}
    opens = visit.url("record", **known) if all(known.values()) else ""
    return Line(one, one.action.replace("-", " "), opens)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if found.tzinfo is None:
        raise NotFound
    return found
