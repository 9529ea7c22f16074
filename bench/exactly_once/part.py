"""One part: an integration of its own from its first record to rest, under weather."""

from random import Random
from typing import Any

from bench.exactly_once.tally import Tally
from bench.exactly_once.weather import Weather

AT_ONCE, POLLED, SWEPT, JUMPED = 25, 2, 4, 3
"""Changes before the queues are looked at; and how many such steps lie between polls, sweeps and jumps."""
HOURS, DRAIN = 60, 2000


def run_part(world: Any, changes: int, random: Random) -> Tally:
    """Raises AssertionError where the queues do not come to rest."""
    site, tally = world.site, Tally(changes=changes)
    weather = Weather(site, random, world.edit)
    for step in range(1, changes // AT_ONCE + 1):
        for _ in range(AT_ONCE):
            world.change()
        _deliver(site, weather, random)
        site.clock.advance(random.choice((1, 5, 30, 120)))
        if step % POLLED == 0:
            site.clock.advance(900)
            weather.during(lambda: site.guarded(site.poll))
        if step % SWEPT == 0:
            weather.during(lambda: site.guarded(site.reconcile))
        if step % JUMPED == 0:
            weather.jump()
            world.jump()
    _rest(site, tally)
    world.judge(tally)
    tally.calls, tally.blows = site.vendor_calls, weather.blows
    return tally


def _deliver(site: Any, weather: Weather, random: Random) -> None:
    """Most of what is visible, now and then in another order."""
    more = [True]

    def once() -> None:
        more[0] = site.deliver()

    for _ in range(12):
        weather.during(once)
        if not more[0] or random.random() < 0.1:
            return


def _rest(site: Any, tally: Tally) -> None:
    """Hours with a poll, every second with a sweep, until three of them bring nothing new; dead letters are
    replayed then."""
    quiet = 0
    for hour in range(HOURS):
        before = site.versions(), site.writes()
        for _ in range(12):
            site.clock.advance(300)
            site.drain(DRAIN)
        site.poll()
        if hour % 2:
            site.reconcile()
        site.drain(DRAIN)
        site.count()
        quiet = quiet + 1 if (site.versions(), site.writes()) == before and site.quiet() else 0
        if quiet >= 3:
            dead = site.replay()
            tally.dead_letters += dead
            quiet = 0
            if not dead:
                return
    raise AssertionError(f"not at rest after {HOURS} hours: {len(site.flights)} messages in flight")
