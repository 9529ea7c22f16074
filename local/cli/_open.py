"""What is open in one integration, as `status` counts and shows it: the same for a person and as JSON."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from local.cli._app import moment, on_terminal, out, plain_line
from local.cli._words import line
from shared.domain.open_outcomes import NEED_A_PERSON, OPEN
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.open_groups import Group, open_groups
from shared.operations.open_records import open_records
from shared.operations.record_facts import Facts, agreed_facts
from shared.ports import Stores
from shared.settings import ENTITIES

COLOURS = {"failed": "red", "held": "red", "skipped": "yellow", "waiting": "yellow"}
_INDENT = 9


def look_open(stores: Stores) -> dict[str, Any]:
    """`counts`: kind -> records; of the kinds in `at_least` there are more than were counted."""
    found = open_records(stores, ENTITIES)
    groups = open_groups(found)
    facts = {group.example.link_id: agreed_facts(group.example) for group in groups}
    return {
        "counts": {kind: found.counts.get(kind, 0) for kind in OPEN},
        "at_least": sorted(found.cut),
        "groups": [_group(group, facts[group.example.link_id]) for group in groups],
    }


def needs_somebody(found: Mapping[str, Any]) -> bool:
    """Whether something failed, or is held."""
    return any(found.get("counts", {}).get(kind) for kind in NEED_A_PERSON)


def _group(group: Group, facts: Facts) -> dict[str, Any]:
    link = group.example
    return {
        "outcome": group.kind,
        "entity": group.entity,
        "rule": group.rule,
        "field": group.field,
        "records": len(group.links),
        "at_least": group.more,
        "since": group.since,
        "reason": group.reason,
        "example": {
            "system": link.origin_system,
            "id": link.origin_id,
            "name": facts.name,
            "number": facts.number,
            "amount": facts.amount,
            "currency": facts.currency,
            "customer": facts.customer,
        },
    }


def counts_text(found: Mapping[str, Any], parked: int) -> str:
    """ "2 held, 1 skipped, 4 waiting, 5 parked": records, whatever is in the queues."""
    parts = [
        f"{'at least ' if kind in found['at_least'] else ''}{number} {kind}"
        for kind, number in found["counts"].items()
        if number
    ]
    return ", ".join(parts + ([f"{parked} parked"] if parked else [])) or "nothing is open"


def print_groups(found: Mapping[str, Any]) -> None:
    """What needs a person first. In a pipe one line a group, its parts between tabs."""
    for group in found["groups"]:
        if on_terminal():
            _print_group(group)
        else:
            plain_line(*_columns(group))


def _print_group(group: Mapping[str, Any]) -> None:
    kind = group["outcome"]
    since = f", {'the oldest ' if group['records'] > 1 else ''}since {moment(group['since'])[:16]}"
    head = f"[{COLOURS[kind]}]{kind:<{_INDENT}}[/]{_number(group)}{since}"
    out.print(head, highlight=False)
    example = f"[bold]{escape(example_text(group['example']))}[/]: {escape(line(group['reason']))}"
    out.print(Padding(example, (0, 0, 0, _INDENT)), highlight=False)


def _columns(group: Mapping[str, Any]) -> Iterator[str]:
    yield group["outcome"]
    yield _number(group)
    yield moment(group["since"])
    yield example_text(group["example"])
    yield group["example"]["id"]
    yield group["reason"]


def _number(group: Mapping[str, Any]) -> str:
    number = counted(group["records"], f"{words(group['entity'])} record")
    return f"{'at least ' if group['at_least'] else ''}{number}"


def example_text(example: Mapping[str, Any]) -> str:
    """ "Fenwick: timber decking, 1032 (250.00 GBP, Smith & Co)"; a record without a name has its id."""
    name, number = line(example["name"]), line(example["number"])
    named = name if not number or number in name else f"{name}, {number}" if name else number
    amount = money(example["amount"], example["currency"])
    behind = ", ".join(part for part in (amount, line(example["customer"])) if part and part not in named)
    shown = named or f"{example['id']} in {title(example['system'])}"
    return f"{shown} ({behind})" if behind else shown


def money(amount: Decimal | None, currency: str) -> str:
    """ "1,250.00 GBP"; "" for no amount. Two places at least, and all that it has."""
    if amount is None:
        return ""
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{amount:,.{places}f} {currency}".strip()
