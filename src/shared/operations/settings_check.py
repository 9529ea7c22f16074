"""What may be said in an integration's settings beside its rules: the same sentences for a settings file and
for the console."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.directions import OFF, OTHERS
from shared.mapping.model import Flow
from shared.mapping.shapes import ended, near, plain
from shared.mapping.source import choose
from shared.operations.poll_tasks import CREDIT
from shared.operations.settings_text import Parts
from shared.settings import EVERY

LEAST, MOST = 5, 1440
"""Minutes between two polls of a list."""
POLLED = ("account", "contact", "product", "service", "quotation", "sales_order", "invoice", CREDIT)


def faults_of(parts: Parts) -> list[str]:
    """Everything that is wrong, a sentence each: where, what, and what is allowed."""
    try:
        flow: Flow | None = compile_flow(parts.flow, parts.rules)
        told = list[str]()
    except RuleInvalid as fault:
        flow, told = None, str(fault).splitlines()
    wrong = direction_faults(parts.flow, parts.directions, parts.rules if flow else {})
    found = [f"directions.{entity}: {what}" for entity, what in wrong]
    found += [f"brake.{name}: {what}" for name, what in brake_faults(parts.brake)]
    found += [f"interval.{name}: {what}" for name, what in interval_faults(parts.intervals, flow)]
    return [*found, *told]


def direction_faults(
    flow: str, stated: Mapping[str, Any], rules: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """(entity, sentence): each direction by itself, and those that can be, together, for which entities need
    each other is known to the flow."""
    try:
        compiled = compile_flow(flow, rules)
    except RuleInvalid:
        return
    known = [*compiled.entities, OTHERS]
    allowed = ["both", f"from {compiled.crm}", f"from {compiled.sage}", OFF]
    fine: dict[str, str] = {}
    for entity, way in stated.items():
        if entity not in known:
            yield entity, f"this flow has no entity {entity}; {choose(entity, known)}"
        elif isinstance(way, str) and way not in allowed:
            yield entity, f'"{way}" is not a direction; {choose(way, allowed)}'
        elif isinstance(way, str):
            fine[entity] = way
    try:
        compile_flow(flow, rules, fine)
    except RuleInvalid as fault:
        for said in str(fault).splitlines():
            named = _named(said, fine)
            yield named, re.split(rf"(?:directions\.)?{named}(?:\.direction)?: ", said, maxsplit=1)[-1]


def _named(said: str, directions: Mapping[str, str]) -> str:
    """The entity whose direction is at fault."""
    marks = ((one, (f"directions.{one}:", f" {one}.direction:")) for one in directions)
    return next((one for one, own in marks if any(mark in said for mark in own)), next(iter(directions), ""))


def brake_faults(stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, most in (("records", None), ("percent", 100)):
        given = stated.get(name)
        if given is None:
            continue
        if not isinstance(given, int) or given < 1 or (most is not None and given > most):
            upper = f" to {most}" if most is not None else " or more"
            yield name, f"{_quoted(given)} is no limit: write a whole number, 1{upper}"


def interval_faults(stated: Mapping[str, Any], flow: Flow | None) -> Iterator[tuple[str, str]]:
    known = interval_names(flow)
    for name, minutes in stated.items():
        if name not in known:
            said = f"there is no list '{name}' to poll; there are {', '.join(known)}{near(name, known)}"
            yield name, ended(said)
        elif not isinstance(minutes, int) or not LEAST <= minutes <= MOST:
            yield name, f"{_quoted(minutes)} is no interval: write minutes, {LEAST} to {MOST}."


def interval_names(flow: Flow | None) -> list[str]:
    """What an interval may be given for; where the flow is not known, anything that some flow polls."""
    if flow is None:
        return [EVERY, *POLLED]
    return [EVERY, *(name for name in flow.entities if name in POLLED), CREDIT]


def _quoted(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else plain(value)
