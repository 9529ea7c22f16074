"""Previews, what may be decided of a record, and who is asking: each made of what its page is made of."""

from collections.abc import Mapping
from typing import Any

from shared.console import choices as chosen_here
from shared.console.api import deed_models as models
from shared.console.api import told
from shared.console.pages import preview as preview_page
from shared.console.pages import record as record_page
from shared.console.values import fields_of, views_of
from shared.console.visit import NotFound, Visit
from shared.operations import preview_store
from shared.operations.alike_pairs import is_decided_here
from shared.operations.preview_run import previewed


def session(visit: Visit) -> models.Session:
    return models.Session(visit.visitor.name, visit.visitor.may("admin"), visit.visitor.token)


def previews(visit: Visit) -> models.Previews:
    entities = previewed(visit.services)
    stored = preview_store.Previews(visit.services.stores.cache).of(entities, visit.now)
    return models.Previews(tuple(entities), tuple(_made(one) for kept in stored.values() for one in kept))


def preview(visit: Visit) -> models.PreviewResult:
    """Raises NotFound for one that is not kept."""
    kept = preview_store.Previews(visit.services.stores.cache)
    made = preview_page.chosen(visit, kept.of(previewed(visit.services), visit.now))
    would = visit.query.get("would", "")
    if made is None or would not in ("", *preview_page.ORDER):
        raise NotFound
    found = [one for one in kept.records(made, visit.now) if would in ("", one.would)]
    return models.PreviewResult(_made(made), tuple(map(_planned, found)))


def choices(visit: Visit) -> models.Choices:
    """Raises NotFound."""
    subject, services = record_page.subject_of(visit), visit.services
    link = record_page.link_of(visit, subject)
    if link is None:
        raise NotFound
    rows = services.stores.log.rows(record=subject, limit=record_page.STORY)
    rows = record_page.whole_story(visit, link, subject, rows)
    views = views_of(services, link)
    shown = fields_of(services, link, views)
    fields = {one.name: one.values for one in shown}
    sides = chosen_here.sides_to_accept(services, link, shown, views)
    lost = chosen_here.lost_values(services, link, rows, views)
    alike = (
        record_page.candidates(visit, link, link.outcome)
        if link.outcome is not None and is_decided_here(services, link.entity)
        else []
    )
    return models.Choices(
        tuple(_choice(one, fields[one.field].get(one.system)) for one in sides.values()),
        tuple(_choice(one, one.value) for found in lost.values() for one in found),
        tuple(map(told.candidate, alike)),
        link.left_out is not None,
    )


def _choice(one: chosen_here.Choice, value: Any) -> models.Choice:
    return models.Choice(one.field, one.system, value, one.stamp, one.at, one.seq)


def _made(one: preview_store.Made) -> models.Preview:
    totals: Mapping[str, Mapping[str, str]] = {
        would: {currency: f"{amount:f}" for currency, amount in sums.items()}
        for would, sums in one.totals.items()
    }
    return models.Preview(
        one.entity,
        one.run_id,
        one.by,
        one.began_at,
        one.ended_at,
        one.state,
        one.read,
        one.more,
        one.stopped,
        one.notes,
        one.counts,
        totals,
    )


def _planned(one: preview_store.Planned) -> models.Planned:
    return models.Planned(
        one.system,
        one.id,
        one.label,
        one.would,
        one.reason,
        one.notes,
        None if one.amount is None else f"{one.amount:f}",
        one.currency,
        tuple(models.Change(each.system, each.name, each.before, each.after) for each in one.fields),
        tuple(models.Change(each.system, each.name, each.before, each.after) for each in one.lost),
    )
