"""What goes wrong, at any call of any port, drawn anew for each batch."""

from collections import Counter
from collections.abc import Callable
from random import Random

from bench.exactly_once.site import JumpingClock, Site, StorageFault
from shared.errors import OutcomeUnknown, RateLimited, Unavailable
from tests.properties.ports import Killed, Late, of_system, writes_to_system

CALM, STEPS = 0.3, 60
"""The share of batches that nothing happens to, and within how many calls a blow falls."""
KINDS = (
    *("killed", "storage", "throttled", "down", "lost answer", "late commit", "edited meanwhile"),
    "second worker",
)
"""The last: a duplicate of a message is handled while we are about to write."""


class Weather:
    """`meanwhile`: somebody saves a record while we are at work."""

    def __init__(self, site: Site, random: Random, meanwhile: Callable[[], None]) -> None:
        self.site, self.random, self.meanwhile = site, random, meanwhile
        self.vendors, self.blows = tuple(site.systems), Counter[str]()

    def during(self, work: Callable[[], object]) -> None:
        kind = self.random.choice(KINDS) if self.random.random() > CALM else ""
        if kind:
            self._strike(kind, self.random.randrange(STEPS))
        try:
            work()
        finally:
            self.site.line.on = lambda call: None

    def jump(self) -> None:
        """Our clock, and those of the vendors, go wrong by themselves."""
        clock = self.site.clock
        assert isinstance(clock, JumpingClock)
        clock.jump(self.random.choice((-600, -60, -1, 30, 600, 5400)))
        self.blows["clock jumped"] += 1

    def _strike(self, kind: str, steps: int) -> None:
        left = [steps]

        def on(call: str) -> None:
            left[0] -= 1
            if left[0] > 0 or not self._hits(kind, call):
                return
            self.site.line.on = lambda call: None
            self.blows[kind] += 1
            self._blow(kind, call)

        self.site.line.on = on

    def _hits(self, kind: str, call: str) -> bool:
        vendor, done = of_system(call, self.vendors), call.endswith(" done")
        if kind == "killed":
            return True
        if kind == "storage":
            return not vendor
        if kind == "late commit":
            return vendor and not done and call.endswith(".create")
        if kind == "second worker":
            return not done and writes_to_system(call, self.vendors) and bool(self.site.at_work)
        if kind == "lost answer":
            return writes_to_system(call, self.vendors)
        return vendor and not done

    def _blow(self, kind: str, call: str) -> None:
        if kind == "killed":
            raise Killed(call)
        if kind == "storage":
            raise StorageFault(f"{call}: the storage did not answer")
        if kind == "throttled":
            raise RateLimited("too many calls", self.random.choice((None, 5.0, 60.0)))
        if kind == "down":
            raise Unavailable("the vendor does not answer")
        if kind == "lost answer":
            raise OutcomeUnknown("no answer came")
        if kind == "late commit":
            dies = self.random.random() < 0.5
            raise Late(self.random.uniform(0.1, 59), Killed(call) if dies else OutcomeUnknown("timed out"))
        if kind == "second worker":
            self.site.handle([self.random.choice(self.site.at_work)])
            return
        self.meanwhile()
