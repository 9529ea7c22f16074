"""Both connections of an integration as the console, its API and the MCP server tell of them. Calls no
vendor, and reads no secret: it has no right to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from shared.bootstrap import KEPT_ALIVE, OPTIONS, SIGN_INS, Services
from shared.domain.record import record
from shared.domain.titles import title
from shared.operations.call_counts import calls_of
from shared.operations.connection_facts import Known, known
from shared.operations.poll_tasks import polled_lists
from shared.operations.reached import reached
from shared.ports import GateState

RECENT = 100
"""Runs that are looked at for whether a system was ever reached."""
State = Literal["ok", "cooling", "paused", "disconnected", "never reached"]
_SECRET = ("secret", "password", "token", "key")
"""No option is a secret; whatever sounds like one is left out all the same."""


@record
class Needed:
    """A field of the form for credentials."""

    name: str
    label: str
    help: str
    required: bool
    shown: bool


@record
class Connected:
    """`calls`: as `calls_of` gives them. `sign_in_ends`: until when a sign-in that a person made is good,
    None for a system without one. `business`: the option that is chosen after it."""

    system: str
    name: str
    state: State
    gate: GateState
    known: Known
    calls: Mapping[str, Any]
    sign_in_ends: datetime | None
    options: tuple[tuple[str, str], ...]
    webhooks: int
    signs_in: bool
    business: str


def connections(services: Services) -> list[Connected]:
    """The CRM first. About 10 requests, however much there is."""
    names = [services.flow.crm, services.flow.sage]
    stores, now = services.stores, services.clock.now()
    gates, facts = stores.gate.read(names), known(stores, names, now)
    calls = calls_of(services.integration, stores, stores.parks.count(), now)
    met = reached(names, lambda: polled_lists(services.flow), stores, stores.log.runs(RECENT))
    return [
        _connected(services, system, gates[system], facts[system], calls[system], system in met)
        for system in names
    ]


def needed(system: str) -> list[Needed]:
    """What a person has to enter, as the system's manifest says."""
    return [
        Needed(
            name,
            option.label or name.replace("_", " ").capitalize(),
            option.help,
            option.required,
            option.shown,
        )
        for name, option in OPTIONS[system].items()
        if option.secret and option.asked
    ]


def _connected(
    services: Services, system: str, gate: GateState, facts: Known, calls: Mapping[str, Any], met: bool
) -> Connected:
    options = services.integration.connections[system].options
    signs_in = system in SIGN_INS
    times = services.stores.tokens.times(system) if system in KEPT_ALIVE else None
    return Connected(
        system,
        title(system),
        _state(gate, facts, met),
        gate,
        facts,
        calls,
        times.renewable_until if times else None,
        tuple(
            (name.replace("_", " "), value)
            for name, value in sorted(options.items())
            if value and not any(word in name for word in _SECRET)
        ),
        len(services.integration.webhook_tokens.get(system, ())),
        signs_in,
        options.get(SIGN_INS[system].choice, "") if signs_in else "",
    )


def _state(gate: GateState, facts: Known, met: bool) -> State:
    if facts.ended_at is not None:
        return "disconnected"
    if gate.state != "ok":
        return gate.state
    return "ok" if met or facts.checked_at is not None else "never reached"
