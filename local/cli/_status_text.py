"""What `tieout status` prints: what needs a person first, then what goes on by itself."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape

from local.cli._app import moment, out
from local.cli._calls import lines
from local.cli._open import counts_text, print_groups
from local.cli._tables import show_table
from shared.domain.wording import counted, words


def print_status(facts: Mapping[str, Any]) -> None:
    _print_stack(facts)
    _print_dead(facts.get("queues", {}))
    for integration in facts.get("integrations", ()):
        _print_integration(integration)
    if facts.get("console"):
        out.print(f"\nConsole: {facts['console']}", highlight=False)
    _print_queues(facts)


def _print_stack(facts: Mapping[str, Any]) -> None:
    if "state" in facts:
        out.print(
            f"Local stack: [bold]{facts['state']}[/]  {facts['endpoint']}  {escape(facts['home'])}",
            highlight=False,
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


def _print_dead(queues: Mapping[str, Any]) -> None:
    dead = {name: counts["dead"] for name, counts in queues.items() if counts["dead"]}
    if dead:
        named = ", ".join(f"{number} of {words(name)}" for name, number in dead.items())
        letters = counted(sum(dead.values()), "dead letter")
        out.print(f"[red]{letters}[/]: {named}. `tieout dead` shows which, and why.", highlight=False)


def _print_integration(integration: Mapping[str, Any]) -> None:
    mode = "live" if integration["live"] else "previews only"
    out.print(f"\n[bold]{integration['name']}[/]  {integration['flow']}  {mode}", highlight=False)
    _print_refused(integration.get("refused", ""))
    for system, connection in integration["connections"].items():
        if connection["state"] == "paused":
            out.print(f"  [red]paused[/] {system}: {escape(connection['reason'])}", highlight=False)
    for warning in integration["warnings"]:
        out.print(f"  [yellow]warning[/] {escape(warning)}", highlight=False)
    for told in integration["silent"]:
        out.print(f"  [yellow]silent[/] {escape(told)}", highlight=False)
    for key, why in integration["braked"].items():
        out.print(f"  [yellow]stopped[/] {key}: {escape(why)}", highlight=False)
    for key, why in integration["missing"].items():
        out.print(f"  [yellow]missing[/] {key}: {escape(why)}", highlight=False)
    print_groups(integration["open"])
    out.print(f"Records: {counts_text(integration['open'], integration['parked'])}.", highlight=False)
    for line in lines(integration.get("calls", {})):
        out.print(line, highlight=False)
    _print_mode(integration)


def _print_refused(refused: str) -> None:
    """Nothing else that is said of the integration moves before this is mended."""
    for number, fault in enumerate(refused.splitlines()):
        begin = "  [red]refused[/] nothing is synchronised, because this release refuses the stored rules: "
        out.print((begin if number == 0 else "    ") + escape(fault), highlight=False)
    if refused:
        out.print(
            "    Mend the rules (`tieout check --settings FILE` tells all faults), and store them with "
            "`tieout connect SYSTEM --settings FILE`; or deploy the release before again.",
            highlight=False,
        )


def _print_mode(integration: Mapping[str, Any]) -> None:
    if integration["recovering_since"]:
        since = moment(integration["recovering_since"])
        out.print(f"Recovering since {since}: every record is looked up before a new one is made")
    if integration["intervals"]:
        named = ", ".join(f"{words(name)} {minutes}" for name, minutes in integration["intervals"].items())
        out.print(f"Minutes between polls: {named}", highlight=False)
    for system, connection in integration["connections"].items():
        until = f" until {moment(connection['until'])}" if connection["until"] else ""
        reason = "" if connection["state"] == "paused" else connection["reason"]
        out.print(
            f"{system}: {connection['state']}{until}  {connection['url']}  {escape(reason)}".rstrip(),
            highlight=False,
        )


def _print_queues(facts: Mapping[str, Any]) -> None:
    """Messages, not records: one that is being handled counts, and one for a record that needs nothing."""
    rows = [
        (words(name), str(counts["messages"]), str(counts["dead"]))
        for name, counts in facts.get("queues", {}).items()
    ]
    if facts.get("poll_waiting"):
        rows.append(("to poll", str(facts["poll_waiting"]), ""))
    show_table(("queue", "messages", "dead letters"), rows)
