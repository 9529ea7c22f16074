"""`python -m bench.chaos.scenario FLOW SECONDS FOLDER`: one flow through one storm, with the machine's clock
that `run.py` gives this process. Prints what came of it as JSON.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from bench.chaos.clock import Clock
from bench.chaos.weather import POLLS, Weather
from bench.chaos.work import WORK, Verdict, Work
from bench.stack.installed import NAME, Installed, installed, say
from local.cli._poll import queue_polls
from local.cli.status import look
from local.stack import launch

STORMY = Path(__file__).with_name("stormy.py")
PATIENCE_SECONDS = 1_800.0
_QUIET_START, _SLOWEST = 8.0, 5.0
"""Seconds that a start takes on a machine with nothing else to do, vendors included; and how much slower a
storm may become on one that has."""
_PIECE_EVERY = 1.0
_POLL_EVERY = 15.0
_LOOK_EVERY = 5.0


def main(flow: str, seconds: float, folder: Path) -> dict[str, Any]:
    for name in ("LD_PRELOAD", "CHAOS_CLOCK"):  # the vendors are elsewhere, with clocks of their own
        os.environ.pop(name, None)
    chaos, work = folder / "chaos", WORK[flow]
    launch.SERVER = STORMY
    begun = time.monotonic()
    with installed(folder, flow, work.directions, work.options, POLLS) as here:
        pace = min(_SLOWEST, max(1.0, (time.monotonic() - begun) / _QUIET_START))
        weather = Weather(here, Clock(chaos), chaos / "storm", Random(flow))
        work.begin(here)
        pauses: set[str] = set()
        pieces = _storm(here, work, weather, seconds, pace, pauses)
        weather.clears()
        begun = time.monotonic()
        verdict, state = _calm(here, work, pieces, pauses)
        return {
            **asdict(verdict),
            "pieces": pieces,
            "minutes": (time.monotonic() - begun) / 60,
            "pauses": sorted(pauses),
            "waiting": state,
            "kills": weather.kills,
            "vendor_faults": weather.faults,
            "aws_faults": sum(_failed(chaos)),
            "dead": _dead(here),
            "left": _left(here),
        }


def _storm(
    here: Installed, work: Work, weather: Weather, seconds: float, pace: float, pauses: set[str]
) -> int:
    begun, pieces, polled = time.monotonic(), 0, -_POLL_EVERY
    events = weather.events(seconds * pace, pace)
    while (now := time.monotonic() - begun) < seconds * pace:
        while events and events[0][0] <= now:
            events.pop(0)[1]()
        if pieces * _PIECE_EVERY * pace < now:
            work.piece(here, pieces)
            pieces += 1
        if now - polled > _POLL_EVERY:
            polled = now
            pauses |= _paused(_poll(here, work))
        time.sleep(0.1)
    return pieces


def _calm(here: Installed, work: Work, pieces: int, pauses: set[str]) -> tuple[Verdict, str]:
    """Until everything is right and nothing is waiting, or patience ends; what is waiting then."""
    begun, polled = time.monotonic(), -_POLL_EVERY
    while True:
        now = time.monotonic() - begun
        verdict, found = work.judge(here, pieces), look(here.stack.target)
        pauses |= _paused(found)
        waiting = _waiting(found)
        if (not verdict and not waiting) or now > PATIENCE_SECONDS:
            return verdict, waiting
        if now - polled > _POLL_EVERY:
            polled = now
            _poll(here, work)
            say(f"{now:.0f} s after it: {verdict}, {waiting}")
        time.sleep(_LOOK_EVERY)


def _poll(here: Installed, work: Work) -> dict[str, Any]:
    """As somebody does who cannot wait; not while one is still to come. How the stack is."""
    found = look(here.stack.target)
    if not found["poll_waiting"]:
        queue_polls(here.stack.target, NAME, work.entity)
    return found


def _waiting(found: dict[str, Any]) -> str:
    """What is still to be done; "" if it is quiet."""
    main = found["integrations"][0]
    told = {
        "polls": found["poll_waiting"],
        "parked": main["parked"],
        "waiting": main["waiting"],
        **{name: counts["messages"] for name, counts in found["queues"].items()},
        **{name: one["reason"] for name, one in main["connections"].items() if one["state"] != "ok"},
    }
    return ", ".join(f"{name} {value}" for name, value in told.items() if value)


def _paused(found: dict[str, Any]) -> set[str]:
    """What only a person can end."""
    main = found["integrations"][0]
    closed = {
        f"{name}: {one['reason']}" for name, one in main["connections"].items() if one["state"] == "paused"
    }
    return closed | {f"{key}: {why}" for key, why in {**main["braked"], **main["missing"]}.items()}


def _dead(here: Installed) -> int:
    return sum(int(counts["dead"]) for counts in look(here.stack.target)["queues"].values())


def _left(here: Installed) -> list[str]:
    """Records whose last outcome asks for a person."""
    last: dict[tuple[str, str], Any] = {}
    for row in reversed(here.stack.target.stores(NAME).log.rows(limit=2_000)):
        last[(row.system, row.record_id)] = row
    asking = [row for row in last.values() if row.outcome.kind in ("held", "failed")]
    return [f"{row.record_id} {row.outcome.kind}: {row.outcome.reason}" for row in asking]


def _failed(chaos: Path) -> Iterator[int]:
    for found in chaos.glob("failed-*"):
        yield sum(json.loads(found.read_text()).values())


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))))
