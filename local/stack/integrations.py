"""What the launcher writes about integrations: what a settings file says, and that a stack is recovering.

It uses only the storage ports.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from getpass import getuser

from local.settings_file import Entry, Settings
from shared.bootstrap import SIGN_INS
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.operations.connect import hook_objects
from shared.operations.settings_text import digest, settings_text
from shared.operations.settings_versions import FILE, Maker, meanwhile, stored_with_version
from shared.ports import IntegrationStore, Secrets
from shared.settings import ENTITIES, Connection, Integration

_TRIES = 5


def store(
    settings: Settings,
    integrations: IntegrationStore,
    secrets_of: Callable[[str], Secrets],
    say: Callable[[str], None] = lambda _: None,
    *,
    again: bool = False,
) -> None:
    """Replaces what the file sets and keeps everything else: webhook tokens and the state. An integration
    that went live stays live until `tieout sync --previews-only`, and what was set to previews only stays so
    until `tieout sync --go-live`, whatever the file says.

    `again`: the file of the last start is read once more. What was changed in the console since then stays,
    unless the file was changed too. Raises RuleInvalid where somebody changes the same settings meanwhile.
    """
    known = set(integrations.names())
    for entry in settings.integrations:
        name = entry.integration.name
        before = integrations.load(name) if name in known else None
        after = _whole(entry, before)
        if again and before is not None and _changed_elsewhere(integrations, before, after, say):
            after = before
        if not stored_with_version(integrations, before, after, Maker(user(), FILE), datetime.now(UTC)):
            raise RuleInvalid(meanwhile(name))
        state = integrations.state(name)
        if entry.live and not state.held_back:
            integrations.change_state(name, state, replace(state, live=True))
        secrets = secrets_of(name)
        for system, values in entry.secrets.items():
            secrets.put(system, values)


def user() -> str:
    """Who works at this command line."""
    try:
        return f"{getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"


def _changed_elsewhere(
    integrations: IntegrationStore, before: Integration, after: Integration, say: Callable[[str], None]
) -> bool:
    """Whether the console's settings are newer than the file's; says which of the two counts."""
    versions, wanted = integrations.versions(before.name), settings_text(after)
    if not versions or versions[0].why == FILE or wanted == settings_text(before):
        return False
    newest = versions[0]
    what = f"{before.name}: {newest.by} changed its settings ({newest.why}, {newest.at:%Y-%m-%d %H:%M} UTC)"
    last = next((one for one in versions if one.why == FILE), None)
    if last is not None and last.digest == digest(wanted):
        say(f"{what}, and the file not since then: these stay")
        return True
    say(f"{what}, and the file was changed too: the file counts, and version {newest.digest} keeps the other")
    return False


def switches(integrations: Iterable[Integration]) -> dict[str, str]:
    """The template's parameters SyncAccount, SyncContact and so on: the entities in these integrations' flows
    are on. That includes those switched off in a flow, because a webhook's hint about one must be handled
    rather than stay unread in a queue.

    Rules that do not compile switch on nothing; `store` or the integration's own log say what is wrong with
    them.
    """
    used = {name for one in integrations for name in _entities(one)}
    return {
        f"Sync{entity.title().replace('_', '')}": "yes" if entity in used else "no" for entity in ENTITIES
    }


def _entities(integration: Integration) -> list[str]:
    try:
        flow = compile_flow(integration.flow, integration.rules, integration.directions)
    except RuleInvalid:
        return []
    return list(flow.entities)


def recover(integrations: IntegrationStore, now: datetime, names: Iterable[str] | None = None) -> None:
    """From now on every create first looks the record up, until a full reconcile is done. `names`: all of
    them, where it is left out."""
    for name in integrations.names() if names is None else names:
        for _ in range(_TRIES):  # a sweep may be ending an earlier recovery
            state = integrations.state(name)
            if integrations.change_state(name, state, replace(state, recovering_since=now)):
                break


def _whole(entry: Entry, before: Integration | None) -> Integration:
    """Webhook tokens are kept; what a webhook may name follows from the flow. Raises RuleInvalid."""
    integration = entry.integration
    objects = hook_objects(compile_flow(integration.flow, integration.rules, integration.directions))
    connections = {
        system: _chosen(connection, before.connections.get(system) if before else None)
        for system, connection in integration.connections.items()
    }
    return replace(
        integration,
        connections=connections,
        webhook_tokens=before.webhook_tokens if before else {},
        hook_objects=objects,
    )


def _chosen(connection: Connection, before: Connection | None) -> Connection:
    """Keeps what a person chose when connecting the system, if the file does not set it."""
    chosen = SIGN_INS[connection.system].choice if connection.system in SIGN_INS else ""
    kept = {chosen: before.options[chosen]} if before and chosen in before.options else {}
    return replace(connection, options={**kept, **connection.options})
