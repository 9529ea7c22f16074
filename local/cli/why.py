"""`tieout why RECORD`: why a record is where it is, or why it is nowhere, and what is to be done about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.padding import Padding

from local.cli._app import (
    FINDINGS,
    USAGE,
    command,
    doing,
    moment,
    on_terminal,
    open_target,
    out,
    plain_line,
    show_json,
)
from local.cli._dead_queue import in_hand
from local.cli._open import example_text
from local.cli._queues import dead
from local.cli._same_options import IntegrationOption, JsonOption, StackOption
from local.cli._services import services
from local.cli._unread import unread_lists
from local.cli._words import line
from local.cli.dead import stores_of
from local.stack.target import Target
from shared.bootstrap import Services
from shared.domain.causes import Cause, cause
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.dead_letters import DeadLetter, understood
from shared.operations.why import Why, why
from shared.operations.why_find import meant, not_asked

_WELL = ("there", "next", "not polled yet", "in hand", "only looked up", "left out")
_MOST = 20
Record = Annotated[str, typer.Argument(help="A record's id, name or number, or system/entity/id.")]


@command
def why_command(
    record: Record,
    stack: StackOption = None,
    integration: IntegrationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a record is where it is, or why it is nowhere, and what to do.

    Exit code 1 where a person has something to do. A record of which nothing is known is read from its system
    once; nothing is written.
    """
    target = open_target(stack)
    with doing("Looking") as say, services(target, integration) as opened:
        found, nowhere = look(target, opened, record, lambda: say("Asking"))
    if as_json:
        show_json(
            [facts(one) for one in found] or [{"record": None, "causes": [asdict(one) for one in nowhere]}]
        )
    elif len(found) > 1:
        _which(record, found)
    else:
        _print(found[0]) if found else _print_nowhere(record, nowhere)
    if len(found) > 1:
        raise typer.Exit(USAGE)
    if not found or found[0].causes[0].name not in _WELL:
        raise typer.Exit(FINDINGS)


def look(
    target: Target, opened: Services, record: str, asking: Callable[[], None] = lambda: None
) -> tuple[list[Why], list[Cause]]:
    """Of each record that may be meant; or why none is known."""
    names = meant(opened, record)
    asking()
    found = [_why(target, opened, name) for name in names[:_MOST]]
    return found, [] if found else [_nowhere(opened, record)]


def _why(target: Target, opened: Services, name: tuple[str, str, str]) -> Why:
    def letters(queue: str) -> Sequence[DeadLetter]:
        if not dead(target, queue):
            return ()
        with in_hand(target, [queue]) as held:
            return understood([one.letter for one in held], lambda found: stores_of(target, found))

    return why(opened, name, letters=letters, unread=unread_lists(target, opened.integration))


def _nowhere(opened: Services, record: str) -> Cause:
    closed = "".join(f" {one} was not asked." for one in not_asked(opened))
    where = " and ".join(title(system) for system in sorted(opened.integration.connections))
    return cause(
        "no such record", f"neither the log nor {where} has a record of the id or name “{record}”.{closed}"
    )


def facts(one: Why) -> dict[str, Any]:
    outcome = one.link.outcome if one.link else one.row.outcome if one.row else None
    return {
        "record": list(one.name),
        "name": one.facts.name or (one.row.label if one.row else ""),
        "number": one.facts.number,
        "amount": one.facts.amount,
        "currency": one.facts.currency,
        "customer": one.facts.customer,
        "records": {system: known[0] for system, known in one.facts.records.items()},
        "outcome": outcome.kind if outcome else None,
        "at": one.link.updated_at if one.link else one.row.at if one.row else None,
        "causes": [asdict(known) for known in one.causes],
    }


def _print(one: Why) -> None:
    if not on_terminal():
        for known in one.causes:
            plain_line("/".join(one.name), known.name, known.says, known.cure)
        return
    told = facts(one)
    head = f"{words(one.name[1])} [bold]{escape(_called(told))}[/]"
    out.print(head, highlight=False)
    named = {one.name[0]: one.name[2], **told["records"]}
    out.print(
        "; ".join(f"{title(system)} {known}" for system, known in named.items()),
        markup=False,
        highlight=False,
    )
    _print_causes(one.causes)


def _print_nowhere(record: str, causes: Sequence[Cause]) -> None:
    if on_terminal():
        _print_causes(causes)
        return
    for known in causes:
        plain_line(record, known.name, known.says, known.cure)


def _print_causes(causes: Sequence[Cause]) -> None:
    for number, known in enumerate(causes):
        says = escape(line(known.says))
        out.print(Padding(says if number else f"[bold]{says}[/]", (0, 0, 0, 2)), highlight=False)
        if known.cure:
            out.print(Padding(f"→ {escape(known.cure)}", (0, 0, 0, 4)), highlight=False)


def _called(told: Mapping[str, Any]) -> str:
    return example_text({**told, "id": told["record"][2], "system": told["record"][0]})


def _which(record: str, found: Sequence[Why]) -> None:
    for one in found:
        told = facts(one)
        if on_terminal():
            at = f"  {told['outcome']} {moment(told['at'])}" if told["outcome"] else ""
            out.print(f"{words(one.name[1])} [bold]{escape(_called(told))}[/]{at}", highlight=False)
            out.print(Padding(escape("/".join(one.name)), (0, 0, 0, 4)), highlight=False)
        else:
            plain_line("/".join(one.name), _called(told), told["outcome"] or "", one.causes[0].says)
    if on_terminal():
        out.print(
            f"{len(found)} records are called “{escape(record)}”. Say which, as above.", highlight=False
        )
