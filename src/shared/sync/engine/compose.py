"""The native values that a record is about to get, after everything that must hold of them was checked.

One place for creates, patches and previews, so that what a preview shows is what would be sent.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.check import price
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.figures import same_rate, settle, total
from shared.mapping.mandatory import PRICED_THERE, refuse_empty
from shared.mapping.signs import refuse_credit, refuse_negative_lines
from shared.mapping.unpriced import without_prices
from shared.ports import Values
from shared.sync.engine.coded_products import with_code
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.line_tax import coded_lines
from shared.sync.engine.line_writing import (
    Carried,
    carried,
    keep_their_codes,
    laid_over,
    with_own_fields,
    with_own_tax,
    without_kept_codes,
)
from shared.sync.engine.lines import rows_of
from shared.sync.engine.offers import offer, priced_by_ledger
from shared.sync.engine.priced_there import priced_there
from shared.sync.engine.rate_codes import with_own_codes
from shared.sync.engine.references import is_late, learn_links
from shared.sync.engine.unreadable import written_form
from shared.sync.lines import FIELD


def compose(ctx: Context, job: Job, system: str, fields: Mapping[str, Any], creating: bool) -> Values:
    """Raises RuleRefused, FieldUnreadable and LinkMissing for what must not go there, or cannot and is
    needed, and the SyncErrors of the system's tables."""
    object_map = ctx.map(job.event.entity, system)
    values = dict(fields)
    there = carried(ctx, job, system) if FIELD in values and not creating else []
    if _priced_by_us(ctx, job, system) and (creating or "lines" in values):
        _price(ctx, job, system, values)
    if there:
        values[FIELD] = with_own_fields(values[FIELD], fields[FIELD], there)
    if job.flow.figures is not None:
        _figures(ctx, job, system, values, creating, there)
    _mandatory(ctx, job, system, values, creating)
    learn_links(ctx, object_map, [values, {FIELD: [one.view for one in there if one is not None]}])
    values = _with_late(ctx, job, system, values) if creating else values
    asked = {**values, FIELD: without_kept_codes(values[FIELD], there, object_map)} if there else values
    native = written_form(ctx, job, system, asked, creating)
    coded = coded_lines(
        ctx, job, system, {**whole(job), **values}, native, keep_their_codes(values, there, object_map)
    )
    if there and object_map.line_map is not None:
        path = object_map.line_map.path
        rows = rows_of(coded, path)
        coded = {**coded, path: laid_over(ctx, system, object_map, values[FIELD], rows, there)}
    return with_own_codes(ctx, job, system, coded)


def whole(job: Job) -> dict[str, Any]:
    """Every canonical value known of the record: what is agreed, under what its source shows."""
    others = [canonical for system, canonical in job.found.canonical.items() if system != job.source]
    base = {name: agreed.value for name, agreed in job.link.base.items()}
    made: dict[str, Any] = {}
    for canonical in others:
        made.update(canonical)
    return (
        {**made, **base, **job.found.canonical.get(job.source, {})}
        if job.flow.direction != "both"
        else {**made, **job.found.canonical.get(job.source, {}), **base}
    )


def _priced_by_us(ctx: Context, job: Job, system: str) -> bool:
    return job.flow.pricing is not None and system == ctx.flow.sage


def _price(ctx: Context, job: Job, system: str, values: dict[str, Any]) -> None:
    assert job.flow.pricing is not None
    customer = next(iter(job.found.references.values()), None)
    view, rates = {**whole(job), **values}, ctx.tax_rates(system)
    if job.found.codes and view.get(FIELD):
        view[FIELD] = [with_code(job, line) for line in view[FIELD]]
    if priced_by_ledger(job):
        view = offer(ctx, job, view, customer or {})
        if customer and customer.get("currency"):
            values["currency"] = customer["currency"]
    priced, notes = price(view, job.flow.pricing, rates, customer, job.found.items)
    if priced_there(job):
        priced = {**priced, FIELD: without_prices(priced[FIELD])}
    values |= {name: value for name, value in priced.items() if name in values or name == "lines"}
    job.done.notes += notes
    _signs(ctx, job, system, values["lines"])
    worth = [line[part] for line in values["lines"] for part in ("net", "tax") if line.get(part)]
    job.plan.worth = sum(worth, Decimal(0))
    refuse_credit(job.plan.worth, "amount", title(system))


