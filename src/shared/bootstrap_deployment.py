"""The deployed stack as a function or a command sees it, with the stores that AWS keeps."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.bootstrap import Services, open_services
from shared.domain.record import record
from shared.ports import IntegrationStore, PollQueue, Stores
from shared.settings import Environment
from shared.stores.aws import dead_letters, integration_store, open_stores, poll_queue
from shared.stores.aws_clients import Clients
from shared.systems._calls import CallTally

if TYPE_CHECKING:
    from shared.bootstrap_console import Console
    from shared.ports.dead_letters import DeadLetters

SPARE = timedelta(seconds=10)
"""The part of an invocation's time that is reserved for saving its results."""


@record
class Deployment:
    """The deployed stack as one invocation of a function sees it."""

    env: Environment
    clients: Clients
    integrations: IntegrationStore
    owner: str
    deadline: datetime
    tallies: dict[str, CallTally] = field(default_factory=dict)
    """integration -> calls that are not stored yet."""

    @classmethod
    def open(cls, env: Environment, clients: Clients, context: Any) -> "Deployment":
        left = timedelta(milliseconds=context.get_remaining_time_in_millis())
        return cls(
            env,
            clients,
            integration_store(env, clients),
            f"{context.aws_request_id}-{uuid.uuid4().hex[:6]}",
            datetime.now(UTC) + left - SPARE,
        )

    @property
    def polls(self) -> PollQueue:
        return poll_queue(lambda: self.clients.sqs, self.env.poll_queue)

    @property
    def sweeps(self) -> PollQueue:
        return poll_queue(lambda: self.clients.sqs, self.env.sweep_queue, "the queue of sweeps")

    @property
    def console(self) -> "Console":
        from shared.bootstrap_console import open_console

        return open_console(
            self.env, self.clients, lambda: (self.deadline - datetime.now(UTC)).total_seconds()
        )

    @property
    def dead_letters(self) -> "DeadLetters":
        return dead_letters(lambda: self.clients.sqs, self.env)

    def stores(self, integration: str) -> Stores:
        return open_stores(self.env, integration, self.clients)

    def services(self, integration: str, refused: str = "") -> Services:
        """`refused`: see `open_services`."""
        return open_services(
            integration,
            stores=self.stores(integration),
            integrations=self.integrations,
            environment=self.env,
            owner=self.owner,
            deadline=self.deadline,
            tally=self.tallies.setdefault(integration, CallTally()),
            refused=refused,
        )

    @contextmanager
    def counting_together(self, integration: str) -> Iterator[None]:
        """The calls of all services opened inside are added at its end, in one request."""
        with self.tallies.setdefault(integration, CallTally()).together(self.stores(integration).calls):
            yield
