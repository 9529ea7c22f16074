"""The mapping of one kind of record: both systems' fields side by side, changed and tried before anything is
stored."""

from shared.console.pages.mapping_form import (
    Edited,
    check_names,
    compiled,
    edited,
    entity_of,
    stored,
)
from shared.console.pages.mapping_page import flow_of, page
from shared.console.pages.review import review
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.errors import SyncError
from shared.operations.settings_check import faults_of
from shared.operations.settings_trial import try_settings


def show(visit: Visit) -> Reply:
    """With `edit` or `open` in the address, the form of that field or section."""
    entity, parts = entity_of(visit, visit.query.get("entity", "")), stored(visit)
    field, section = visit.query.get("edit", ""), visit.query.get("open", "")
    check_names(parts, entity, (field,), (section,))
    return page(visit, Edited(parts, entity, field, section="" if field else section))


def posted(visit: Visit) -> Reply:
    """What was edited, checked; with `do=try` tried on archived records, with `do=review` shown as it would
    be stored."""
    try:
        now = edited(visit)
    except ValueError:
        told = ("the form did not arrive whole, so the changes in it are lost: nothing was stored",)
        return page(visit, Edited(stored(visit), entity_of(visit, visit.request.said("entity")), "", told))
    do = visit.request.said("do")
    faults = [*now.told] or (faults_of(now.parts) if do == "review" else compiled(now.parts))
    if do == "review" and not faults:
        return review(visit, now.parts, visit.url("mapping", entity=now.entity))
    tried, why = None, ""
    if do == "try" and not faults:
        try:
            tried = try_settings(visit.services, flow_of(now.parts), now.entity)
        except SyncError as fault:
            why = str(fault)
    return page(visit, now, faults, tried, why)