def _signs(ctx: Context, job: Job, system: str, lines: Sequence[Mapping[str, Any]]) -> None:
    if not ctx.map(job.event.entity, system).negative_lines:
        refuse_negative_lines(lines, title(system), words(job.event.entity))


def _figures(
    ctx: Context,
    job: Job,
    system: str,
    values: dict[str, Any],
    creating: bool,
    there: Sequence[Carried | None],
) -> None:
    """Lines as the target works them out, and the total to compare its answer with."""
    figures = job.flow.figures
    assert figures is not None
    if not creating and not {"lines", "shipping"} & values.keys():
        return
    record = {**whole(job), **values}
    if creating:
        values.setdefault("lines", [])
        record["lines"] = values["lines"]
    origin = job.link.base["lines"].origin if "lines" in job.link.base else job.source
    record[figures.total] = job.found.canonical.get(origin, {}).get(figures.total, record.get(figures.total))
    if (restored := ctx.restores.get(job.link.link_id)) is not None and FIELD in restored.before:
        record[figures.total] = restored.before.get(figures.total)  # no side shows these lines any more
    by_line = system == ctx.flow.sage
    source = next(other for other in job.flow.maps if other != system)
    lines = _settled(ctx, job, system, record, source, by_line, there)
    _signs(ctx, job, system, lines)
    job.plan.totals[system] = total(lines, record.get("shipping"), by_line)
    if "lines" in values:
        values["lines"] = lines
    if figures.rates == system and creating:
        _rate(ctx, job, system, record, values)


def _settled(
    ctx: Context,
    job: Job,
    system: str,
    record: Mapping[str, Any],
    source: str,
    by_line: bool,
    there: Sequence[Carried | None],
) -> list[dict[str, Any]]:
    """A line whose figures did not change keeps the tax that stands there, unless the total then differs."""
    figures, notes = job.flow.figures, list[str]()
    assert figures is not None
    if there:
        object_map = ctx.map(job.event.entity, system)
        own = with_own_tax(ctx, system, record[FIELD], there, object_map)
        try:
            lines = settle({**record, FIELD: own}, figures, source, system, by_line, notes)
            job.done.notes += notes
            return lines
        except RuleRefused as no:
            if no.rule != Rule.TOTALS:
                raise
    return settle(record, figures, source, system, by_line, job.done.notes)


def _rate(ctx: Context, job: Job, system: str, record: Mapping[str, Any], values: dict[str, Any]) -> None:
    """A foreign document takes the ledger's own rate, and only where the CRM counted with the same one."""
    currency, asked = record.get("currency"), record.get("exchange_rate")
    rates = ctx.exchange_rates(job.event.entity, system)
    if currency is None or asked is None or currency not in rates:
        return
    if not same_rate(asked, rates[currency]):
        raise RuleRefused(
            Rule.EXCHANGE_RATE,
            "exchange_rate",
            asked,
            (
                f"The conversion rate does not match: {shown(asked)} here, {shown(rates[currency])} in "
                f"{title(system)} for one "
                f"{currency}. Correct the rate of the invoice, or the one in {title(system)}."
            ),
        )
    values["exchange_rate"] = rates[currency]


def _mandatory(ctx: Context, job: Job, system: str, values: Mapping[str, Any], creating: bool) -> None:
    theirs = PRICED_THERE if priced_there(job) and system == ctx.flow.sage else frozenset[str]()
    refuse_empty(ctx.map(job.event.entity, system), values, creating, theirs)


def _with_late(ctx: Context, job: Job, system: str, values: dict[str, Any]) -> dict[str, Any]:
    """A new record without references that can be patched in later."""
    entity = job.event.entity
    late = [one for one in ctx.map(entity, system).links if not one.lines and is_late(ctx, job, one.field)]
    missing = {
        one.field
        for one in late
        if values.get(one.field) is not None
        and values[one.field] not in ctx.book.ids.get((system, one.entity), {})
    }
    job.plan.late |= missing
    return {name: value for name, value in values.items() if name not in missing}
