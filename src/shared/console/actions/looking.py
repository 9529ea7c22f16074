"""What makes Tieout look: at one record, a group of them, or whole lists."""

from shared.console.pages.open_group import KEY, find
from shared.console.pages.record import checked
from shared.console.visit import Done, Visit
from shared.domain.link import ChangeEvent
from shared.domain.run_ids import new_run_id
from shared.operations.poll_messages import send
from shared.operations.poll_tasks import tasks


def retry(visit: Visit) -> Done:
    subject = _subject(visit)
    _look_at(visit, [subject])
    return Done("queued", "record", _record(visit, subject))


def retry_group(visit: Visit) -> Done:
    """All of a group as it is now, not only what the page showed."""
    group = find(visit, {name: visit.request.said(name) for name in KEY}, visit.request.said("look"))
    if group is None:
        return Done("no-record")
    run_id = _look_at(visit, [(one.origin_system, one.entity, one.origin_id) for one in group.links])
    return Done("queued", query={"run": run_id}, count=len(group.links))


def sync(visit: Visit) -> Done:
    """The lists of one entity, or all of them."""
    entity, now = visit.request.said("entity"), visit.now
    found = tasks(visit.services, "manual", new_run_id(now))
    chosen = [task for task in found if entity in ("", task.entity)]
    if not chosen:
        return Done("no-list", "sync")
    send(visit.deployment.polls, chosen)
    since = {"since": str(int(now.timestamp())), "entity": entity}
    return Done("polling", "sync", since, len(chosen))


def _subject(visit: Visit) -> tuple[str, str, str]:
    said = visit.request.said
    return checked(visit, said("system"), said("entity"), said("record"))


def _record(visit: Visit, subject: tuple[str, str, str]) -> dict[str, str]:
    system, entity, record_id = subject
    since = str(int(visit.now.timestamp()))
    return {"system": system, "entity": entity, "record": record_id, "since": since}


def _look_at(visit: Visit, subjects: list[tuple[str, str, str]]) -> str:
    """One run, whose id is returned, so that what comes of it stands together in the log."""
    services, now = visit.services, visit.now
    run_id = new_run_id(now)
    services.stores.queue.send(
        [
            ChangeEvent(services.integration.name, system, entity, record_id, "manual", run_id, now)
            for system, entity, record_id in subjects
        ]
    )
    return run_id
