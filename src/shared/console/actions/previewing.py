"""Asks for a preview of one list, or of all."""

from shared.console.visit import Done, Visit
from shared.operations.preview_run import ask, previewed


def make(visit: Visit) -> Done:
    known, entity = previewed(visit.services), visit.request.said("entity")
    chosen = [one for one in known if entity in ("", one)]
    if not chosen:
        return Done("no-list", "preview")
    count = ask(visit.services, visit.deployment.polls, chosen, visit.visitor.name)
    since = {"since": str(int(visit.now.timestamp())), "for": ",".join(chosen)}
    return Done("previewing", "preview", since, count)
