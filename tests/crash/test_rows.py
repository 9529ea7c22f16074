"""What the log says survives a death at any step: each record has the row of what became of it, and never
twice, and what lost a conflict is in the log before it is overwritten.

Checks the checker: an engine that drops rows, one that tells before it saves, and one that tells of losses
last, are caught.
"""

from collections.abc import Callable
from typing import Any

import pytest

from shared.domain.link import LogRow
from shared.ports import Loaded
from shared.sync.engine import leasing, log_rows
from shared.sync.engine.steps import identify, save
from tests.crash.test_every_step import EACH, EACH_OF_THREE, ONE, STEPS, THREE, at, begun, die
from tests.properties.orders import CRM, ENTITY
from tests.properties.pair import LEFT, RIGHT
from tests.properties.rig import Rig
from tests.properties.two_way import TwoWay

LOG: list[Any] = [None]
"""The log of the rig at work, for a broken step to write to."""


def created(rig: Rig, record_id: str) -> list[LogRow]:
    return [
        row for row in rig.stores.log.rows(record=(CRM, ENTITY, record_id)) if row.outcome.kind == "created"
    ]


def died_at(number: int, ids: tuple[str, ...]) -> Rig:
    rig = begun(ids)
    LOG[0] = rig.stores.log
    at(rig, number, die)
    rig.deliver()
    rig.line.on = lambda call: None
    told_after_saving(rig)
    rig.run_on()
    return rig


def told_after_saving(rig: Rig) -> None:
    """A row that was saved with a link is named for that save: it is not in the log before it."""
    for row in rig.stores.log.rows():
        link = rig.stores.links.load([row.link_id])[row.link_id].link
        version, named, _ = row.seq.partition("-")
        if named:
            assert link is not None and link.version >= int(version), f"told and not saved: {row}"


def told_once(rig: Rig, ids: tuple[str, ...]) -> None:
    """Whoever died after the last write had not concluded yet: the next look says that all is well."""
    for record_id in ids:
        rows = rig.stores.log.rows(record=(CRM, ENTITY, record_id))
        assert any(row.outcome.kind in ("created", "unchanged") for row in rows), f"{record_id}: {rows}"
        assert len(created(rig, record_id)) <= 1, f"{record_id}: {rows}"
    for link in rig.links():
        rows = rig.stores.log.rows(record=(CRM, ENTITY, link.origin_id))
        assert rows.count(link.row) == 1, f"{link.origin_id}: {rows}"  # type: ignore[arg-type]


@pytest.mark.parametrize("number", EACH)
def test_the_row_of_an_order_is_there_once(number: int) -> None:
    told_once(died_at(number, ONE), ONE)


@pytest.mark.parametrize("number", EACH_OF_THREE)
def test_the_rows_of_three_orders_are_there_once(number: int) -> None:
    told_once(died_at(number, THREE), THREE)


def test_a_message_of_the_dead_letter_queue_leaves_its_row() -> None:
    """Every try meets a surprise; replayed once that is over, the order is made and told once."""
    rig = begun(ONE)

    def on(call: str) -> None:
        if call == "sage_50.create":
            raise RuntimeError("a surprise")

    rig.line.on = on
    rig.run_on(2)
    assert rig.dead_letters and any(row.outcome.kind == "failed" for row in rig.stores.log.rows())
    rig.line.on = lambda call: None
    rig.stores.queue.send(rig.dead_letters)
    rig.dead_letters.clear()
    rig.run_on()
    told_once(rig, ONE)


def lost_before_written() -> None:
    """A value loses a conflict. When the other side is written, the log has it; also where that write is the
    last thing that the worker does."""
    machine = TwoWay()
    machine.one_shared_record(LEFT)
    right = machine.rig.links()[0].sides[RIGHT].id
    machine.story.change(LEFT, "left#1", "name")
    machine.story.change(RIGHT, right, "name")
    machine.hint(LEFT, "left#1")
    told = list[bool]()

    def on(call: str) -> None:
        if call == f"{RIGHT}.update":
            rows = machine.rig.stores.log.rows()
            told.append(any("lost" in change for row in rows for change in row.changes))

    machine.strike(on)
    assert told and all(told), "overwritten and not told"
    machine.teardown()


def test_what_lost_is_told_before_it_is_overwritten() -> None:
    lost_before_written()


def _dropped(ctx: Any, loaded: dict[str, Loaded]) -> dict[str, Loaded]:
    return loaded


def test_an_engine_that_drops_rows_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identify, "in_the_log", _dropped)
    assert caught(lambda number: told_once(died_at(number, ONE), ONE))


def test_an_engine_that_tells_before_it_saves_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(link: Any, row: Any, job: Any) -> Any:
        saved, named = log_rows.with_row(link, row, job)
        if named is not None:
            LOG[0].append([named])
        return saved, named

    monkeypatch.setattr(save, "with_row", first)
    assert caught(lambda number: told_once(died_at(number, ONE), ONE))


def test_an_engine_that_tells_of_losses_last_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leasing, "losses", lambda ctx, job: None)
    monkeypatch.setattr(leasing, "losses_logged", lambda job: None)
    with pytest.raises(AssertionError, match="overwritten and not told"):
        lost_before_written()


def caught(at_step: Callable[[int], None]) -> bool:
    """Whether a death at one of the steps shows it."""
    for number in range(len(STEPS[1])):
        try:
            at_step(number)
        except AssertionError:
            return True
    return False
