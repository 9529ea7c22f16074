"""What a person says of one record: left out for good, taken up again, or whose value of a field stands.

All of it goes to the record's queue with the event, and is done by whoever handles the record: under its
lease, and only where everything is still as the person saw it. Calls no vendor.
"""

from typing import Literal

from shared.bootstrap import Services
from shared.domain.answer import Answer
from shared.domain.link import ChangeEvent, Link
from shared.domain.record import record, replace
from shared.domain.run_ids import new_run_id
from shared.operations.known_links import Name, known_links
from shared.sync.engine import accepting


class CannotAnswer(Exception):
    """Nothing was said; a sentence says why."""


@record
class Spoken:
    """Which record it was said of, and the run that what comes of it stands under."""

    name: Name
    run_id: str


def leave_out(services: Services, name: Name, by: str, kind: Literal["skip", "take up"]) -> Spoken:
    """`name` is the record as one system has it; what is said holds for its link. Raises CannotAnswer."""
    flow = services.flow.entities.get(name[1])
    if flow is None or flow.off or flow.lookup_only:
        raise CannotAnswer("records of this kind are not synchronised anyway")
    link = known_links(services.stores, [name]).get(name)
    left_out = link is not None and link.left_out is not None
    if kind == "skip" and left_out:
        raise CannotAnswer("it is left out for good already")
    if kind == "take up" and not left_out:
        raise CannotAnswer("nobody left it out for good")
    return _send(services, _first(link, name), Answer(kind, by, services.clock.now()))


def accept(services: Services, link: Link, answer: Answer) -> Spoken:
    """`answer.shown` and `answer.rev` are what the person saw. Raises CannotAnswer where that has moved."""
    flow = services.flow.entities[link.entity]
    now = accepting.shown_by(flow, link, answer.field), accepting.revision(link, answer.field)
    if now != (dict(answer.shown), answer.rev):
        raise CannotAnswer("it has changed since the page showed it")
    return _send(services, _first(link, next(iter(_names(link)))), answer)


def as_shown(services: Services, link: Link, answer: Answer) -> Answer:
    """The answer to what the link shows at this moment."""
    flow = services.flow.entities[link.entity]
    return replace(
        answer,
        shown=accepting.shown_by(flow, link, answer.field),
        rev=accepting.revision(link, answer.field),
    )


def _names(link: Link | None) -> list[Name]:
    if link is None:
        return []
    return [(system, link.entity, side.id) for system, side in link.sides.items() if side.id]


def _first(link: Link | None, name: Name) -> Name:
    """Where the record came from, if it is still its link's; else as it was named."""
    if link is None:
        return name
    origin = (link.origin_system, link.entity, link.origin_id)
    return origin if origin in _names(link) else name


def _send(services: Services, name: Name, answer: Answer) -> Spoken:
    system, entity, record_id = name
    run_id = new_run_id(services.clock.now())
    event = ChangeEvent(
        services.integration.name,
        system,
        entity,
        record_id,
        "manual",
        run_id,
        services.clock.now(),
        answer=answer,
    )
    services.stores.queue.send([event])
    return Spoken(name, run_id)
