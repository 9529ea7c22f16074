"""A first load whose worker is killed at one point after the other, polls included. It goes on where it
stopped, makes nothing twice, loses nothing, and sends at most one page's records again."""

from tests.properties.ports import Killed
from tests.stories.bulk import SIZE, Many

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
"""One call is full, and one record is alone in the next."""
ONLY_CUSTOMERS = "".join(
    f'[{entity}]\ndirection = "off"\n' for entity in ("contact", "product", "service", "invoice")
)
POINTS = {
    "queue.send",
    "cursors.save",
    "lanes.acquire",
    "lanes.release",
    "links.commit",
    "vtiger.create_many",
    "vtiger.create",
    "waits.add",
    "archive.write",
    "log.count",
}
"""Whatever leaves something behind: a kill before a read leaves what one after the last write leaves."""


def loaded(killed_at: int = 0) -> tuple[Many, int]:
    """A whole first load, and how many such points it has; the worker is killed before that one of them."""
    here = Many(ONLY_CUSTOMERS)
    here.enter_some(*NAMES)
    seen = [0]

    def on(now: str) -> None:
        seen[0] += now in POINTS
        if seen[0] == killed_at and now in POINTS:
            raise Killed

    here.rig.line.on = on
    here.sync()
    here.rig.line.on = lambda now: None
    points = seen[0]
    here.wait(hours=0.5)
    return here, points


def test_a_first_load_killed_at_any_point_makes_nothing_twice_and_sends_one_page_again() -> None:
    whole, points = loaded()
    assert whole.names() == sorted(NAMES) and points > 20, "there is something to kill"
    assert whole.taker.calls == [SIZE, 1]
    for point in range(1, points + 1):
        here, _ = loaded(point)
        told = f"killed at point {point} of {points}: {here.rig.line.calls[-5:]}"
        assert here.names() == sorted(NAMES), f"{told}: {here.names()}"
        assert len(here.linked()) == len(NAMES), told
        sent = sum(here.taker.calls) + here.taker.alone
        assert sent - len(NAMES) <= SIZE, f"{told}: {sent} sent"
