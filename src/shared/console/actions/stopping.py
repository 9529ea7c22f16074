"""What Tieout stopped at and a person lets go on: the brake, and records that are missing."""

from shared.console.visit import Done, Visit
from shared.domain.run_ids import new_run_id
from shared.operations.missing import answer, questions
from shared.operations.poll_messages import send
from shared.operations.poll_tasks import tasks


def release(visit: Visit) -> Done:
    """A person confirms that what the brake stopped is right; the list is polled at once."""
    key, services = visit.request.said("list"), visit.services
    if key not in services.state.braked:
        return Done("not-stopped", "sync")
    services.change_state(released=(*services.state.released, key))
    found = tasks(services, "manual", new_run_id(visit.now))
    send(visit.deployment.polls, [one for one in found if f"{one.entity}.{one.system}" == key])
    return Done("released", "sync", {"since": str(int(visit.now.timestamp()))})


def deletions(visit: Visit) -> Done:
    """A person says that the missing records of a list are gone, or are not: those that the page showed."""
    services, said = visit.services, visit.request.said
    asked = next(
        (
            one
            for one in questions(services.state, services.stores.missing)
            if one.key == said("list") and one.text
        ),
        None,
    )
    if asked is None or said("gone") not in ("yes", "no"):
        return Done("nothing-asked")
    only = {one.id for one in asked.records if one.at.isoformat() <= said("until")}
    settled = answer(services, asked, said("gone") == "yes", only)
    return Done("settled", count=len(settled))
