"""The native values that a record is about to get, after everything that must hold of them was checked.

One place for creates, patches and previews, so that what a preview shows is what would be sent.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.domain.titles import title
from shared.mapping.check import price
from shared.mapping.faults import RuleRefused, shown
from shared.mapping.figures import same_rate, settle, total
from shared.mapping.signs import refuse_credit, refuse_negative_lines
from shared.ports import Values
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.references import is_late, learn_links


def compose(ctx: Context, job: Job, system: str, fields: Mapping[str, Any], creating: bool) -> Values:
    """Raises RuleRefused, FieldUnreadable and LinkMissing for what must not or cannot go there, and the
    SyncErrors of the system's tables."""
    object_map = ctx.map(job.event.entity, system)
    view = dict(fields)
    if job.flow.pricing is not None and (creating or "lines" in view):
        _price(ctx, job, system, view)
    if job.flow.figures is not None:
        _figures(ctx, job, system, view, creating)
    _mandatory(ctx, job, system, view, creating)
    learn_links(ctx, object_map, [view])
    view = _with_late(ctx, job, system, view) if creating else view
    side = job.link.sides.get(system)
    now = dict(side.seen) if side else {}
    return ctx.looking_up(
        system, lambda tables: object_map.write(view, {**tables, "now": now}, job.notes, creating=creating)
    )


def whole(job: Job) -> dict[str, Any]:
    """Every canonical value known of the record: what is agreed, under what its source shows."""
    others = [view for system, view in job.views.items() if system != job.source]
    base = {name: agreed.value for name, agreed in job.link.base.items()}
    made: dict[str, Any] = {}
    for view in others:
        made.update(view)
    return (
        {**made, **base, **job.views.get(job.source, {})}
        if job.flow.direction != "both"
        else {**made, **job.views.get(job.source, {}), **base}
    )


def _price(ctx: Context, job: Job, system: str, view: dict[str, Any]) -> None:
    assert job.flow.pricing is not None
    customer = next(iter(job.references.values()), None)
    priced, notes = price({**whole(job), **view}, job.flow.pricing, ctx.tax_rates(system), customer)
    view |= {name: value for name, value in priced.items() if name in view or name == "lines"}
    job.notes += notes
    _signs(ctx, job, system, view["lines"])
    worth = [line[part] for line in view["lines"] for part in ("net", "tax") if line.get(part)]
    refuse_credit(sum(worth, Decimal(0)), "amount", title(system))


def _signs(ctx: Context, job: Job, system: str, lines: Sequence[Mapping[str, Any]]) -> None:
    if not ctx.map(job.event.entity, system).negative_lines:
        refuse_negative_lines(lines, title(system), job.event.entity.replace("_", " "))


def _figures(ctx: Context, job: Job, system: str, view: dict[str, Any], creating: bool) -> None:
    """Lines as the target works them out, and the total to compare its answer with."""
    figures = job.flow.figures
    assert figures is not None
    if not creating and not {"lines", "shipping"} & view.keys():
        return
    known = {**whole(job), **view}
    if creating:
        view.setdefault("lines", [])
        known["lines"] = view["lines"]
    origin = job.link.base["lines"].origin if "lines" in job.link.base else job.source
    known[figures.total] = job.views.get(origin, {}).get(figures.total, known.get(figures.total))
    by_line = system == ctx.flow.sage
    source = next(other for other in job.flow.maps if other != system)
    lines = settle(known, figures, source, system, by_line, job.notes)
    _signs(ctx, job, system, lines)
    job.totals[system] = total(lines, known.get("shipping"), by_line)
    if "lines" in view:
        view["lines"] = lines
    if figures.rates == system and creating:
        _rate(ctx, job, system, known, view)


def _rate(ctx: Context, job: Job, system: str, known: Mapping[str, Any], view: dict[str, Any]) -> None:
    """A foreign document takes the ledger's own rate, and only where the CRM counted with the same one."""
    currency, asked = known.get("currency"), known.get("exchange_rate")
    rates = ctx.exchange_rates(job.event.entity, system)
    if currency is None or asked is None or currency not in rates:
        return
    if not same_rate(asked, rates[currency]):
        raise RuleRefused(
            "exchange_rate",
            "exchange_rate",
            asked,
            (
                f"The conversion rate does not match: {shown(asked)} here, {shown(rates[currency])} in "
                f"{title(system)} for one "
                f"{currency}. Correct the rate of the invoice, or the one in {title(system)}."
            ),
        )
    view["exchange_rate"] = rates[currency]


def _mandatory(ctx: Context, job: Job, system: str, view: Mapping[str, Any], creating: bool) -> None:
    """What the target cannot do without: on a new record all of it, on another what is about to be
    emptied."""
    object_map = ctx.map(job.event.entity, system)
    for name in sorted(object_map.required):
        head, _, inner = name.partition(".")
        rows = [view] if not inner else view.get("lines") or ()
        for number, row in enumerate(rows, 1):
            if (creating or inner or name in view) and row.get(inner or head) is None:
                place = f"line {number}: " if inner else ""
                raise RuleRefused(
                    "mandatory",
                    name,
                    "",
                    (
                        f"{place}{(inner or head).replace('_', ' ')} would be empty, and {title(system)} "
                        "takes no "
                        f"{job.event.entity.replace('_', ' ')} without it: fill it in."
                    ),
                )


def _with_late(ctx: Context, job: Job, system: str, view: dict[str, Any]) -> dict[str, Any]:
    """A new record without references that can be patched in later."""
    entity = job.event.entity
    late = [one for one in ctx.map(entity, system).links if not one.lines and is_late(ctx, job, one.field)]
    missing = {
        one.field
        for one in late
        if view.get(one.field) is not None
        and view[one.field] not in ctx.book.ids.get((system, one.entity), {})
    }
    job.late |= missing
    return {name: value for name, value in view.items() if name not in missing}
