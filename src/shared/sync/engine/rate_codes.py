"""A rate of a record's own (a product's tax) that is written as one of several codes of the ledger.

A code that a write replaced comes back with its rate, so that an exempt item stays exempt after somebody's
mistake in the CRM. Where nothing is remembered, the first code of that rate is taken, and the others are
named.
"""

from shared.domain.outcomes.coding import item_by_rate_alone
from shared.mapping.faults import shown
from shared.mapping.maps import ObjectMap
from shared.mapping.tax_periods import is_dated
from shared.ports import Values
from shared.sync.earlier import Choices, with_earlier
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job


def choices_of(ctx: Context, object_map: ObjectMap, system: str) -> Choices:
    """Where several native values have one meaning: by the rules, and by the ledger's present rates."""
    if not object_map.rate_paths:
        return object_map.choices
    present = {
        code: shown(rate.normalize()) for code, rate in ctx.tax_rates(system).items() if not is_dated(code)
    }
    return {**object_map.choices, **dict.fromkeys(object_map.rate_paths, present)}


def with_own_codes(ctx: Context, job: Job, system: str, native: Values) -> Values:
    """`native` with what the side itself called the same thing; what only a rate decided is noted."""
    object_map, side = ctx.map(job.event.entity, system), job.link.sides.get(system)
    choices = choices_of(ctx, object_map, system)
    written = with_earlier(native, side.earlier if side else None, choices)
    for path in sorted(object_map.rate_paths & written.keys()):
        code, rates = str(written[path]), choices[path]
        others = [one for one, rate in rates.items() if rate == rates.get(code) and one != code]
        decided = written[path] == native[path] and not (side and side.seen.get(path) == code)
        if others and decided:
            job.done.note([item_by_rate_alone(rates[code], code, others, system)])
    return written
