"""A stack's metrics in virtual time, as its parts would make them, well until one fault begins."""

from random import Random

from bench.silence.alarms import Metrics
from bench.silence.ways import DAY, HOUR, MINUTE

QUEUES = ("AccountQueue", "SalesOrderQueue", "PollQueue")
STEP = 5 * MINUTE


def live(metrics: Metrics, random: Random, until: float, kind: str, begins: float) -> float:
    """Returns when the fault's last sign of life was."""
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


def moments(start: float, end: float) -> list[float]:
    return [start + number * STEP for number in range(int((end - start) // STEP) + 1)]


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
