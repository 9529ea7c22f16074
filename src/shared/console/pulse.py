"""How an integration is doing, in one line and in facts: both systems' state, the last cycle of each list,
what is stopped, and dead letters."""

from collections.abc import Sequence
from datetime import datetime

from shared.bootstrap import Services
from shared.bootstrap_deployment import Deployment
from shared.console.run_lines import Told, told
from shared.domain.record import record
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.poll_tasks import polled_lists
from shared.operations.silence import missed
from shared.operations.warnings import STILL, warned
from shared.ports import GateState, Run

REFUSED = "nothing is synchronised, because this release refuses the stored rules"
RECENT = 100
"""Runs looked at, so that a page costs the same however many there are: some hours of a busy integration."""


@record
class Cycle:
    """The newest reading of a list; `last` is None where none is among the recent runs."""

    entity: str
    system: str
    last: Told | None

    @property
    def key(self) -> str:
        return f"{self.entity}.{self.system}"


@record
class Pulse:
    """`troubles`: one sentence for each thing that is wrong, the worst first. `dead`: queue -> dead letters,
    without zeros."""

    gates: dict[str, GateState]
    cycles: tuple[Cycle, ...]
    troubles: tuple[str, ...]
    dead: dict[str, int]
    last: datetime | None


def pulse(services: Services, deployment: Deployment, known: Sequence[Run] | None = None) -> Pulse:
    """`known`: more runs than these, where they have been read."""
    gates = services.stores.gate.read(list(services.systems))
    runs = services.stores.log.runs(RECENT) if known is None else known
    since = min(run.started_at for run in runs) if known is None and len(runs) == RECENT else None
    now = services.clock.now()
    dead = {queue: count for queue, count in deployment.dead_letters.counts().items() if count}
    cycles = tuple(_cycle(runs, entity, system) for entity, system in polled_lists(services.flow))
    polled = [run.started_at for run in runs if run.cause in ("poll", "manual") and run.state != "warning"]
    troubles = [
        *([f"{REFUSED}: {_named(services.refused)}"] if services.refused else []),
        *_of_gates(gates),
        *(f"a run over the {_list(key)} was stopped by the brake" for key in services.state.braked),
        *([f"{counted(sum(dead.values()), 'dead letter')} to look at"] if dead else []),
        *warned(runs, now - STILL),
        *missed(services.integration, services.state, runs, now, since),
        *([] if services.state.live else ["only previews: nothing is written to either system"]),
    ]
    return Pulse(gates, cycles, tuple(troubles), dead, max(polled, default=None))


def _of_gates(gates: dict[str, GateState]) -> list[str]:
    found = []
    for system, gate in gates.items():
        if gate.state != "ok":
            until = f" until {gate.until:%H:%M} UTC" if gate.until else ""
            found.append(f"{title(system)} is {gate.state}{until}: {gate.reason}")
    return found


def _cycle(runs: Sequence[Run], entity: str, system: str) -> Cycle:
    own = [run for run in runs if (run.entity, run.system) == (entity, system) and run.cause != "webhook"]
    return Cycle(entity, system, told(own[:1])[0] if own else None)


def _list(key: str) -> str:
    entity, _, system = key.partition(".")
    return f"{words(entity)} list in {title(system)}"


def _named(refused: str) -> str:
    """Which lines; what is allowed there stands at the top of every page."""
    return "; ".join(one.partition("; allowed:")[0] for one in refused.splitlines())
