"""Quotations that the ledger prices itself: they go there without prices, and nothing comes back before every
line has one.

Only where `tieout check` has proved that this site does so. Fills `items` and `prices` of `found`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.domain.link import Outcome
from shared.domain.outcomes import offers
from shared.domain.prices import PriceBook
from shared.domain.record import record
from shared.domain.titles import title
from shared.mapping.asked_for import otherwise
from shared.mapping.unpriced import asked, given, lacking
from shared.ports import PricesItself
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.joined import policies_of
from shared.sync.lines import FIELD


@record
class Document:
    """A document as one side shows it, with the ledger's codes of its lines."""

    view: Mapping[str, Any]
    codes: Sequence[str]

    @property
    def lines(self) -> Sequence[Mapping[str, Any]]:
        return self.view.get(FIELD) or ()


def priced_there(job: Job) -> bool:
    return job.flow.pricing is not None and job.flow.pricing.by == "sage"


def end_unproved(ctx: Context, jobs: Iterable[Job]) -> None:
    """Ends those whose site has not been seen to price documents. No call."""
    ledger = ctx.systems[ctx.flow.sage]
    proved = isinstance(ledger, PricesItself) and ledger.prices_itself()
    for job in () if proved else jobs:
        job.end(offers.not_proved(ctx.flow.sage))


def products_of(ctx: Context, jobs: Sequence[Job], codes: Sequence[str]) -> PriceBook:
    """The ledger's products in one search, and no prices. Raises SyncErrors."""
    pricing = jobs[0].flow.pricing
    assert pricing is not None and pricing.items is not None
    spec = pricing.items.spec
    hits = ctx.systems[ctx.flow.sage].find(spec, spec.natural_path or spec.id_path, codes)
    found = {code: rows[0].values for code, rows in hits.items() if len(rows) == 1}
    return PriceBook(found, {}, (), {}, frozenset())


def ask(ctx: Context, job: Job, lines: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> list[Any]:
    """The lines as they are asked for. Raises RuleRefused."""
    made, said = asked(lines, codes, job.found.items, title(ctx.flow.sage))
    job.done.note(said)
    return made


def judge(job: Job, system: str, document: Document, asked: Document) -> None:
    """Ends a job of which a line came back without a price, or whose document is another one than was asked
    for, else notes what the ledger asks for."""
    lines, codes = document.lines, document.codes
    if verdict := _unpriced(job, system, lines, codes) or _otherwise(job, system, document, asked):
        job.end(verdict)
        return
    job.done.notes += given(lines, codes, title(system))


def still_in_doubt(
    ctx: Context, job: Job, system: str, document: Document, asked: Document
) -> Outcome | None:
    """Why nothing goes back yet. A line that somebody makes free of charge afterwards is a change like any
    other."""
    if _came_back(ctx, job, system):
        return None
    unpriced = _unpriced(job, system, document.lines, document.codes)
    return unpriced or _otherwise(job, system, document, asked)


def _otherwise(job: Job, system: str, document: Document, asked: Document) -> Outcome | None:
    what = otherwise(asked.view, asked.codes, document.view, document.codes)
    side = job.link.sides[system]
    return offers.not_as_asked(system, side.label or side.id, what) if what else None


def _unpriced(
    job: Job, system: str, lines: Sequence[Mapping[str, Any]], codes: Sequence[str]
) -> Outcome | None:
    missing = lacking(lines)
    if not missing:
        return None
    side = job.link.sides[system]
    return offers.not_priced(system, side.label or side.id, missing[0], codes[missing[0] - 1])


def _came_back(ctx: Context, job: Job, system: str) -> bool:
    """Whether the other side shows anything yet that only the ledger says. What the rules say for it, always
    the same, the other side may have shown before."""
    read = ctx.map(job.event.entity, system).native_paths
    said = {
        name
        for name, policy in policies_of(ctx, job).items()
        if policy.sources == frozenset({system}) and not policy.made_from and read.get(name)
    }
    others = [side for name, side in job.link.sides.items() if name != system]
    return any(side.rev.get(name, -1) >= 0 for side in others for name in said)
