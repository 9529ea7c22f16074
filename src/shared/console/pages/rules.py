"""All that is a setting, as text: directions, schedule and brake as one, each rule file by itself. It needs
no rules that compile, so that it is there when a release refuses them."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from shared.console.pages.review import review
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record, replace
from shared.mapping.toml_text import document
from shared.operations.mapping_edit import with_texts
from shared.operations.settings_check import faults_of
from shared.operations.settings_text import Parts, digest, parts_of, settings_text

_TABLES = ("directions", "brake", "interval")


@record
class File:
    """`wrong`: what is said against it."""

    name: str
    text: str
    wrong: bool


def show(visit: Visit) -> Reply:
    parts = parts_of(visit.services.integration)
    return _page(visit, parts, _table_text(parts), faults_of(parts))


def reviewed(visit: Visit) -> Reply:
    """What was written, checked: all faults at once, or the change that it comes to."""
    stored = parts_of(visit.services.integration)
    form = {name: values[0] for name, values in visit.request.form.items() if values}
    text = form.get("tables", _table_text(stored))
    parts = with_texts(stored, _names(stored), form)
    try:
        parts = _with_tables(parts, text)
        faults = faults_of(parts)
    except ValueError as fault:
        faults = [str(fault)]
    return _page(visit, parts, text, faults) if faults else review(visit, parts, visit.url("rules"))


def _page(visit: Visit, parts: Parts, tables: str, faults: Sequence[str]) -> Reply:
    names = _names(parts_of(visit.services.integration))
    files = [
        File(one, parts.rules.get(one, ""), any(f"rules for {one}" in said for said in faults))
        for one in names
    ]
    return visit.show(
        "rules.html",
        "Rules as text",
        files=files,
        tables=tables,
        faults=faults if visit.request.method == "POST" else (),
        base=visit.request.said("base") or digest(settings_text(visit.services.integration)),
    )


def _names(stored: Parts) -> list[str]:
    return sorted(stored.rules)


def _table_text(parts: Parts) -> str:
    data = (parts.directions, parts.brake, parts.intervals)
    return document({name: dict(one) for name, one in zip(_TABLES, data, strict=True) if one})


def _with_tables(parts: Parts, text: str) -> Parts:
    """Raises ValueError."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(f"directions, brake and schedule: this is not valid TOML: {fault}") from None
    for name in found:
        if name not in _TABLES or not isinstance(found[name], Mapping):
            raise ValueError(
                f"directions, brake and schedule: there are the tables {', '.join(_TABLES)}, no {name}"
            )
    tables: list[dict[str, Any]] = [dict(found.get(name, {})) for name in _TABLES]
    for name, value in tables[0].items():
        if not isinstance(value, str):
            raise ValueError(f"directions.{name}: write a direction, in quotes")
    return replace(parts, directions=tables[0], brake=tables[1], intervals=tables[2])
