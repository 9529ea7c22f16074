"""The facts that drive the alarms: what was not read, not swept, not heard; queues and dead letters."""

from datetime import timedelta
from typing import Any

from shared.console.pulse import pulse
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.operations.silence import RUNS, silent

_SWEPT = timedelta(hours=26)


def show(visit: Visit) -> Reply:
    return visit.show("health.html", "Health", **facts(visit))


def facts(visit: Visit) -> dict[str, Any]:
    """By their names on the page."""
    services = visit.services
    runs = services.stores.log.runs(RUNS)
    sweeps = [run for run in runs if run.cause == "reconcile" and run.state == "done"]
    entities = list(services.flow.entities)
    found = pulse(services, visit.deployment, runs)
    told = silent(services.integration, services.state, runs, visit.now)
    return {
        "pulse": found,
        "silent": [one for one in told if one not in found.troubles],
        "state": services.state,
        "swept": sweeps[0].finished_at or sweeps[0].started_at if sweeps else None,
        "swept_in_time": bool(sweeps) and sweeps[0].started_at > visit.now - _SWEPT,
        "depths": {entity: services.stores.queue.depth(entity) for entity in entities},
        "parked": services.stores.parks.count(),
        "intervals": services.integration.intervals,
        "release": "refused" if services.refused else services.flow.version[:12],
    }
