"""The settings of the integration, to look at and to change: no change is stored before it was shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.console.pages.review import review
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record
from shared.domain.titles import title
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.operations.settings_check import faults_of
from shared.operations.settings_edit import APART, Choices, choices, edited, polled_names, way_in_words
from shared.operations.settings_text import Parts, digest, parts_of, settings_text
from shared.settings import EVERY

TOML = "application/toml; charset=utf-8"


@record
class Option:
    value: str
    label: str


def show(visit: Visit) -> Reply:
    return _page(visit, parts_of(visit.services.integration), {}, ())


def download(visit: Visit) -> Reply:
    """What `tieout connect --settings` takes."""
    integration = visit.services.integration
    kept = {"Content-Disposition": f'attachment; filename="{integration.name}.toml"'}
    return Reply(200, settings_text(integration), kind=TOML, headers=kept)


def reviewed(visit: Visit) -> Reply:
    """What was entered, checked: all faults at once, or the change that it comes to."""
    form = {name: values[0] for name, values in visit.request.form.items() if values}
    stored = parts_of(visit.services.integration)
    try:
        parts, notes = edited(stored, form)
    except RuleInvalid as fault:
        return _page(visit, stored, form, str(fault).splitlines())
    faults = faults_of(parts)
    if faults:
        return _page(visit, stored, form, faults)
    return review(visit, parts, visit.url("settings"), notes)


def _page(visit: Visit, parts: Parts, form: Mapping[str, str], faults: Sequence[str]) -> Reply:
    flow = compile_flow(parts.flow, parts.rules)
    rows = choices(parts)
    ways = ["both", f"from {flow.crm}", f"from {flow.sage}", "off"]
    shown = {one.entity: _entity(one, ways, flow.crm, flow.sage) for one in rows}
    return visit.show(
        "settings.html",
        "Settings",
        rows=rows,
        options=shown,
        form=form,
        faults=faults,
        wrong=_places(faults),
        brake=parts.brake,
        every=EVERY,
        minutes=parts.intervals,
        polled=polled_names(flow),
        others=way_in_words(parts.directions.get("others", ""), flow.crm, flow.sage),
        base=digest(settings_text(visit.services.integration)),
        live=visit.services.state.live,
    )


def _entity(one: Choices, ways: Sequence[str], crm: str, sage: str) -> dict[str, Any]:
    usual = Option("", f"as shipped: {way_in_words(one.shipped, crm, sage)}")
    winners = [Option(name, f"{title(name)} wins") for name in (crm, sage)]
    conflict = [*winners, Option("newest", "the last edit wins"), Option("hold", "a person decides")]
    deletes = [Option(name, _DELETES[name]) for name in one.can_delete]
    if one.conflict == APART:
        conflict.insert(0, Option(APART, "as it is: differs from field to field"))
    if one.deletes == APART:
        deletes.insert(0, Option(APART, "as it is: differs by system"))
    return {
        "direction": [usual, *(Option(way, way_in_words(way, crm, sage)) for way in ways)],
        "conflict": conflict if one.conflict else [],
        "deletes": deletes,
        "way": way_in_words(one.direction, crm, sage),
    }


def _places(faults: Sequence[str]) -> dict[str, str]:
    """directions.account -> what is wrong with it, for the field that it belongs to."""
    found = (one.split(": ", 1) for one in faults if ": " in one)
    return {where: what for where, what in found if "." in where and " " not in where}


_DELETES = {
    "keep": "the other one stays",
    "hold": "a person decides",
    "archive": "the other one is put out of use",
    "delete": "the other one is deleted, after a time",
}
