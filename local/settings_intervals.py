"""How often lists are polled, in the settings file: a table `[interval.EDITION]` for every integration with a
Sage of that edition, and `[integration.NAME.interval]` for one of them, key by key over it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from local.settings_models import SettingsFile
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.operations.poll_tasks import CREDIT
from shared.settings import EVERY, Integration

EDITIONS = ("uk", "es", "fr")
LEAST, MOST = 5, 1440
Place = tuple[str, ...]
Fault = Callable[[Place, str], str]
"""A sentence about what stands at that place in the file."""


def with_intervals(
    file: SettingsFile, made: Sequence[Integration], fault: Fault
) -> tuple[list[Integration], int]:
    """The integrations with their intervals, and how often the clock ticks: as `[local]` says, or at the
    smallest interval, if that is less. Raises RuleInvalid."""
    for edition, table in file.interval.items():
        if edition not in EDITIONS:
            said = f"{edition!r} is no edition of Sage; editions are {', '.join(EDITIONS)}."
            raise RuleInvalid(fault(("interval", edition), said))
        _check(table, ("interval", edition), None, fault)
    found = [(one, _of(file, one, fault)) for one in made]
    usual = file.local.schedule_minutes
    ticks = min([usual, *(minutes for _, table in found for minutes in table.values())])
    if ticks < usual:  # what says nothing is still polled as `[local]` says
        found = [(one, {EVERY: usual, **table}) for one, table in found]
    return [replace(one, intervals=table) for one, table in found], ticks


def _of(file: SettingsFile, one: Integration, fault: Fault) -> dict[str, int]:
    place = ("integration", one.name, "interval")
    stated = dict(file.integration[one.name].interval)  # type: ignore[attr-defined]
    edition = stated.pop("edition", EDITIONS[0])
    if edition not in EDITIONS:
        said = f"{edition!r} is no edition of Sage; editions are {', '.join(EDITIONS)}."
        raise RuleInvalid(fault((*place, "edition"), said))
    _check(stated, place, one, fault)
    return {**file.interval.get(str(edition), {}), **{name: int(minutes) for name, minutes in stated.items()}}


def _check(table: Mapping[str, int | str], place: Place, one: Integration | None, fault: Fault) -> None:
    known = _names(one)
    for name, minutes in table.items():
        if name not in known:
            said = f"there is no list {name!r} to poll; there are {', '.join(known)}."
            raise RuleInvalid(fault((*place, name), said))
        if isinstance(minutes, str) or not LEAST <= minutes <= MOST:
            said = f"{minutes!r} is no interval: write minutes, {LEAST} to {MOST}."
            raise RuleInvalid(fault((*place, name), said))


def _names(one: Integration | None) -> list[str]:
    """What an interval may be given for; of an edition, for anything that some flow polls."""
    if one is None:
        return [EVERY, *_ALL]
    flow = compile_flow(one.flow, one.rules)
    return [EVERY, *(name for name in flow.entities if name in _ALL), CREDIT]


_ALL = ("account", "contact", "product", "service", "quotation", "sales_order", "invoice", CREDIT)
