"""An installation to measure: the real handlers on moto, emulated vendors over real HTTP, every request
counted.

It is the world of the end-to-end tests, filled with as many accounts, customers and won opportunities as
wanted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto.dynamodb.models.table import Table
from moto.sqs.models import SQSBackend

from bench.aws_requests import AwsRequests
from bench.books import Books
from tests.e2e.world import World, world


class Installation(Books):
    """`world` plays the platform, `aws` counts what it is asked."""

    def __init__(self, world: World, aws: AwsRequests) -> None:
        super().__init__(world.sugar, world.sage)
        self.world, self.aws = world, aws

    def forget(self) -> None:
        """Counts from here."""
        self.aws.clear()
        self.forget_calls()


@contextmanager
def installation(api: str) -> Iterator[Installation]:
    with pytest.MonkeyPatch.context() as patch, world(patch, api=api) as made:
        # moto copies both tables whole before each transaction, to be able to roll back; nothing here is
        # rolled back, for there is one worker, and the figures would wait for copying alone.
        patch.setattr(Table, "__deepcopy__", lambda table, memo: table, raising=False)
        # It also counts the whole queue for each message it hands out.
        patch.setattr(SQSBackend, "is_message_valid_based_on_retention_period", lambda *_: True)
        yield Installation(made, _watched())


def _watched() -> AwsRequests:
    from functions.poll_changes import app as poll_changes
    from functions.receive_webhook import app as receive_webhook
    from functions.sync_entity import app as sync_entity

    requests = AwsRequests()
    for module in (poll_changes, sync_entity, receive_webhook):
        requests.watch(module._clients)
    return requests
