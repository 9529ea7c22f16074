"""Quotations that are priced here: what the ledger knows of its prices is read, used, and compared with what
the ledger then made of it.

Fills `prices` of `found`. The lines themselves are worked out in `mapping.offers`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.link import Base, Outcome
from shared.domain.outcomes import offers
from shared.domain.rules import Rule
from shared.domain.titles import title
from shared.mapping.faults import LinkMissing, RuleRefused
from shared.mapping.offers import offered, totals
from shared.mapping.price_sources import PriceSources
from shared.ports import Prices
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.priced_there import (
    Document,
    ask,
    end_unproved,
    judge,
    priced_there,
    products_of,
    still_in_doubt,
)
from shared.sync.engine.references import learn_links, learn_native
from shared.sync.lines import FIELD
from shared.sync.observe import rests_on
from shared.sync.seen import read_seen

_TOTALS = ("net", "tax")
_LINES_FOLLOW, _PATIENCE = 4.0, 4
"""Seconds after which a new document without lines is looked at again, and how often: lines are records of
their own in the CRM, and its webhook may be faster than they are."""


def priced_here(job: Job) -> bool:
    return job.flow.pricing is not None and job.flow.pricing.by == "tieout"


def priced_by_ledger(job: Job) -> bool:
    """Whether its prices are the ledger's, whoever works them out, and not the document's own."""
    return priced_here(job) or priced_there(job)


def find_prices(ctx: Context, jobs: Sequence[Job], views: Mapping[int, Mapping[str, Any]]) -> None:
    """One look at the prices of everything that these jobs' lines name. `views`: id of a job -> its record.
    A price is never remembered: what was true a minute ago may be sold at a loss."""
    asking = [job for job in jobs if job.open and priced_by_ledger(job)]
    system = ctx.flow.sage
    end_unproved(ctx, [job for job in asking if priced_there(job)])
    asking = [job for job in asking if job.open]
    for job in asking:
        if not views[id(job)].get(FIELD) and job.event.cause == "webhook" and job.event.attempt < _PATIENCE:
            job.defer(_LINES_FOLLOW, offers.NO_LINES_YET)
    asking = [job for job in asking if job.open]
    named = {id(job): _codes(ctx, job, views[id(job)].get(FIELD) or ()) for job in asking}
    with calling(ctx, system, asking) as ready:
        codes = sorted({code for job in ready for code in named[id(job)] if code})
        ledger = ctx.systems[system]
        if not codes or not isinstance(ledger, Prices):
            return
        book = products_of(ctx, ready, codes) if priced_there(ready[0]) else ledger.price_book(codes)
        for job in ready:
            job.found.prices = book


def offer(ctx: Context, job: Job, record: Mapping[str, Any], customer: Mapping[str, Any]) -> dict[str, Any]:
    """The record with priced lines; what was used goes into the notes. Raises RuleRefused, and LinkMissing
    for a product that is not linked yet."""
    pricing, system, book = job.flow.pricing, ctx.flow.sage, job.found.prices
    assert pricing is not None
    lines = record.get(FIELD) or ()
    codes = _codes(ctx, job, lines)
    for line, code in zip(lines, codes, strict=True):
        if not code and line.get("product"):
            raise LinkMissing("lines.product", "lines.product", "product", link=line["product"])
    if not lines or pricing.items is None:
        return dict(record)
    if book is None:
        raise RuleRefused(Rule.PRICE, "lines", "", offers.no_prices(system), held=True)
    products: dict[str, Mapping[str, Any]] = {
        code: ctx.looking_up(system, lambda tables, row=row: pricing.items.read(row, tables))  # type: ignore[misc]
        for code, row in book.products.items()
    }
    job.found.items = products
    if off := record.get("discount"):
        job.done.note([offers.whole_discount(off)])
    if priced_there(job):
        return {**record, FIELD: ask(ctx, job, lines, codes)}
    currencies = ctx.tables_of(system).get("currencies", {})
    sources = PriceSources(book, customer, currencies, str(currencies.get("", "")), title(system))
    made, said = offered(lines, codes, products, sources, customer, book.bands, pricing, title(system))
    job.done.note(said)
    return {**record, FIELD: made}


def _codes(ctx: Context, job: Job, lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ledger's code of each line's product as people know it there, "" for one that is not linked."""
    system = ctx.flow.sage
    learn_links(ctx, ctx.map(job.event.entity, system), [{FIELD: list(lines)}])
    return [_code(ctx, job, system, str(line.get("product") or "")) for line in lines]


