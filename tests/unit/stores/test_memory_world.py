"""What only the memory world has: saving and putting back its state, and being safe under threads."""

from concurrent.futures import ThreadPoolExecutor

from shared.errors import LinkContended
from shared.stores.memory import MemoryWorld
from tests.contract.stored import RUN, commit, event, lease, link, row
from tests.contract.stores_world import START, HandClock


def test_open_stores_see_a_state_that_was_put_back() -> None:
    world = MemoryWorld(HandClock().now)
    stores = world.stores("acme")
    stores.links.commit(commit(claims=(("sugarcrm", "sales_order", "opp-1"),)), START)
    saved = world.save()
    stores.links.commit(commit(expected=1, lease=lease()), START)
    stores.log.append([row()])
    stores.queue.send([event()])
    stores.archive.write(RUN, [{"n": 1}])
    world.restore(saved)
    assert stores.links.load(["LINK1"])["LINK1"].link == link(version=1)
    assert stores.links.load(["LINK1"])["LINK1"].lease is None
    assert (stores.queue.depth("sales_order"), list(stores.archive.objects()), stores.log.rows()) == (
        0,
        [],
        [],
    )


def test_one_service_can_be_put_back_alone_and_a_saved_state_used_twice() -> None:
    world = MemoryWorld(HandClock().now)
    stores = world.stores("acme")
    saved = world.save()
    for _ in range(2):
        stores.links.commit(commit(), START)
        stores.queue.send([event()])
        world.restore(saved, ["dynamodb"])
        assert stores.links.load(["LINK1"])["LINK1"].link is None
    assert stores.queue.depth("sales_order") == 2


def test_delayed_messages_come_when_their_time_has_come() -> None:
    clock = HandClock()
    world = MemoryWorld(clock.now)
    queue = world.stores("acme").queue
    queue.send([event("late")], delay_seconds=60)
    queue.send([event("now")])
    assert world.queue.next_visible() == START
    assert [one.record_id for one in world.receive("sales_order")] == ["now"]
    assert (world.queue.next_visible() or START) > START
    clock.pass_by(seconds=60)
    assert [one.record_id for one in world.receive("sales_order", 1)] == ["late"]
    assert world.queue.next_visible() is None


def test_threads_neither_lose_counts_nor_share_a_version() -> None:
    stores = MemoryWorld(HandClock().now).stores("acme")

    def work(number: int) -> int:
        stores.log.count(RUN, {"created": 1})
        try:
            stores.links.commit(commit(owner=f"w{number}"), START)
        except LinkContended:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        won = sum(pool.map(work, range(200)))
    assert won == 1
    assert stores.log.runs()[0].counts == {"created": 200}
