"""What goes wrong during a storm, and when: the clocks, the processes, the vendors and AWS."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bench.chaos.clock import Clock
from bench.stack.installed import Installed
from local.stack import launch
from local.stack.process import up

_KINDS = ("429", "500", "502", "503", "lost_reply", "lost_request", "truncated_json", "late_commit", "slow")
_LOSING = ("502", "lost_reply", "truncated_json", "late_commit")
_NO_SIGN_IN = "^(?!/token)"
"""Where the answer of a renewed sign-in is lost, Sage Accounting needs a person: the old one is spent, and
nobody has the new one."""
_LATE_SECONDS = 2.0
HOUR = 3_600.0
POLLS = {"PollMinutes": "1"}
Event = tuple[float, Callable[[], object]]


@dataclass
class Weather:
    """`storm` is the file that tells the emulated AWS to fail."""

    here: Installed
    clock: Clock
    storm: Path
    random: Random
    kills: int = 0
    faults: int = 0

    def events(self, seconds: float, pace: float) -> list[Event]:
        """By when they happen, in seconds from the beginning. `pace`: how many times as long everything
        takes on a machine that has other things to do."""
        jumps = [(0.1, HOUR, 0.0), (0.25, 0.0, 0.0), (0.5, -HOUR, 0.0), (0.65, 0.0, 0.0), (0.8, 0.0, 120.0)]
        found: list[Event] = [
            (share * seconds, partial(self.clock.set, by, more)) for share, by, more in jumps
        ]
        found += [(share * seconds, self._kill_the_stack) for share in (0.35, 0.75)]
        found += [(at, self._vendors_fail) for at in _every(seconds, 5.0 * pace)]
        found += [(at, self._kill_a_handler) for at in _every(seconds, 12.0 * pace)]
        return sorted([(0.0, self.storm.touch), *found], key=lambda one: one[0])

    def clears(self) -> None:
        self.storm.unlink(missing_ok=True)
        self.clock.set(0.0)
        for address in (self.here.crm, self.here.sage):
            self.here.delete(address, "faults")
        time.sleep(_LATE_SECONDS)

    def _vendors_fail(self) -> None:
        for address in (self.here.crm, self.here.sage):
            kinds = self.random.sample(_KINDS, 2)
            rows: list[dict[str, Any]] = [
                {"kind": kind, "times": 1, "skip": self.random.randrange(6)} for kind in kinds
            ]
            for row in rows:
                if row["kind"] in _LOSING:
                    row["match"] = {"path": _NO_SIGN_IN}
                if row["kind"] in ("late_commit", "slow"):
                    row["after"] = _LATE_SECONDS
                elif row["kind"] in ("429", "503"):
                    row["after"] = 3
            self.here.post(address, "faults", rows)
            self.faults += len(rows)

    def _kill_a_handler(self) -> None:
        if found := _children(self.here.stack.pid):
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(found), signal.SIGKILL)
                self.kills += 1

    def _kill_the_stack(self) -> None:
        """As the system does when memory runs out: its handlers are left behind with what they have begun."""
        pid = self.here.stack.pid
        os.kill(pid, signal.SIGKILL)
        while launch.alive(pid):
            time.sleep(0.05)
        self.kills += 1
        self.here.stack = up(None, self.here.root, parameters=POLLS)


def _every(seconds: float, pause: float) -> Iterator[float]:
    at = pause / 2
    while at < seconds:
        yield at
        at += pause


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
