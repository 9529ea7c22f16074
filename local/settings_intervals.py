"""How often lists are polled, in the settings file: a table `[interval.EDITION]` for every integration with a
Sage of that edition, and `[integration.NAME.interval]` for one of them, key by key over it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from local.settings_faults import Faults, Place, quoted
from local.settings_models import SettingsFile
from shared.mapping.model import Flow
from shared.operations.settings_check import interval_faults
from shared.settings import EVERY, Integration

EDITIONS = ("uk", "es", "fr")


def check_intervals(data: Mapping[str, Any], flows: Mapping[str, Flow | None], faults: Faults) -> None:
    """`data` is what the file says, whatever its shape; `flows` those of its integrations by name."""
    for edition, table in _table(data, "interval").items():
        _edition(edition, ("interval", edition), faults)
        _check(table, ("interval", edition), None, faults)
    for name, flow in flows.items():
        stated = dict(_table(_table(_table(data, "integration"), name), "interval"))
        place = ("integration", name, "interval")
        _edition(stated.pop("edition", EDITIONS[0]), (*place, "edition"), faults)
        _check(stated, place, flow, faults)


def with_intervals(file: SettingsFile, made: Sequence[Integration]) -> tuple[list[Integration], int]:
    """The integrations with their intervals, and how often the clock ticks: as `[local]` says, or at the
    smallest interval, if that is less."""
    found = [(one, _of(file, one)) for one in made]
    usual = file.local.schedule_minutes
    ticks = min([usual, *(minutes for _, table in found for minutes in table.values())])
    if ticks < usual:  # what says nothing is still polled as `[local]` says
        found = [(one, {EVERY: usual, **table}) for one, table in found]
    return [replace(one, intervals=table) for one, table in found], ticks


def _of(file: SettingsFile, one: Integration) -> dict[str, int]:
    stated = dict(file.integration[one.name].interval)  # type: ignore[attr-defined]
    edition = stated.pop("edition", EDITIONS[0])
    return {**file.interval.get(str(edition), {}), **{name: int(minutes) for name, minutes in stated.items()}}


def _edition(edition: Any, place: Place, faults: Faults) -> None:
    if edition not in EDITIONS:
        faults.add(place, f"{quoted(edition)} is no edition of Sage; editions are {', '.join(EDITIONS)}.")


def _check(table: Any, place: Place, flow: Flow | None, faults: Faults) -> None:
    for name, said in interval_faults(table if isinstance(table, dict) else {}, flow):
        faults.add((*place, name), said)


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}
