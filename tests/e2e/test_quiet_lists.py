"""A list that names records without their values shows those again that were written last. Each is looked at
once more, after the second of its version is over, and is known then: to the polls that follow, and to each
sweep."""

from collections.abc import Iterator

import pytest

from shared.sync.engine.steps import save
from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world(directions={"invoice": "off", "contact": "off", "service": "off"}) as made:
        yield made


def reads(here: PairWorld) -> int:
    """Products that were read singly in Vtiger so far."""
    return int(here.sales.desk.get("/calls")["calls"].get("retrieve Products", 0))


def polls(here: PairWorld, times: int = 8, seconds: float = 10) -> list[int]:
    """Messages handled by each of some polls in a row."""
    found = []
    for _ in range(times):
        here.wait(seconds)
        here.tick()
        found.append(here.drain())
    return found


def made_in_vtiger(here: PairWorld) -> None:
    for code in ("WID-1", "WID-2"):
        here.books.product(code, description=f"Widget {code}")
    here.tick()
    here.drain()
    assert len(here.sales.all("Products")) == 2, here.tell()


def test_what_tieout_wrote_is_read_once_more_and_then_known(here: PairWorld) -> None:
    made_in_vtiger(here)
    before = reads(here)
    assert polls(here) == [2, 0, 0, 0, 0, 0, 0, 0], here.tell()
    assert reads(here) - before == 2
    here.reconcile()
    here.reconcile()
    assert reads(here) - before == 2, "a sweep knows them too"


def test_what_changes_nothing_of_ours_is_read_once(here: PairWorld) -> None:
    made_in_vtiger(here)
    here.settle()
    before = reads(here)
    for one in here.sales.all("Products"):
        here.sales.edit(one["id"], vendor_part_no="x")
    assert polls(here, 6, 20) == [2, 0, 0, 0, 0, 0]
    here.reconcile()
    assert reads(here) - before == 2


def test_what_tieout_wrote_in_sage_is_read_once_more_at_most(here: PairWorld) -> None:
    for code in ("WID-1", "WID-2"):
        here.sales.product(code)
    here.tick()
    here.drain()
    handled = polls(here)
    assert sum(handled) <= 2 and handled[1:] == [0] * 7, here.tell()


def test_an_edit_in_the_second_of_our_write_is_found(here: PairWorld) -> None:
    """Its version is the same as that of our write."""
    made_in_vtiger(here)
    product = here.sales.all("Products")[0]["id"]
    here.sales.edit(product, description="Changed at once")
    polls(here, 3)
    names = [one["description"] for one in here.books.all("products")]
    assert "Changed at once" in names, here.tell()


def test_if_it_were_not_kept_this_would_show(here: PairWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(save, "_known_now", lambda job, link: False)
    made_in_vtiger(here)
    assert polls(here, 4) == [2, 2, 2, 2]
