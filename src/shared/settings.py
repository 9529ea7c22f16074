"""What is configured: the function's environment, and one integration.

Plain records, because the webhook function must start without pydantic. The settings *file* of the
command line is validated in `local/settings_file.py`.
"""

import os
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from shared.domain.record import record

ENTITIES = ("account", "contact", "product", "service", "quotation", "sales_order", "invoice", "user")
EVERY = "default"
"""In place of an entity: every one that has no interval of its own."""


@record
class Environment:
    """The variables that `template.yaml` sets. `allow_local` permits http and loopback, for local runs
    only."""

    state_table: str
    log_table: str
    archive_bucket: str
    token_key: str
    secret_prefix: str
    queue_prefix: str
    """Entity queues are `{queue_prefix}{entity}`: the prefix is the full URL without the entity."""
    poll_queue: str
    sweep_queue: str = ""
    entity: str = ""
    allow_local: bool = False
    log_days: int = 90
    dead_letter_prefix: str = ""
    """Like `queue_prefix`, of the queues of dead letters; only the console has it."""


def read_environment(env: Mapping[str, str] | None = None) -> Environment:
    """Reads the process environment. Raises KeyError naming the variable that is missing."""
    env = os.environ if env is None else env
    return Environment(
        state_table=env["STATE_TABLE"],
        log_table=env["LOG_TABLE"],
        archive_bucket=env["ARCHIVE_BUCKET"],
        token_key=env["TOKEN_KEY"],
        secret_prefix=env["SECRET_PREFIX"],
        queue_prefix=env["QUEUE_PREFIX"],
        poll_queue=env["POLL_QUEUE"],
        sweep_queue=env.get("SWEEP_QUEUE", ""),
        entity=env.get("ENTITY", ""),
        allow_local=env.get("ALLOW_LOCAL") == "yes",
        log_days=int(env.get("LOG_DAYS", "90")),
        dead_letter_prefix=env.get("DEAD_LETTER_PREFIX", ""),
    )


@record
class Connection:
    """One side of an integration. `options` holds everything that is not a secret (url, api, base_currency,
    …)."""

    system: str
    options: Mapping[str, str] = field(default_factory=dict)


@record
class WebhookToken:
    """Only the SHA-256 of a webhook token is kept. Two may be valid at once, so that one can be rotated."""

    digest: str
    created_at: datetime


@record
class Integration:
    """One CRM connection, one Sage connection, one flow and its settings.

    `rules` maps rule file names (`systems/sugarcrm/sales_order.toml`, `flows/….toml`) to text laid over the
    shipped file.
    """

    name: str
    flow: str
    connections: Mapping[str, Connection]
    rules: Mapping[str, str] = field(default_factory=dict)
    webhook_tokens: Mapping[str, tuple[WebhookToken, ...]] = field(default_factory=dict)
    hook_objects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """system -> vendor object -> entity: what a webhook may name. Derived from the flow when the integration
    is saved."""
    directions: Mapping[str, str] = field(default_factory=dict)
    """entity -> "off", "both" or "from SYSTEM", where the integration differs from the flow."""
    brake: Mapping[str, int] = field(default_factory=dict)
    """What a run may change without asking: `records`, and `percent` of the linked records of an entity."""
    schema: int = 1
    intervals: Mapping[str, int] = field(default_factory=dict)
    """entity, "credit_position", or EVERY for all others -> minutes between two polls of its lists. Those
    without one are polled at every tick of the clock."""


@record
class IntegrationState:
    """`live` False: only previews. `recovering_since`: every create first looks the record up, and not before
    `settle` has passed."""

    live: bool = False
    held_back: bool = False
    """A person said previews only: until a person says otherwise, no settings file makes it live again."""
    live_since: datetime | None = None
    """When it was first polled live: what was entered since then was never another program's to order."""
    recovering_since: datetime | None = None
    rules_version: str = ""
    braked: Mapping[str, str] = field(default_factory=dict)
    """"entity.system" -> why a poll of that list was stopped."""
    released: tuple[str, ...] = ()
    """Lists whose next poll may continue, whatever it changes."""
    missing: tuple[str, ...] = ()
    """Lists, as "entity.system", with records that are missing and not believed to be deleted."""
