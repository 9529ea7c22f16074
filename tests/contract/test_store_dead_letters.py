"""The dead-letter queues of SQS: looking leaves them as they were, and only what was named goes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.stores.aws_dead_letters import AwsDeadLetters
from tests.contract.stores_world import OnMoto, moto_world


@pytest.fixture
def world() -> Iterator[OnMoto]:
    with moto_world() as made:
        for queue in ("account", "poll"):
            made.clients.sqs.create_queue(QueueName=f"tieout-dead-{queue}")
        yield made


@pytest.fixture
def letters(world: OnMoto, monkeypatch: pytest.MonkeyPatch) -> AwsDeadLetters:
    monkeypatch.setattr("shared.stores.aws_dead_letters.QUEUES", ("account", "poll"))
    prefix = world.env.queue_prefix.removesuffix("tieout-") + "tieout-dead-"
    return AwsDeadLetters(lambda: world.clients.sqs, replace(world.env, dead_letter_prefix=prefix))


def put(world: OnMoto, letters: AwsDeadLetters, queue: str, *bodies: str) -> None:
    for body in bodies:
        world.clients.sqs.send_message(QueueUrl=letters.address(queue), MessageBody=body)


def bodies(letters: AwsDeadLetters, queue: str = "account") -> list[str]:
    return sorted(one.body for one in letters.look(queue).letters)


def test_they_are_counted_and_looking_changes_nothing(world: OnMoto, letters: AwsDeadLetters) -> None:
    put(world, letters, "account", *(f"{number:02}" for number in range(23)))
    for _ in range(3):
        assert bodies(letters) == [f"{number:02}" for number in range(23)]
    assert len(letters.look("account", most=5).letters) == 5
    assert letters.counts() == {"account": 23, "poll": 0}
    assert letters.look("account", most=1).letters[0].sent_at is not None


def test_those_behind_many_others_are_found(
    world: OnMoto, letters: AwsDeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(world, letters, "account", *(f"other {number}" for number in range(45)), "ours")
    found = letters.look("account", lambda one: one.body == "ours")
    assert [one.body for one in found.letters] == ["ours"] and (found.looked_at, found.more) == (46, False)
    monkeypatch.setattr("shared.stores.aws_dead_letters.LOOKED", 20)
    cut = letters.look("account", lambda one: one.body == "none")
    assert (cut.letters, cut.looked_at, cut.more) == ((), 20, True)
    slow = letters.look("account", lambda one: one.body == "none", seconds=-1)
    assert (slow.looked_at, slow.more) == (1, True)
    assert len(bodies(letters)) == 20, "whatever was looked at is there again"


def test_only_what_is_named_goes_back_to_its_queue(world: OnMoto, letters: AwsDeadLetters) -> None:
    put(world, letters, "account", *(f"{number:02}" for number in range(23)))
    named = {one.id for one in letters.look("account").letters if one.body in ("07", "19")}
    assert letters.replay("account", {*named, "gone already"}) == 2
    assert len(bodies(letters)) == 21 and "07" not in bodies(letters)
    found = world.clients.sqs.receive_message(
        QueueUrl=world.env.queue_prefix + "account", MaxNumberOfMessages=10
    )
    assert sorted(one["Body"] for one in found["Messages"]) == ["07", "19"]


def test_a_dropped_one_is_gone(world: OnMoto, letters: AwsDeadLetters) -> None:
    put(world, letters, "poll", "a", "b")
    named = {one.id for one in letters.look("poll").letters if one.body == "a"}
    assert letters.drop("poll", named) == 1 and letters.drop("poll", named) == 0
    assert bodies(letters, "poll") == ["b"]


def test_a_stack_that_says_none_has_none(world: OnMoto) -> None:
    assert AwsDeadLetters(lambda: world.clients.sqs, world.env).counts() == {}
