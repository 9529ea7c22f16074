"""Connects a system: signs in, reports what is missing at the vendor, registers webhooks, and opens the gate
again."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from shared.bootstrap import HOOKS, Services
from shared.bootstrap_webhook import PARSERS
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.errors import SyncError
from shared.mapping.model import Flow
from shared.operations.call_limits import enough_for_polls
from shared.operations.check_prices import price_findings
from shared.operations.check_users import user_findings
from shared.operations.connection_facts import note_check
from shared.operations.defer import wake_due
from shared.operations.poll_tasks import credit_of
from shared.operations.receive_webhook import token_digest
from shared.ports import Finding, ObjectSpec
from shared.settings import Integration, WebhookToken

TOKENS_VALID = 2
"""How many of the newest tokens are valid, so that a hook with the old address works until it is replaced."""


def connect(
    services: Services,
    system: str,
    webhook_address: str | None,
    renew: bool = False,
    proved: Callable[[], None] = lambda: None,
) -> list[Finding]:
    """Returns findings in the order a person would deal with them. When none is an error, the connection is
    opened and parked records are retried.

    `proved` is called when the check found no error, before anything is changed: it stores the credentials.
    `webhook_address` is the public address of the webhook function, or None to leave webhooks alone. `renew`
    makes a new address for webhooks that a person enters at the vendor, even if there is one already.
    """
    findings = check_system(services, system)
    if any(one.level == "error" for one in findings):
        return findings
    proved()
    if webhook_address and services.systems[system].capabilities.webhooks and system in HOOKS:
        findings += _hooks(services, system, webhook_address)
    elif webhook_address and system in PARSERS and system not in HOOKS:
        findings += _by_hand(services, system, webhook_address, renew)
    services.stores.gate.open(system)
    woken = wake_due(services.stores, services.clock.now() + timedelta(days=3))
    if woken:
        findings.append(Finding("ok", "parked records", f"Retrying {counted(woken, 'parked record')} now."))
    return findings


def check_system(services: Services, system: str) -> list[Finding]:
    """What the vendor's own field list says about the rules, and whether the credentials work: each system
    signs in anew for it, whatever token is stored."""
    findings = _looked(services, system)
    note_check(services.stores, system, findings, services.clock.now())
    return findings


def _looked(services: Services, system: str) -> list[Finding]:
    try:
        findings = services.systems[system].check(specs_of(services.flow, system))
        if any(one.level == "error" for one in findings):
            return findings
        tables = services.context().tables.of(system)
        findings += user_findings(services, system)
        findings += price_findings(services, system)
        findings += enough_for_polls(services, system)
    except SyncError as fault:
        return [Finding("error", system, str(fault))]
    return [
        *findings,
        *(Finding("ok", words(name), f"{len(rows)} read.") for name, rows in tables.items()),
    ]


def specs_of(flow: Flow, system: str) -> list[ObjectSpec]:
    credit = credit_of(flow)
    balances = [credit.map.spec] if credit is not None and credit.crm == system else []
    return [
        entity.maps[system].spec
        for entity in flow.entities.values()
        if system in entity.maps and not entity.off
    ] + balances


def hook_objects(flow: Flow) -> dict[str, Mapping[str, str]]:
    """system -> vendor object -> entity, for every entity of the flow."""
    found: dict[str, dict[str, str]] = {}
    for entity in [one for one in flow.entities.values() if not one.off]:
        for system, object_map in entity.maps.items():
            found.setdefault(system, {})[object_map.spec.object] = entity.entity
    return dict(found)


def with_new_token(integration: Integration, system: str, services: Services) -> tuple[Integration, str]:
    """The integration with one more webhook token, and the token itself, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    fresh = WebhookToken(token_digest(token), services.clock.now())
    tokens = (fresh, *integration.webhook_tokens.get(system, ()))[:TOKENS_VALID]
    return replace(integration, webhook_tokens={**integration.webhook_tokens, system: tokens}), token


def _hooks(services: Services, system: str, address: str) -> list[Finding]:
    base, objects = _new_address(services, system, address)
    return HOOKS[system](
        services.systems[system],
        lambda name, event: f"{base}?object={name}&event={event}",
        objects,
        f"tieout {services.integration.name}",
    )


def _by_hand(services: Services, system: str, address: str, renew: bool) -> list[Finding]:
    """Addresses for a vendor whose webhooks must be entered by hand. They are shown once, because the token
    in them is stored nowhere."""
    if services.integration.webhook_tokens.get(system) and not renew:
        return [
            Finding(
                "ok",
                "webhooks",
                f"The address was shown when it was made. `tieout connect {system} --hooks` makes a new one; "
                "the old one stays valid until another is made.",
            )
        ]
    base, objects = _new_address(services, system, address)
    return [
        Finding(
            "ok",
            f"webhook for {name}",
            f"Have {title(system)} send POST {base}?object={name} when such a record is saved. The address "
            "contains a token: treat it like a password.",
        )
        for name in objects
    ]


def _new_address(services: Services, system: str, address: str) -> tuple[str, list[str]]:
    integration, token = with_new_token(services.integration, system, services)
    services.integrations.save(integration)
    services.integration = integration
    base = f"{address.rstrip('/')}/{integration.name}/{system}/{token}"
    return base, sorted(hook_objects(services.flow).get(system, {}))
