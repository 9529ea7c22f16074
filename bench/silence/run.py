"""Fifteen ways to stop in silence, each told by an alarm of the template or by the digest, and thirty good
days without a word.

A stack's metrics are made in virtual time as its parts would make them. One fault begins on the tenth day, at
any minute; told is the first alarm (or digest) that is not there without it. What is not seen from AWS, such
as a full disk or a wrong clock on one's own machine, is tested with the local stack.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.figures import Figures, at_most, exactly
from bench.silence.alarms import Metrics, alarms, rings
from shared.operations.digest import digest
from shared.ports import Run
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
QUEUES = ("AccountQueue", "SalesOrderQueue", "PollQueue")
STEP = 5 * MINUTE
AFTER = 10 * DAY

WAYS: dict[str, tuple[str, float]] = {
    "the poll's schedule is switched off": ("poll schedule off", HOUR),
    "the poll function's concurrency is 0": ("poll concurrency 0", HOUR),
    "the sweep's schedule is switched off": ("sweep schedule off", 26 * HOUR),
    "the digest's schedule is switched off": ("digest schedule off", 26 * HOUR),
    "an entity's mapping is disabled": ("SalesOrderQueue", HOUR),
    "an entity's concurrency is 0": ("AccountQueue", HOUR),
    "the poll queue is not drained": ("PollQueue", HOUR),
    "a schedule cannot call its function": ("ClockDeadLetters", 5 * MINUTE),
    "a dead letter": ("SalesOrderDeadLetters", 5 * MINUTE),
    "a dead letter forgotten for ten days": ("ageing", 10 * DAY),
    "a gate left closed": ("poll_stopped", HOUR),
    "a brake or question forgotten": ("poll_stopped", HOUR),
    "a function that crashes, and writes no log row": ("Errors", 15 * MINUTE),
    "the sweep begins and never comes round": ("sweep stopped", DAY),
    "a sign-in that nobody renews": ("warning", DAY),
}
"""What happens: how it is made, and its interval in seconds."""


def run(days: int = 30, starts: int = 12, template: Path = TEMPLATE) -> Figures:
    """Figures by name."""
    found = alarms(template)
    late, told = 0.0, 0
    for kind, interval in WAYS.values():
        worst = max(_until_told(found, kind, interval, Random(start)) for start in range(starts))
        late, told = max(late, worst / interval), told + (worst < float("inf"))
    quiet = Metrics()
    _live(quiet, Random(1), days * DAY, "", float("inf"))
    false = sum(rings(alarm, quiet, at) for alarm in found.values() for at in _moments(HOUR, days * DAY))
    name = "nobody silent"
    return {
        f"{name}: ways to stop that are told": exactly(told, len(WAYS), "ways"),
        f"{name}: told after, at the latest": at_most(
            late, 1, "intervals", "of each way's own, 5 min to 10 days"
        ),
        f"{name}: false alarms in {days} virtual days": exactly(false, 0, "alarms"),
    }


def _until_told(found: dict[str, Any], kind: str, interval: float, random: Random) -> float:
    """Seconds from the last sign of life to the first alarm; infinity where there is none."""
    if kind in ("sweep stopped", "warning"):
        return _digest_after(kind)
    metrics, begins = Metrics(), AFTER + random.uniform(0, DAY)
    last = _live(metrics, random, begins + interval + 2 * DAY, kind, begins)
    for at in _moments(begins, begins + interval + DAY):
        if any(rings(alarm, metrics, at) for name, alarm in found.items() if _of_the_kind(name, kind)):
            return max(0.0, at - last - STEP)  # it is looked at every five minutes
    return float("inf")


def _of_the_kind(name: str, kind: str) -> bool:
    """A dead letter rings at once; what is asked of "ageing" is that it rings again before it is lost."""
    return "Age" in name if kind == "ageing" else True


def _live(metrics: Metrics, random: Random, until: float, kind: str, begins: float) -> float:
    """A stack's life. Returns when the fault's last sign of life was."""
    last = begins
    tick = 0.0
    while (tick := tick + 15 * MINUTE) < until:
        at = tick + random.uniform(0, MINUTE)
        if at >= begins and kind in ("poll schedule off", "poll concurrency 0"):
            continue
        last = at if kind.startswith("poll ") else last
        metrics.put(("Invocations", "PollFunction"), at)
        stopped = at >= begins and kind == "poll_stopped"
        metrics.put(("poll_stopped", "AWS::StackName"), at, float(stopped or random.random() < 0.002))
        if at >= begins and kind == "Errors":
            metrics.put(("Errors", "PollFunction"), at)
    for day in range(int(until // DAY) + 1):
        for name, hour in (("ReconcileFunction", 2.5), ("NotifyFunction", 6.0)):
            at = day * DAY + hour * HOUR + random.uniform(0, 10 * MINUTE)
            off = {"ReconcileFunction": "sweep schedule off", "NotifyFunction": "digest schedule off"}[name]
            if kind == off and at >= begins:
                continue
            last = at if kind == off else last
            metrics.put(("Invocations", name), at)
    _queues(metrics, random, until, kind, begins)
    return last


def _queues(metrics: Metrics, random: Random, until: float, kind: str, begins: float) -> None:
    for queue in QUEUES:
        at = 0.0
        while (at := at + STEP) < until:
            busy = 40 * MINUTE if random.random() < 0.01 else 2 * MINUTE  # a backfill now and then
            age = random.uniform(0, busy)
            if kind == queue and at >= begins:
                age = at - begins
            metrics.put(("ApproximateAgeOfOldestMessage", queue), at, age)
    for dead in ("SalesOrderDeadLetters", "ClockDeadLetters"):
        at = 0.0
        while (at := at + STEP) < until:
            there = at >= begins and (kind == dead or (kind == "ageing" and dead == "SalesOrderDeadLetters"))
            metrics.put(("ApproximateNumberOfMessagesVisible", dead), at, float(there))
            if there:
                metrics.put(("ApproximateAgeOfOldestMessage", dead), at, at - begins)


def _moments(start: float, end: float) -> list[float]:
    return [start + number * STEP for number in range(int((end - start) // STEP) + 1)]


def _digest_after(kind: str) -> float:
    """The real digest, each morning at six; in seconds from the first failed sweep, or the first warning."""
    began = datetime(2026, 11, 2, tzinfo=UTC)
    world = MemoryWorld(lambda: began)
    stores = world.stores("main")
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    world.integrations.save(Integration("main", "sugarcrm--sage_50", connections))
    world.integrations.change_state("main", IntegrationState(), IntegrationState(live=True))

    def ran(at: datetime, cause: str, state: str = "done", message: str = "") -> None:
        stores.log.put_run(Run(f"{at:%Y%m%dT%H%M%SZ}-{cause}", cause, "", "", at, at, state, message))

    for day in range(14):
        midnight = began + timedelta(days=day)
        good, letter = day < 10, midnight + timedelta(hours=6)
        fails = kind == "sweep stopped" and not good
        ran(midnight + timedelta(hours=2.5), "reconcile", "stopped" if fails else "done")
        ran(letter - timedelta(minutes=10), "poll")
        if kind == "warning" and not good:
            ran(midnight + timedelta(hours=5), "warn", "warning", "the sign-in ends on Friday")
        needs = digest("main", world.integrations, stores, letter).needs
        assert not (good and needs), f"a good day has nothing to tell, but {needs}"
        if needs:
            fault = began + timedelta(days=10, hours=2.5 if kind == "sweep stopped" else 5)
            return (letter - fault).total_seconds()
    return float("inf")
