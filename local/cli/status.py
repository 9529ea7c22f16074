"""`tieout status`: what is running, the state of each connection, and what is waiting where. The exit code is
1 when something needs a person."""

from datetime import UTC, datetime
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from local.cli._app import FINDINGS, JsonOption, StackOption, command, moment, open_target, out, show_json
from local.cli._queues import dead, poll_depth
from local.cli._unread import unread
from local.stack.process import demo_root
from local.stack.process import status as local_status
from local.stack.target import Target
from shared.domain.wording import counted, words
from shared.operations.missing import questions
from shared.operations.silence import RUNS, silent
from shared.operations.warnings import STILL, warned
from shared.settings import ENTITIES


@command
def status(stack: StackOption = None, as_json: JsonOption = False) -> None:
    """Show the stack: integrations, connections, queues and dead letters."""
    facts: dict[str, Any] = {"stack": stack or "local"}
    if not stack:
        found = local_status()
        if found.state != "running" and demo_root().exists():
            found = local_status(demo_root())
        facts |= {"state": found.state, "home": found.root, "endpoint": found.endpoint, "pid": found.pid}
        facts |= {"unsaved": found.unsaved, "memory": dict(found.memory)}
    if stack or facts["state"] == "running":
        facts |= look(open_target(stack))
    show_json(facts) if as_json else _print(facts)
    if needs_person(facts):
        raise typer.Exit(FINDINGS)


def look(target: Target) -> dict[str, Any]:
    queues = {
        entity: {"waiting": target.any_stores().queue.depth(entity), "dead": dead(target, entity)}
        for entity in ENTITIES
    }
    return {
        "console": target.address("ConsoleUrl"),
        "poll_waiting": poll_depth(target),
        "queues": {entity: counts for entity, counts in queues.items() if any(counts.values())},
        "integrations": [_integration(target, name) for name in target.integrations().names()],
    }


def _integration(target: Target, name: str) -> dict[str, Any]:
    integrations, stores = target.integrations(), target.stores(name)
    integration, state = integrations.load(name), integrations.state(name)
    gates = stores.gate.read(sorted(integration.connections))
    runs, now = stores.log.runs(limit=RUNS), datetime.now(UTC)
    done = [run for run in runs if run.state != "warning"]
    last = done[0] if done else None
    return {
        "name": name,
        "flow": integration.flow,
        "live": state.live,
        "recovering_since": state.recovering_since,
        "braked": dict(state.braked),
        "missing": {one.key: one.text for one in questions(state, stores.missing) if one.text},
        "warnings": warned(runs, now - STILL),
        "silent": [*silent(integration, state, done, now), *unread(target, integration)],
        "intervals": dict(integration.intervals),
        "parked": stores.parks.count(),
        "waiting": len(stores.waits.all()),
        "last_run": {"id": last.run_id, "state": last.state, "message": last.message} if last else None,
        "connections": {
            system: {
                "url": integration.connections[system].options.get("url", ""),
                "state": gate.state,
                "until": gate.until,
                "reason": gate.reason,
            }
            for system, gate in gates.items()
        },
    }


def needs_person(facts: dict[str, Any]) -> bool:
    """True for dead letters, a paused connection, a list stopped by the brake, records that are missing,
    something that should happen and does not, or a local stack that was killed, does not answer or cannot
    save its state."""
    told = ("braked", "missing", "silent", "warnings")
    if any(integration.get(name) for integration in facts.get("integrations", ()) for name in told):
        return True
    paused = any(
        connection["state"] == "paused"
        for integration in facts.get("integrations", ())
        for connection in integration["connections"].values()
    )
    return (
        paused
        or facts.get("state") in ("killed", "silent")
        or bool(facts.get("unsaved"))
        or any(one["dead"] for one in facts.get("queues", {}).values())
    )


def _print(facts: dict[str, Any]) -> None:
    if "state" in facts:
        out.print(
            f"Local stack: [bold]{facts['state']}[/]  {facts['endpoint']}  {facts['home']}", highlight=False
        )
    if facts.get("state") == "silent":
        out.print(
            f"Its process {facts['pid']} is there but does not answer: the machine may be very busy, or the "
            "process was stopped. It may go on writing; `tieout down` ends it."
        )
    if facts.get("unsaved"):
        out.print(
            f"[bold red]Its state cannot be saved[/]: {escape(facts['unsaved'])}. Nothing new is begun until "
            "it can: make room on the disk. Nothing is lost, and it goes on by itself.",
            highlight=False,
        )
    if (memory := facts.get("memory") or {}).get("emulator"):
        out.print(
            f"Memory: {memory['emulator']} MB; {counted(memory['handlers'], 'handler')} "
            f"{memory['handlers_mb']} MB",
            highlight=False,
        )
    for integration in facts.get("integrations", ()):
        _print_integration(integration)
    if facts.get("console"):
        out.print(f"Console: {facts['console']}", highlight=False)
    table = Table("queue", "waiting", "dead letters", title=None, box=None)
    for entity, counts in facts.get("queues", {}).items():
        table.add_row(entity, str(counts["waiting"]), f"[red]{counts['dead']}[/]" if counts["dead"] else "0")
    if table.row_count:
        out.print(table)


def _print_integration(integration: dict[str, Any]) -> None:
    mode = "live" if integration["live"] else "previews only"
    out.print(
        f"\n[bold]{integration['name']}[/]  {integration['flow']}  {mode}  "
        f"{integration['parked']} parked, {integration['waiting']} waiting",
        highlight=False,
    )
    if integration["recovering_since"]:
        since = moment(integration["recovering_since"])
        out.print(f"  recovering since {since}: every record is looked up before a new one is made")
    if integration["intervals"]:
        named = ", ".join(f"{words(name)} {minutes}" for name, minutes in integration["intervals"].items())
        out.print(f"  minutes between polls: {named}", highlight=False)
    for warning in integration["warnings"]:
        out.print(f"  [yellow]warning[/] {warning}", highlight=False)
    for told in integration["silent"]:
        out.print(f"  [yellow]silent[/] {told}", highlight=False)
    for key, why in integration["braked"].items():
        out.print(f"  [yellow]stopped[/] {key}: {why}", highlight=False)
    for key, why in integration["missing"].items():
        out.print(f"  [yellow]missing[/] {key}: {why}", highlight=False)
    for system, connection in integration["connections"].items():
        until = f" until {moment(connection['until'])}" if connection["until"] else ""
        out.print(
            f"  {system}: {connection['state']}{until}  {connection['url']}  {connection['reason']}",
            highlight=False,
        )
