"""`tieout status`: what needs a person first, what is running, the state of each connection, and how many
records are open and why. The exit code is 1 when something needs a person."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import typer

from local.cli._app import FINDINGS, command, open_target, show_json
from local.cli._open import look_open, needs_somebody
from local.cli._queues import dead, poll_depth
from local.cli._refused import refused
from local.cli._same_options import JsonOption, StackOption
from local.cli._status_text import print_status
from local.cli._unread import unread
from local.stack.process import demo_root
from local.stack.process import status as local_status
from local.stack.target import Target
from shared.operations.call_counts import calls_of
from shared.operations.reached import reached
from shared.operations.silence import RUNS, silent
from shared.operations.warnings import STILL, warned
from shared.ports import Stores
from shared.settings import ENTITIES, Integration, IntegrationState

if TYPE_CHECKING:
    from shared.mapping.model import Flow

KEPT = (*ENTITIES, "poll", "sweep")
"""What has a queue of dead letters."""
UNREACHED = "not reached yet"
"""The state of a connection of which nothing was ever read: that nothing went wrong says nothing."""


@command
def status(stack: StackOption = None, as_json: JsonOption = False) -> None:
    """Show what needs a person, the connections, open records and dead letters."""
    facts: dict[str, Any] = {"stack": stack or "local"}
    if not stack:
        found = local_status()
        if found.state != "running" and demo_root().exists():
            found = local_status(demo_root())
        facts |= {"state": found.state, "home": found.root, "endpoint": found.endpoint, "pid": found.pid}
        facts |= {"unsaved": found.unsaved, "memory": dict(found.memory)}
    if stack or facts["state"] == "running":
        facts |= look(open_target(stack))
    show_json(facts) if as_json else print_status(facts)
    if needs_person(facts):
        raise typer.Exit(FINDINGS)


def look(target: Target) -> dict[str, Any]:
    """`queues`: entity -> its `messages`, and the dead letters among what it could not handle."""
    depth = target.any_stores().queue.depth
    queues = {
        name: {"messages": depth(name) if name in ENTITIES else 0, "dead": dead(target, name)}
        for name in KEPT
    }
    return {
        "console": target.address("ConsoleUrl"),
        "poll_waiting": poll_depth(target),
        "queues": {name: counts for name, counts in queues.items() if any(counts.values())},
        "integrations": [_integration(target, name) for name in target.integrations().names()],
    }


def _integration(target: Target, name: str) -> dict[str, Any]:
    integrations, stores = target.integrations(), target.stores(name)
    integration, state = integrations.load_with_state(name)
    why_refused = refused(integration)
    deaf = [] if why_refused else unread(target, integration)
    lists = cache(lambda: [] if why_refused else _lists(_flow(integration)))
    runs, now = stores.log.runs(limit=RUNS), datetime.now(UTC)
    done = [run for run in runs if run.state != "warning"]
    last, opened = done[0] if done else None, look_open(stores)
    return {
        "name": name,
        "flow": integration.flow,
        "live": state.live,
        "refused": why_refused,
        "recovering_since": state.recovering_since,
        "braked": dict(state.braked),
        "missing": _missing(state, stores),
        "warnings": warned(runs, now - STILL),
        "silent": [*silent(integration, state, done, now), *deaf],
        "intervals": dict(integration.intervals),
        "open": opened,
        "parked": (parked := stores.parks.count()),
        "calls": calls_of(integration, stores, parked, now),
        "waiting": opened["counts"]["waiting"],
        "last_run": {"id": last.run_id, "state": last.state, "message": last.message} if last else None,
        "connections": {
            system: {
                "url": integration.connections[system].options.get("url", ""),
                "state": gate.state if gate.state != "ok" or system in answered else UNREACHED,
                "until": gate.until,
                "reason": gate.reason,
            }
            for answered in [reached(integration.connections, lists, stores, done)]
            for system, gate in stores.gate.read(sorted(integration.connections)).items()
        },
    }


def _flow(integration: Integration) -> "Flow":
    from shared.mapping.compile import compile_flow

    return compile_flow(integration.flow, integration.rules, integration.directions)


def _lists(flow: "Flow") -> list[tuple[str, str]]:
    from shared.operations.poll_tasks import polled_lists

    return polled_lists(flow)


def _missing(state: IntegrationState, stores: Stores) -> dict[str, str]:
    if not state.missing:
        return {}
    from shared.operations.missing import questions

    return {one.key: one.text for one in questions(state, stores.missing) if one.text}


def needs_person(facts: Mapping[str, Any]) -> bool:
    """True for rules that are refused, dead letters, a record that failed or is held, a paused connection, a
    list stopped by the brake, records that are missing, something that should happen and does not, or a local
    stack that was killed, does not answer or cannot save its state."""
    integrations = facts.get("integrations", ())
    told = ("refused", "braked", "missing", "silent", "warnings")
    return (
        any(one.get(name) for one in integrations for name in told)
        or any(needs_somebody(one.get("open", {})) for one in integrations)
        or any(to["state"] == "paused" for one in integrations for to in one["connections"].values())
        or facts.get("state") in ("killed", "silent")
        or bool(facts.get("unsaved"))
        or any(one["dead"] for one in facts.get("queues", {}).values())
    )
