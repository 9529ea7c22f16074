"""What the storage contract suites run against: the AWS stores on moto, and their memory twins, behind one
face."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from shared.domain import codec
from shared.domain.link import ChangeEvent
from shared.ports import IntegrationStore, PollQueue, Stores
from shared.ports.sessions import ConsoleStores
from shared.settings import ENTITIES, Environment
from shared.stores.aws import integration_store, open_console, open_stores, poll_queue
from shared.stores.aws_clients import Clients
from shared.stores.memory import MemoryWorld
from shared.stores.memory.polls import Told
from tests.contract.moto_clients import PooledClients
from tests.contract.tables import log_table, state_table

START = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
REGION = "eu-west-1"


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **parts: float) -> None:
        self.time += timedelta(**parts)


class World(Protocol):
    clock: HandClock
    integrations: IntegrationStore
    console: ConsoleStores
    polls: PollQueue
    sweeps: PollQueue

    def told(self, queue: str) -> list[Told]:
        """What is visible on the queue "poll" or "sweep": integration and message, taken off it."""
        ...

    def stores(self, integration: str) -> Stores: ...
    def messages(self, entity: str) -> list[ChangeEvent]: ...


class InMemory:
    """The memory twins."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.world = MemoryWorld(self.clock.now)
        self.integrations: IntegrationStore = self.world.integrations
        self.console: ConsoleStores = self.world.console
        self.polls: PollQueue = self.world.polls
        self.sweeps: PollQueue = self.world.sweeps

    def told(self, queue: str) -> list[Told]:
        return {"poll": self.world.polls, "sweep": self.world.sweeps}[queue].receive(1000)

    def stores(self, integration: str) -> Stores:
        return self.world.stores(integration)

    def messages(self, entity: str) -> list[ChangeEvent]:
        return self.world.receive(entity, 1000)


class OnMoto:
    """The AWS stores against moto, in process. `calls` lists (service, operation) of every request."""

    def __init__(self, clients: Clients | None = None) -> None:
        self.clock = HandClock()
        self.clients = clients or PooledClients(REGION, "counted")
        self.calls: list[tuple[str, str]] = []
        self.env = _account(self.clients)
        for name in ("dynamodb", "sqs", "s3", "kms", "secretsmanager"):
            _count(getattr(self.clients, name), name, self.calls)
        self.integrations = integration_store(self.env, self.clients)
        self.console = open_console(self.env, self.clients)
        self.polls = poll_queue(lambda: self.clients.sqs, self.env.poll_queue)
        self.sweeps = poll_queue(lambda: self.clients.sqs, self.env.sweep_queue, "the queue of sweeps")

    def told(self, queue: str) -> list[Told]:
        url, found = self.env.queue_prefix + queue, list[Told]()
        while batch := self.clients.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
        ).get("Messages", []):
            for message in batch:
                found.append((message["Attributes"]["MessageGroupId"], json.loads(message["Body"])))
                self.clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def stores(self, integration: str) -> Stores:
        return open_stores(self.env, integration, self.clients, self.clock.now)

    def messages(self, entity: str) -> list[ChangeEvent]:
        url, found = self.env.queue_prefix + entity, list[ChangeEvent]()
        while batch := self.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            for message in batch:
                found.append(codec.event(codec.loads(message["Body"])))
                self.clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    @contextmanager
    def counted(self, service: str = "dynamodb") -> Iterator[list[str]]:
        """The operations that the block asked of one service."""
        operations: list[str] = []
        start = len(self.calls)
        yield operations
        operations += [operation for name, operation in self.calls[start:] if name == service]


def _count(client: Any, service: str, calls: list[tuple[str, str]]) -> None:
    events, sent = client.meta.events, f"before-send.{client.meta.service_model.service_id.hyphenize()}"
    events.unregister(sent, unique_id="counted")  # the last test's
    events.register_first(
        sent,
        lambda request, event_name, **_: calls.append((service, event_name.split(".")[-1])),
        unique_id="counted",
    )


def _account(clients: Clients) -> Environment:
    clients.dynamodb.create_table(**state_table("state"))
    clients.dynamodb.create_table(**log_table("log"))
    clients.s3.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": REGION})
    prefix = clients.sqs.create_queue(QueueName="tieout-poll")["QueueUrl"].removesuffix("poll")
    for name in (*ENTITIES, "sweep"):  # behind the API, which takes a third of the time of a short test
        sqs_backends[DEFAULT_ACCOUNT_ID][REGION].create_queue(f"tieout-{name}", {})
    return Environment(
        state_table="state",
        log_table="log",
        archive_bucket="archive",
        token_key=clients.kms.create_key()["KeyMetadata"]["KeyId"],
        secret_prefix="tieout/",
        queue_prefix=prefix,
        poll_queue=f"{prefix}poll",
        sweep_queue=f"{prefix}sweep",
    )


@contextmanager
def moto_world() -> Iterator[OnMoto]:
    with mock_aws():
        yield OnMoto()


@contextmanager
def memory_world() -> Iterator[InMemory]:
    yield InMemory()


WORLDS: dict[str, Callable[[], Any]] = {"memory": memory_world, "moto": moto_world}
