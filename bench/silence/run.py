"""Fifteen ways to stop in silence, and five more, each told by an alarm of the template, the digest, a run or
`tieout status`; and thirty good days without a word.

A stack's metrics are made in virtual time as its parts would make them, and the template's own alarms are
evaluated on them. One fault begins on the tenth day, at any minute; told is the first alarm that is not there
without it. What AWS cannot see is told by Tieout itself: there its own poll, digest and status are asked.
"""

from pathlib import Path
from random import Random
from typing import Any

from bench.figures import Figures, at_most, exactly
from bench.silence import told
from bench.silence.alarms import Metrics, alarms, rings
from bench.silence.life import STEP, live, moments
from bench.silence.ways import DAY, HOUR, KNOWN, OURS

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
AFTER = 10 * DAY
BY_TIEOUT = ("sweep stopped", "warning", "hook dead", "clock wrong", "filter dropped", "disk full")
NEVER = float("inf")


def run(days: int = 30, starts: int = 12, template: Path = TEMPLATE) -> Figures:
    """Figures by name."""
    found = alarms(template)
    ways = {name: (_worst(found, kind, starts), most) for name, (kind, most) in (KNOWN | OURS).items()}
    unheard = ", ".join(name for name, (worst, _) in ways.items() if worst == NEVER)
    late, latest = max((round(worst / most, 6), name) for name, (worst, most) in ways.items())
    heard = sum(ways[name][0] < NEVER for name in KNOWN), sum(ways[name][0] < NEVER for name in OURS)
    quiet = Metrics()
    live(quiet, Random(1), days * DAY, "", NEVER)
    false = sum(rings(alarm, quiet, at) for alarm in found.values() for at in moments(HOUR, days * DAY))
    false += told.false_alarms(days)
    name = "nobody silent"
    return {
        f"{name}: ways to stop that are told": exactly(heard[0], len(KNOWN), "ways", unheard),
        f"{name}: further ways that are told": exactly(heard[1], len(OURS), "ways"),
        f"{name}: told after, at the latest": at_most(
            late, 1, "intervals", f"of each way's own, 5 min to 10 days; latest: {latest}"
        ),
        f"{name}: false alarms in {days} virtual days": exactly(false, 0, "alarms"),
    }


def _worst(found: dict[str, Any], kind: str, starts: int) -> float:
    if kind in BY_TIEOUT:
        return told.after(kind)
    return max(until_told(found, kind, KNOWN_INTERVAL[kind], Random(start)) for start in range(starts))


KNOWN_INTERVAL = dict([*KNOWN.values(), *OURS.values()])
"""Kind of fault -> its interval."""


def until_told(found: dict[str, Any], kind: str, interval: float, random: Random) -> float:
    """Seconds from the last sign of life to the first alarm; infinity where there is none, or where it is
    that of the stack beside it, in which all is well."""
    metrics, begins = Metrics(), AFTER + random.uniform(0, DAY)
    fault = "poll_stopped" if kind == "neighbour" else kind
    last = live(metrics, random, begins + interval + 2 * DAY, fault, begins)
    if kind == "neighbour":
        live(metrics.of("south"), random, begins + interval + 2 * DAY, "", NEVER)
    for at in moments(begins, begins + interval + DAY):
        if kind == "neighbour" and any(rings(alarm, metrics.of("south"), at) for alarm in found.values()):
            return NEVER
        if any(rings(alarm, metrics, at) for name, alarm in found.items() if _of_the_kind(name, kind)):
            return max(0.0, at - last - STEP)  # it is looked at every five minutes
    return NEVER


def _of_the_kind(name: str, kind: str) -> bool:
    """A dead letter rings at once; what is asked of "ageing" is that it rings again before it is lost."""
    return "Age" in name if kind == "ageing" else True
