"""The log by record: everything ever logged, newest first, with search, filters and pages in the address."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

from shared.console.lines import of_rows
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.domain.link import OutcomeKind
from shared.operations.log_search import Wanted, search
from shared.operations.named_changes import names_of, rows_named
from shared.operations.poll_tasks import CREDIT
from shared.settings import ENTITIES

OUTCOMES = get_args(OutcomeKind)
FILTERS = ("q", "outcome", "entity", "rule", "run", "since", "until")
_PLACE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\s<>]{1,440}")
_RUN = re.compile(r"[0-9A-Za-z_.-]{1,120}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_TEXT = 200


def show(visit: Visit) -> Reply:
    wanted, before = wanted_of(visit.query), place(visit.query.get("before", ""))
    found = search(visit.services.stores.log, wanted, before)
    asked = {name: visit.query.get(name, "") for name in FILTERS}
    return visit.show(
        "log.html",
        "Log",
        lines=of_rows(visit.services, rows_named(found.rows, names_of(visit.services.stores, found.rows))),
        asked=asked,
        narrowed=any(asked.values()),
        first=not before,
        older=visit.url("log", **asked, before=found.next) if found.next else "",
        looked_to=found.looked_to,
        outcomes=OUTCOMES,
        entities=[one for one in ENTITIES if one in visit.services.flow.entities],
    )


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Raises NotFound for an outcome, a kind of record, a run or a day that cannot be."""
    outcome, entity = query.get("outcome", ""), query.get("entity", "")
    run = query.get("run", "")
    if (outcome and outcome not in OUTCOMES) or (entity and entity not in (*ENTITIES, CREDIT)):
        raise NotFound
    if run and not _RUN.fullmatch(run):
        raise NotFound
    until = _day(query.get("until", ""))
    return Wanted(
        query.get("q", "").strip()[:_LONGEST_TEXT],
        entity,
        query.get("rule", "")[:_LONGEST_TEXT],
        outcome,
        run,
        _day(query.get("since", "")),
        _after(until) if until else None,
    )


def place(text: str) -> str:
    if text and not _PLACE.fullmatch(text):
        raise NotFound
    return text


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return (
            datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if _DAY.fullmatch(text) else _never(text)
        )
    except ValueError:
        raise NotFound from None


def _after(day: datetime) -> datetime:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise NotFound from None


def _never(text: str) -> datetime:
    raise NotFound
