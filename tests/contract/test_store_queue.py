"""The promises of EventQueue, for both implementations."""

from decimal import Decimal

import pytest

from shared.ports import Stores
from tests.contract.stored import event
from tests.contract.stores_world import START, World


class TestEventQueue:
    """One suite, every implementation."""

    def test_events_arrive_whole_on_the_queue_of_their_entity(self, stores: Stores, world: World) -> None:
        sent = [
            event(
                "a", snapshot={"amount": Decimal("1.10"), "n": None}, observed_at=START, snapshot_version="7"
            ),
            event("b", "invoice"),
        ]
        stores.queue.send(sent)
        assert world.messages("sales_order") == sent[:1]
        assert world.messages("invoice") == sent[1:]
        assert world.messages("account") == []

    def test_many_events_are_all_sent(self, stores: Stores, world: World) -> None:
        stores.queue.send([event(f"r{number}") for number in range(47)])
        stores.queue.send([])
        assert stores.queue.depth("sales_order") == 47
        assert {one.record_id for one in world.messages("sales_order")} == {
            f"r{number}" for number in range(47)
        }
        assert stores.queue.depth("sales_order") == 0

    def test_a_delayed_event_is_counted_but_not_yet_received(self, stores: Stores, world: World) -> None:
        stores.queue.send([event()], delay_seconds=900)
        assert stores.queue.depth("sales_order") == 1
        assert world.messages("sales_order") == []

    @pytest.mark.parametrize("seconds", [-1, 901])
    def test_a_delay_that_sqs_cannot_keep_is_refused(self, stores: Stores, seconds: int) -> None:
        with pytest.raises(ValueError, match="park it instead"):
            stores.queue.send([event()], delay_seconds=seconds)
        assert stores.queue.depth("sales_order") == 0

    def test_a_large_snapshot_is_left_out_and_the_hint_stays(self, stores: Stores, world: World) -> None:
        fits = {"text": "é" * 32_000}
        stores.queue.send([event("fits", snapshot=fits, observed_at=START, snapshot_version="7")])
        stores.queue.send(
            [event("large", snapshot={"text": "é" * 33_000}, observed_at=START, snapshot_version="7")]
        )
        found = {one.record_id: one for one in world.messages("sales_order")}
        assert found == {
            "fits": event("fits", snapshot=fits, observed_at=START, snapshot_version="7"),
            "large": event("large"),
        }

    def test_ten_large_events_are_all_sent(self, stores: Stores, world: World) -> None:
        sent = [
            event(f"r{number}", snapshot={"text": "x" * 60_000}, observed_at=START) for number in range(10)
        ]
        stores.queue.send(sent)
        assert sorted(world.messages("sales_order"), key=lambda one: one.record_id) == sent

    def test_characters_that_sqs_refuses_arrive(self, stores: Stores, world: World) -> None:
        odd = {"text": "\x00\x0b\ufffe\uffff\ud83d 😀 é ' \" < & >"}
        stores.queue.send([event(snapshot=odd, observed_at=START)])
        (found,) = world.messages("sales_order")
        assert found.snapshot == odd
