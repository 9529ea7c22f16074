"""One integration wired up for a command: the same services that the functions use, in this process.

It is for commands that call the vendors themselves: the addresses in the settings are then called from this
machine.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from local.cli._app import pick
from shared.bootstrap import Services, open_services
from shared.operations.proposed import Stack

PATIENCE = timedelta(minutes=30)


@contextmanager
def services(target: Stack, integration: str | None) -> Iterator[Services]:
    """Raises RuleInvalid for rules that do not compile, Usage when the integration is not clear."""
    name = pick(target, integration)
    opened = open_services(
        name,
        stores=target.stores(name),
        integrations=target.integrations(),
        environment=target.environment,
        owner=f"cli-{os.getpid()}",
        deadline=datetime.now(UTC) + PATIENCE,
    )
    try:
        yield opened
    finally:
        opened.close()