def _code(ctx: Context, job: Job, system: str, link: str) -> str:
    own = ctx.book.ids.get((system, "product"), {}).get(link, "")
    items = job.flow.pricing.items if job.flow.pricing is not None else None
    natural = items.spec.natural_path if items is not None else None
    shown = ctx.book.seen.get((system, link), {}).get(natural) if own and natural else None
    return str(shown or own).strip().upper()


def expect(ctx: Context, job: Job, system: str, native: Mapping[str, Any]) -> frozenset[str]:
    """Puts what the ledger must come to into the link, from the native values that it was sent, so that
    another answer is a conflict and nothing else. Returns the fields that its answer says, and not what was
    sent."""
    policies = ctx.policy(job.event.entity)
    answers = frozenset(name for name, policy in policies.items() if rests_on(policy, system))
    if not priced_here(job) or FIELD not in answers:
        return answers
    object_map = ctx.map(job.event.entity, system)
    learn_native(ctx, system, object_map, [native])
    lines = read_seen(object_map, native, ctx.tables_of(system)).get(FIELD) or []
    worth = dict(zip(_TOTALS, totals(lines), strict=True))
    base = dict(job.link.base)
    for name, value in worth.items():
        if name in policies:
            base[name] = Base(value, 0, system)
    job.held.change(base=base)
    return answers


def disagreement(ctx: Context, job: Job, system: str, answer: Mapping[str, Any]) -> None:
    """Ends a job whose document came to other totals than its prices; the link keeps that as a conflict."""
    if not priced_by_ledger(job):
        return
    shown = read_seen(ctx.map(job.event.entity, system), answer, ctx.tables_of(system))
    if priced_here(job) and job.link.held.keys() & set(_TOTALS):
        job.end(_disagrees(job, system, shown))
    elif priced_there(job):
        judge(job, system, _document(ctx, job, shown), _asked(ctx, job))


def withhold(ctx: Context, job: Job) -> None:
    """Nothing is written while the two sides of a priced document are in doubt."""
    system = ctx.flow.sage
    if priced_there(job) and (verdict := _unpriced(ctx, job, system)):
        job.plan.due, job.plan.verdict = {}, verdict
    if not priced_by_ledger(job) or not job.link.held:
        return
    job.plan.due = {}
    if priced_here(job) and job.link.held.keys() & set(_TOTALS):
        job.plan.verdict = _disagrees(job, system, job.found.canonical.get(system, {}))
    elif FIELD in job.link.held:
        job.plan.verdict = offers.edited_meanwhile(ctx.flow.crm, system, _label(job, system))


def _unpriced(ctx: Context, job: Job, system: str) -> Outcome | None:
    shown = job.found.canonical.get(system, {})
    if not shown.get(FIELD):
        return None
    return still_in_doubt(ctx, job, system, _document(ctx, job, shown), _asked(ctx, job))


def _asked(ctx: Context, job: Job) -> Document:
    return _document(ctx, job, job.found.canonical.get(ctx.flow.crm, {}))


def _document(ctx: Context, job: Job, view: Mapping[str, Any]) -> Document:
    return Document(view, _codes(ctx, job, view.get(FIELD) or ()))


def _disagrees(job: Job, system: str, shown: Mapping[str, Any]) -> Outcome:
    worked = {name: job.link.base[name].value for name in _TOTALS}
    pairs = {name: (worked[name], shown.get(name) or worked[name]) for name in _TOTALS}
    return offers.disagrees(system, _label(job, system), pairs["net"], pairs["tax"])


def _label(job: Job, system: str) -> str:
    side = job.link.sides[system]
    return side.label or side.id
