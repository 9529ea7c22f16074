"""`tieout dead`: which dead letters there are, of which record and why, by cause; one, a group or all of them
sent back to be tried again, or dropped."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.padding import Padding

from local.cli._app import (
    FINDINGS,
    Usage,
    command,
    doing,
    moment,
    on_terminal,
    open_target,
    out,
    plain_line,
    show_json,
)
from local.cli._asking import to_be_confirmed
from local.cli._dead_queue import drop, in_hand, send_back
from local.cli._replayed import follow, print_became
from local.cli._same_options import JsonOption, QueueArgument, StackOption, YesOption
from local.cli._words import line
from local.stack.target import Target
from shared.domain.wording import counted, words
from shared.operations.dead_letters import DeadLetter, groups, understood
from shared.ports import Stores
from shared.ports.dead_letters import QUEUES

_SHOWN = 5
"""Letters of a group that a terminal shows; `--ids` shows all."""


@command
def dead(
    entity: QueueArgument = None,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="ID", help="This letter: its id, or how that begins. Repeatable."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="GROUP", help="All of this cause, as listed. Repeatable."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All that there are, of the entity or of any.")
    ] = False,
    replay: Annotated[bool, typer.Option("--replay", help="Send them back to be tried again.")] = False,
    drop_them: Annotated[bool, typer.Option("--drop", help="Delete them for good.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="With --replay: say what became of them.")] = False,
    yes: YesOption = False,
    whole: Annotated[bool, typer.Option("--ids", help="Show every letter, with its id.")] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """List dead letters by cause; replay or drop one, a group, or all. Exit code 1 while there are any."""
    if entity is not None and entity not in QUEUES:
        raise Usage(f"There is no queue “{entity}”; choose one of {', '.join(QUEUES)}.")
    if replay and drop_them:
        raise Usage("Either --replay or --drop.")
    if (replay or drop_them) and not (ids or group or every):
        raise Usage("Say which: --id ID, --group GROUP, or --all. `tieout dead` lists them.")
    if drop_them:
        to_be_confirmed(yes, as_json)
    target, began = open_target(stack), datetime.now(UTC)
    with doing("Looking"), in_hand(target, (entity,) if entity else QUEUES) as held:
        found = understood([one.letter for one in held], lambda name: stores_of(target, name))
        picked = _picked(found, ids or (), group or (), every) if ids or group or every else found
        act = [one for one, is_of in zip(held, found, strict=True) if is_of in picked]
        if replay:
            for one in act:
                send_back(target, one)
    if drop_them:
        _drop(target, picked, entity, yes, as_json)
    elif replay:
        _told_replayed(target, picked, began, wait, as_json)
    else:
        _show(picked, whole, as_json)


def stores_of(target: Target, integration: str) -> Stores | None:
    return target.stores(integration) if integration in target.integrations().names() else None


def _picked(
    found: Sequence[DeadLetter], ids: Sequence[str], wanted: Sequence[str], every: bool
) -> list[DeadLetter]:
    """Raises Usage for an id or a group of which there is none, or an id that begins several."""
    if every:
        return [*found]
    picked = []
    for said in ids:
        begun = [one for one in found if one.letter.id.startswith(said)]
        if len(begun) != 1:
            many = f"{len(begun)} dead letters begin with" if begun else "There is no dead letter"
            raise Usage(f"{many} “{said}”; `tieout dead --ids` lists them.")
        picked += begun
    known = groups(found)
    for said in wanted:
        if said not in known:
            raise Usage(f"There is no group “{said}”; `tieout dead` lists them.")
        picked += known[said]
    return [one for one in found if one in picked]


def _drop(target: Target, picked: Sequence[DeadLetter], entity: str | None, yes: bool, as_json: bool) -> None:
    """Asked before anything is gone; then looked for again, by id."""
    letters = counted(len(picked), "dead letter")
    if not picked:
        _nothing(as_json)
        return
    if not yes:
        _print(picked, whole=True)
        typer.confirm(
            f"Delete {letters} for good? No record is changed; what was to be carried over goes with its "
            "next change, or not at all.",
            abort=True,
        )
    wanted = {one.letter.id for one in picked}
    with in_hand(target, sorted({one.letter.queue for one in picked})) as held:
        gone = [one for one in held if one.letter.id in wanted]
        for one in gone:
            drop(one)
    if as_json:
        show_json({"dropped": [one.letter.id for one in gone]})
        return
    left = len(picked) - len(gone)
    out.print(
        f"{counted(len(gone), 'dead letter')} deleted." + (f" {left} were gone already." if left else "")
    )


def _told_replayed(
    target: Target, picked: Sequence[DeadLetter], began: datetime, wait: bool, as_json: bool
) -> None:
    if not picked:
        _nothing(as_json)
        return
    became = follow(target, picked, began) if wait else []
    if as_json:
        show_json({"replayed": [one.letter.id for one in picked], "became": became})
        return
    out.print(f"{counted(len(picked), 'dead letter')} sent back to be tried again.")
    if wait:
        print_became(became)
    else:
        out.print("`tieout log` shows what becomes of them; with --wait this command does.")


def _nothing(as_json: bool) -> None:
    if as_json:
        show_json([])
    else:
        out.print("There are no dead letters.")


def _show(found: Sequence[DeadLetter], whole: bool, as_json: bool) -> None:
    if as_json:
        show_json([facts(one) for one in found])
    elif not found:
        _nothing(False)
    else:
        _print(found, whole)
    if found:
        raise typer.Exit(FINDINGS)


def facts(one: DeadLetter) -> dict[str, Any]:
    event = one.event
    return {
        "id": one.letter.id,
        "queue": one.letter.queue,
        "group": one.group,
        "sent_at": one.letter.sent_at,
        "integration": one.integration,
        "record": list(event.subject) if event else None,
        "name": one.name,
        "about": one.about,
        "cause": one.cause,
        "failed": one.failed,
    }


def _print(found: Sequence[DeadLetter], whole: bool) -> None:
    """In a pipe one a line: group, queue, id, since, integration, about, name, cause."""
    for name, letters in groups(found).items():
        if not on_terminal():
            for one in letters:
                about = one.letter.queue, one.letter.id, moment(one.letter.sent_at), one.integration
                plain_line(name, *about, one.about, one.name, one.cause)
            continue
        first = letters[0]
        head = f"{counted(len(letters), 'dead letter')} of {words(first.letter.queue)}"
        out.print(f"[red]{head}[/]  --group {name}", highlight=False)
        out.print(Padding(escape(line(first.cause)), (0, 0, 0, 4)), highlight=False)
        for one in letters if whole else letters[:_SHOWN]:
            _print_one(one, whole)
        if len(letters) > _SHOWN and not whole:
            out.print(f"    and {len(letters) - _SHOWN} more (--ids)", highlight=False)


def _print_one(one: DeadLetter, whole: bool) -> None:
    named = f"{line(one.name)}, {line(one.about)}" if one.name else line(one.about)
    since = f", since {moment(one.letter.sent_at)[:16]}" if one.letter.sent_at else ""
    shown = f"- {escape(named)}{since}" + (f"\n  --id {one.letter.id}" if whole else "")
    out.print(Padding(shown, (0, 0, 0, 4)), highlight=False)
