"""Whoever is refused for its prices is looked at again when its customer or a product changes in the ledger.

Price lists tell nobody that they were corrected: the daily sweep looks again for them.
"""

from shared.mapping.links import canonical_links
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.references import learn_links
from shared.sync.engine.waits import watch


def watch_prices(ctx: Context, job: Job) -> None:
    """One request for links, if they are not known yet, and a wait row for each record."""
    system, record = ctx.flow.sage, whole(job)
    object_map = ctx.map(job.event.entity, system)
    learn_links(ctx, object_map, [record])
    ids = [
        (system, entity, ctx.book.ids.get((system, entity), {}).get(link, ""))
        for entity, link in dict.fromkeys(canonical_links(object_map.links, record))
    ]
    watch(ctx, job, [one for one in ids if one[2]])
