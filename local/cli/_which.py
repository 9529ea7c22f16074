"""Which of several records of one name is meant: shown with what tells them apart."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from local.cli._app import moment, on_terminal, out, plain_line
from local.cli._open import example_text
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.mapping.model import Flow
from shared.operations.find_records import Found
from shared.operations.record_facts import Facts, record_facts
from shared.ports import Stores


def which(flow: Flow, stores: Stores, found: Sequence[Found]) -> list[dict[str, Any]]:
    """Of each record what tells it apart from the others."""
    links = [one.link for one in found if one.link is not None]
    facts = record_facts(flow, stores.links, links)
    return [_one(one, facts.get(one.link.link_id) if one.link else None) for one in found]


def _one(found: Found, facts: Facts | None) -> dict[str, Any]:
    known = facts or Facts()
    outcome = found.row.outcome.kind if found.row else found.link.outcome.kind if _outcome(found) else ""  # type: ignore[union-attr]
    return {
        "entity": found.entity,
        "name": known.name or found.label,
        "number": known.number,
        "amount": known.amount,
        "currency": known.currency,
        "customer": known.customer,
        "outcome": outcome,
        "at": found.row.at if found.row else found.link.updated_at if found.link else None,
        "records": ["/".join(name) for name in sorted(found.names)],
    }


def _outcome(found: Found) -> bool:
    return found.link is not None and found.link.outcome is not None


def print_which(said: str, found: Sequence[dict[str, Any]]) -> None:
    """In a pipe one a line; on a terminal with the command that shows just one."""
    for one in found:
        example = {**one, "id": one["records"][0], "system": ""}
        at = moment(one["at"])
        if not on_terminal():
            plain_line(one["entity"], example_text(example), one["outcome"], at, *one["records"])
            continue
        out.print(
            f"{words(one['entity'])} [bold]{escape(example_text(example))}[/]  {one['outcome']} {at}",
            highlight=False,
        )
        for name in one["records"]:
            system, _, record_id = name.split("/", 2)
            out.print(Padding(escape(f"{title(system)}: {record_id}"), (0, 0, 0, 4)), highlight=False)
    if on_terminal() and found:
        number = counted(len(found), "record is", "records are")
        out.print(f"{number} called “{escape(said)}”. Say which by its id.", highlight=False)
