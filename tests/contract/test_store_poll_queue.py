"""The promises of PollQueue, for both implementations."""

import pytest

from tests.contract.stores_world import World


class TestPollQueue:
    """One suite, every implementation."""

    def test_messages_arrive_whole_each_with_its_integration(self, world: World) -> None:
        sent = [
            ("acme", {"integration": "acme", "tick": "T1", "cause": "poll"}),
            ("beta", {"integration": "beta", "text": "é ' \" < & > \n \ufffe 😀"}),
        ]
        world.polls.send(sent)
        assert sorted(world.told("poll")) == sent
        assert world.told("poll") == []

    def test_many_messages_are_all_there_and_none_is_none(self, world: World) -> None:
        world.polls.send([("acme", {"number": str(number)}) for number in range(47)])
        world.polls.send([])
        assert {body["number"] for _, body in world.told("poll")} == {str(number) for number in range(47)}

    def test_the_same_message_twice_is_two(self, world: World) -> None:
        world.polls.send([("acme", {"tick": "T1"})] * 2)
        assert world.told("poll") == [("acme", {"tick": "T1"})] * 2

    def test_polls_and_sweeps_never_meet(self, world: World) -> None:
        world.sweeps.send([("acme", {"list": "account"})])
        assert world.told("poll") == []
        assert world.told("sweep") == [("acme", {"list": "account"})]

    def test_a_delayed_message_is_not_yet_received(self, world: World) -> None:
        world.sweeps.send([("acme", {"list": "account"})], delay_seconds=900)
        assert world.told("sweep") == []

    @pytest.mark.parametrize("seconds", [-1, 901])
    def test_a_delay_that_sqs_cannot_keep_is_refused(self, world: World, seconds: int) -> None:
        with pytest.raises(ValueError, match=f"cannot be delayed by {seconds} seconds"):
            world.polls.send([("acme", {"tick": "T1"})], delay_seconds=seconds)
        assert world.told("poll") == []

    def test_what_was_sent_is_not_changed_by_who_sent_it(self, world: World) -> None:
        body = {"tick": "T1"}
        world.polls.send([("acme", body)])
        body["tick"] = "T2"
        assert world.told("poll") == [("acme", {"tick": "T1"})]
