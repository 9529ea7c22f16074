"""The ledger's own records of what is sold, for flows that let it choose tax code and nominal of a line.

Looked up for the lines that name an item, in one search a batch; remembered as customers are.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from shared.domain import codec
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.item_codes import asks, items_of
from shared.sync.engine.job import Job
from shared.sync.engine.lookup import KEPT
from shared.sync.engine.references import learn_links


def name_items(ctx: Context, jobs: Iterable[Job]) -> None:
    """Fills `codes` of found for lines that name their products and services by links. One request for the
    links."""
    for job in jobs:
        pricing = job.flow.pricing
        if not job.open or pricing is None or not pricing.asks_ledger or pricing.by != "document":
            continue
        learn_links(ctx, ctx.map(job.event.entity, job.source), [whole(job)])
        known = (ctx.book.ids.get((ctx.flow.sage, kind), {}) for kind in ("product", "service"))
        job.found.codes = {link: code for ids in known for link, code in ids.items()}


def find_items(ctx: Context, jobs: Iterable[Job]) -> None:
    """Fills `items` of found. An item that the ledger does not have is left to the ledger to refuse."""
    asking = [job for job in jobs if job.open and asks(job)]
    if not asking:
        return
    pricing = asking[0].flow.pricing
    assert pricing is not None and pricing.items is not None
    system, object_map = ctx.flow.sage, pricing.items
    kind = f"item#{system}"
    codes = sorted({code for job in asking for code in items_of(job)})
    kept = ctx.stores.cache.get(kind, codes, ctx.now())
    found: dict[str, Mapping[str, Any]] = {code: codec.loads(row["values"]) for code, row in kept.items()}
    lacking = [job for job in asking if not items_of(job) <= found.keys()]
    with calling(ctx, system, lacking) as ready:
        missing = sorted({code for job in ready for code in items_of(job)} - found.keys())
        if missing:
            spec = object_map.spec
            hits = ctx.systems[system].find(spec, spec.natural_path or spec.id_path, missing)
            fresh = {code: rows[0].values for code, rows in hits.items() if len(rows) == 1}
            ctx.stores.cache.put(
                kind, {code: {"values": codec.dumps(one)} for code, one in fresh.items()}, ctx.now() + KEPT
            )
            found |= fresh
    views = {code: ctx.looking_up(system, partial(object_map.read, one)) for code, one in found.items()}
    for job in asking:
        job.found.items = {code: views[code] for code in items_of(job) if code in views}
