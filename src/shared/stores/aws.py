"""Opens the stores of an integration on AWS. Nothing is imported or connected before it is needed.

The webhook function needs `integration_store` and `event_queue` only, and these load neither S3 nor KMS.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.settings import Environment

if TYPE_CHECKING:
    from shared.ports import EventQueue, IntegrationStore, PollQueue, Stores
    from shared.ports.dead_letters import DeadLetters
    from shared.ports.sessions import ConsoleStores
    from shared.stores.aws_clients import Clients


def utc_now() -> datetime:
    return datetime.now(UTC)


def integration_store(env: Environment, clients: "Clients") -> "IntegrationStore":
    """Which integrations this stack serves."""
    from shared.stores._table import Table
    from shared.stores.aws_integrations import AwsIntegrationStore

    return AwsIntegrationStore(Table(clients.dynamodb, env.state_table))


def event_queue(env: Environment, clients: "Clients") -> "EventQueue":
    """The entity queues, which all integrations share."""
    from shared.stores.aws_queue import AwsEventQueue

    return AwsEventQueue(lambda: clients.sqs, env.queue_prefix)


def poll_queue(client: Callable[[], Any], url: str, name: str = "the queue of polls") -> "PollQueue":
    from shared.stores.aws_poll_queue import AwsPollQueue

    return AwsPollQueue(client, url, name)


def open_console(env: Environment, clients: "Clients") -> "ConsoleStores":
    """What the console keeps for the whole stack."""
    from shared.ports.sessions import ConsoleStores
    from shared.stores import _table, aws_audit, aws_provider, aws_sessions

    state = _table.Table(clients.dynamodb, env.state_table)
    provider = aws_provider.AwsProviderStore(
        lambda: clients.ssm,
        lambda: clients.secretsmanager,
        aws_provider.parameter_name(env.secret_prefix),
        clients.providers,
    )
    return ConsoleStores(
        aws_sessions.AwsSessionStore(state),
        aws_sessions.AwsSignInStore(state),
        provider,
        aws_audit.AwsAuditTrail(_table.Table(clients.dynamodb, env.log_table)),
    )


def dead_letters(client: Callable[[], Any], env: Environment) -> "DeadLetters":
    """Those of all queues of this stack."""
    from shared.stores.aws_dead_letters import AwsDeadLetters

    return AwsDeadLetters(client, env)


def open_stores(
    env: Environment, integration: str, clients: "Clients", now: Callable[[], datetime] = utc_now
) -> "Stores":
    """All storage of one integration. Raises RuleInvalid for a name that cannot be a key."""
    from shared.ports import Stores
    from shared.stores import (
        _link_commit,
        _link_rows,
        _log_rows,
        _table,
        aws_archive,
        aws_asked,
        aws_cache,
        aws_calls,
        aws_cursors,
        aws_decisions,
        aws_gate,
        aws_lanes,
        aws_links,
        aws_log,
        aws_missing,
        aws_parks,
        aws_secrets,
        aws_sweeps,
        aws_tokens,
        aws_waits,
        body,
    )

    state = _table.Table(clients.dynamodb, env.state_table)
    log = _table.Table(clients.dynamodb, env.log_table)
    bodies = body.Bodies(lambda: clients.s3, env.archive_bucket)
    link_rows = _link_rows.LinkRows(integration, bodies)
    log_rows = _log_rows.LogRows(integration, bodies, env.log_days)
    commits = _link_commit.LinkCommit(clients.dynamodb, env.state_table, link_rows)
    return Stores(
        integration=integration,
        links=aws_links.AwsLinkStore(state, link_rows, commits),
        missing=aws_missing.AwsMissingStore(state, integration),
        waits=aws_waits.AwsWaitStore(state, integration),
        parks=aws_parks.AwsParkStore(state, integration),
        gate=aws_gate.AwsGate(state, integration, now),
        lanes=aws_lanes.AwsLanes(state, integration),
        cursors=aws_cursors.AwsCursors(state, integration),
        log=aws_log.AwsSyncLog(log, integration, log_rows, bodies, env.log_days, now),
        queue=event_queue(env, clients),
        archive=aws_archive.AwsArchive(lambda: clients.s3, env.archive_bucket, integration, now),
        tokens=aws_tokens.AwsTokenStore(
            state, lambda: clients.kms, env.token_key, integration, clients.opened
        ),
        secrets=aws_secrets.AwsSecrets(
            lambda: clients.secretsmanager, env.secret_prefix, integration, clients.secrets
        ),
        cache=aws_cache.AwsCache(state, integration),
        decisions=aws_decisions.AwsDecisionStore(state, integration),
        sweeps=aws_sweeps.AwsSweepParts(lambda: clients.s3, env.archive_bucket, integration),
        calls=aws_calls.AwsCallCounts(state, integration),
        asked=aws_asked.AwsAskedStore(state, lambda: clients.kms, env.token_key, integration),
    )
