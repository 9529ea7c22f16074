"""What a person says of one record: whose value of a field stands; that it is left out for good, or taken up
again. Calls no vendor: whoever handles the record next does it."""

from typing import Literal

from shared.console.choices import answer_of, lost_value, why_not
from shared.console.pages.record import STORY, checked, link_of, whole_story
from shared.console.visit import Done, Visit
from shared.operations.answers import CannotAnswer, accept, leave_out

_LONGEST = 64


def accept_side(visit: Visit) -> Done:
    """`field` and `side` as a button of the page named them, `stamp` what it showed; with `at` and `seq`, the
    value that lost then."""
    services, said, subject = visit.services, visit.request.said, _subject(visit)
    link, name, side = link_of(visit, subject), said("field")[:_LONGEST], said("side")
    answer = answer_of(name, side, said("stamp"), visit.visitor.name, visit.now)
    if link is None or answer is None or side not in services.systems:
        return Done("not-accepted", "record", _query(subject))
    lost = bool(said("seq"))
    if lost:
        rows = services.stores.log.rows(record=subject, limit=STORY)
        found = lost_value(answer, whole_story(visit, link, subject, rows), said("at"), said("seq"))
        if found is None:
            return Done("not-accepted", "record", _query(subject))
        answer = found
    if why_not(services, link, name, side, lost=lost):
        return Done("not-accepted", "record", {**_query(subject), "field": name, "side": side})
    try:
        accept(services, link, answer)
    except CannotAnswer:
        return Done("moved", "record", _query(subject))
    return Done("accepted", "record", _query(subject, visit))


def skip(visit: Visit) -> Done:
    return _leave_out(visit, "skip", "left-out")


def take_up(visit: Visit) -> Done:
    return _leave_out(visit, "take up", "taken-up")


def _leave_out(visit: Visit, kind: Literal["skip", "take up"], code: str) -> Done:
    subject = _subject(visit)
    if link_of(visit, subject) is None and not visit.services.stores.log.rows(record=subject, limit=1):
        return Done("no-record", "record", _query(subject))
    try:
        leave_out(visit.services, subject, visit.visitor.name, kind)
    except CannotAnswer:
        return Done("not-said", "record", _query(subject))
    return Done(code, "record", _query(subject, visit))


def _subject(visit: Visit) -> tuple[str, str, str]:
    said = visit.request.said
    return checked(visit, said("system"), said("entity"), said("record"))


def _query(subject: tuple[str, str, str], visit: Visit | None = None) -> dict[str, str]:
    """The record's page; with `visit`, it waits for what comes of it."""
    system, entity, record_id = subject
    since = {"since": str(int(visit.now.timestamp()))} if visit else {}
    return {"system": system, "entity": entity, "record": record_id, **since}
