"""A vendor refuses a call because of one record that the user may not see: the others go on."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.errors import NotAllowed
from shared.ports import Patch
from tests.stories.orders import SUGAR, Orders


def hidden(here: Orders, record_id: str) -> Callable[[], None]:
    """SugarCRM refuses every reading in which this one is named, as its v4_1 does. Returns what ends that."""
    system = here.rig.systems[SUGAR]
    read = system.read

    def refusing(spec: Any, ids: Sequence[str]) -> Any:
        if record_id in ids:
            raise NotAllowed(f"the user may view other records, but not one of these {len(ids)}")
        return read(spec, ids)

    system.read = refusing  # type: ignore[method-assign]
    return lambda: setattr(system, "read", read)


def unwritable(here: Orders, record_id: str) -> Callable[[], None]:
    """SugarCRM lets this one be read and not written. Returns what ends that."""
    system = here.rig.systems[SUGAR]
    update = system.update

    def refusing(spec: Any, patches: Sequence[Patch]) -> Any:
        no = NotAllowed("the user may edit other records, but not this one")
        return [no if one.id == record_id else update(spec, [one])[0] for one in patches]

    system.update = refusing  # type: ignore[method-assign]
    return lambda: setattr(system, "update", update)


def test_one_record_that_may_not_be_read_holds_no_other() -> None:
    here = Orders()
    deals = ["chairs", "desks", "lamps", "shelves", "stools"]
    for one in deals:
        here.win(one)
    shown = hidden(here, "desks")
    here.hear(SUGAR, *deals)
    assert len(here.orders()) == 4
    here.says("held", "not one of these 1", of="desks")
    assert here.log().count("created") == 4
    shown()
    here.wait(hours=50)
    assert len(here.orders()) == 5


def test_a_number_that_may_not_be_written_is_written_once_the_right_is_there() -> None:
    here = Orders()
    given = unwritable(here, "desks")
    here.win()
    here.sync()
    assert len(here.orders()) == 1
    here.says("held", "may edit other records", rule="not allowed")
    here.wait(hours=50)
    assert here.number() is None
    given()
    here.wait(hours=50)
    assert here.number() == here.orders()[0][0]
    assert len(here.orders()) == 1
