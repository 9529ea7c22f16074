"""Many new records go in one call, and each of them is still made once: its intent was saved before, its
answer is its own, and whatever may have been made is looked for before it is made alone."""

import pytest

from shared.errors import OutcomeUnknown, RecordRejected, Unavailable
from tests.properties.ports import Killed
from tests.stories.bulk import SIZE, Many
from tests.stories.customers import VTIGER

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")
LOST = OutcomeUnknown("no answer came")


@pytest.fixture
def here() -> Many:
    return entered()


def entered() -> Many:
    made = Many()
    made.enter_some(*NAMES)
    return made


def test_six_records_are_two_calls(here: Many) -> None:
    here.hear_all(*NAMES)
    assert here.names() == sorted(NAMES) and here.taker.calls == [SIZE, 2]
    assert here.log() == ["created"] * 6 and len(here.linked()) == 6


@pytest.mark.parametrize("call", ["create_many", "create_many done"])
@pytest.mark.parametrize("then", [LOST, Killed, ValueError("a surprise")], ids=["lost", "killed", "surprise"])
def test_whatever_dies_in_the_call_none_is_made_twice_and_none_is_lost(
    here: Many, call: str, then: BaseException | type[BaseException]
) -> None:
    with here.at(f"{VTIGER}.{call}", then):
        here.hear_all(*NAMES)
    here.wait(hours=2)
    assert here.names() == sorted(NAMES), here.rows()
    assert len(here.linked()) == 6


@pytest.mark.parametrize("then", [LOST, Killed], ids=["lost", "killed"])
def test_a_call_that_breaks_off_half_way_is_looked_at_record_by_record(
    then: BaseException | type[BaseException],
) -> None:
    breaks_off_half_way(then)


def breaks_off_half_way(then: BaseException | type[BaseException]) -> None:
    here = entered()
    here.taker.breaks_after, here.taker.breaks = 2, then
    try:
        here.hear_all(*NAMES)
    finally:
        here.taker.breaks_after = 99
    assert 2 <= len(here.names()) < 6
    here.wait(hours=2)
    assert here.names() == sorted(NAMES) and len(here.linked()) == 6


@pytest.mark.parametrize("number", range(1, 14))
def test_a_worker_that_dies_at_any_save_leaves_nothing_twice(here: Many, number: int) -> None:
    """At most one call of many is in doubt then."""
    left = [number]

    def die() -> None:
        left[0] -= 1
        if left[0]:
            here.rig.line.on = on
        else:
            raise Killed

    def on(now: str) -> None:
        if now == "links.commit":
            here.rig.line.on = lambda now: None
            die()

    here.rig.line.on = on
    here.hear_all(*NAMES)
    here.rig.line.on = lambda now: None
    assert left == [0]
    here.wait(hours=2)
    assert here.names() == sorted(NAMES) and len(here.linked()) == 6


def test_a_record_that_spoils_a_call_is_held_and_the_others_are_made_once() -> None:
    spoils_a_call()


def spoils_a_call() -> None:
    here = entered()
    here.taker.spoils = "Birch"
    here.hear_all(*NAMES)
    here.wait(hours=2)
    assert here.names() == sorted(set(NAMES) - {"Birch"})
    here.says("held", "“Birch” is refused", rule="rejected", of="birch")
    assert here.taker.calls == [SIZE, 2], "what is in doubt is made alone"


def test_an_answer_of_one_that_is_refused_is_its_own(here: Many) -> None:
    here.taker.create_many = (  # type: ignore[method-assign]
        lambda spec, records: [
            RecordRejected("no") if "Birch" in values.values() else here.taker.create(spec, values, key)
            for values, key in records
        ]
    )
    here.hear_all("Alder", "Birch", "Cedar")
    assert here.names() == ["Alder", "Birch", "Cedar"], "refused among many, it is tried once alone"
    assert here.log() == ["created"] * 3


def test_a_closed_connection_puts_all_of_them_off_and_makes_none(here: Many) -> None:
    with here.at(f"{VTIGER}.create_many", Unavailable("down")):
        here.hear_all(*NAMES)
    assert here.names() == [] and here.log() == []
    here.wait(hours=2)
    assert here.names() == sorted(NAMES)


def test_two_of_one_name_share_no_call() -> None:
    """The second is compared with what became of the first, as it is where they are made one by one."""
    here = Many()
    here.enter("sage_accounting", "one", name="Acme Ltd", phone="0113 496 0000")
    here.enter("sage_accounting", "two", name="ACME Limited", phone="0113 496 0000")
    here.hear("sage_accounting", "one", "two")
    assert len(here.names()) == 1 and sorted(here.log()) == ["created", "held"], here.rows()
