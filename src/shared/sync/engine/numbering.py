"""The code of a new record by the flow's mask: one that nobody has, and that no other worker can take
meanwhile.

The pointer of the code is claimed together with the intent, so that two records never get the same one; after
a lost answer the record is looked for, and if need be made again, under the code of the first try.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from shared.domain.outcomes.by_flow import mask_used_up
from shared.mapping.mask import candidates
from shared.mapping.rules import Numbering
from shared.ports import Snapshot, Values
from shared.sync.engine.compose import whole
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.parts import Pointer
from shared.sync.engine.who import directory

_AT_ONCE = 20


def number(ctx: Context, job: Job, target: str) -> None:
    """Puts a code into the payload where the record brings none; ends the job where the mask has none left.
    Raises SyncErrors of the system. 1 search and 1 look at the pointers for each 20 codes that may be
    free."""
    rule = _rule(job, target)
    if rule is None or job.plan.payload.get(rule.path) not in (None, ""):
        return
    intent = job.held.unknown
    code = str(intent.values.get(rule.path) or "") if intent is not None else ""
    code = code or next(_free(ctx, job, rule), "")
    if code:
        job.plan.payload = {**job.plan.payload, rule.path: code}
        job.plan.due.get(target, {}).pop(rule.field, None)  # what the system has then is news to the source
    else:
        job.end(mask_used_up(target, job.event.entity, rule.field, rule.mask, _name(job)))


def claim(job: Job, target: str) -> tuple[Pointer, ...]:
    """The pointer of the code that is about to be given."""
    rule = _rule(job, target)
    code = str(job.plan.payload.get(rule.path) or "") if rule is not None else ""
    return ((target, job.event.entity, code),) if code else ()


def give_back(job: Job, target: str) -> None:
    """The system refused the record: nothing stands under the code."""
    job.found.moved += [one for one in claim(job, target) if one not in job.found.moved]


def made_earlier(ctx: Context, job: Job, target: str) -> Sequence[Snapshot] | None:
    """What stands under the code of a create whose answer was lost; None where no code tells. Raises
    SyncErrors of the system."""
    rule, intent = _rule(job, target), job.held.unknown
    code = str(intent.values.get(rule.path) or "") if rule is not None and intent is not None else ""
    if not code or rule is None:
        return None
    return ctx.systems[target].find(ctx.map(job.event.entity, target).spec, rule.path, [code])[code]


def without_code(job: Job, target: str, values: Values) -> Values:
    """What was sent, less a code that was made up for it: the source has yet to get that."""
    rule = _rule(job, target)
    agreed = job.link.base.get(rule.field) if rule is not None else None
    if rule is None or (agreed is not None and agreed.value is not None):
        return values
    return {path: value for path, value in values.items() if path != rule.path}


def is_ours(ctx: Context, job: Job, target: str, found: Snapshot) -> bool:
    """Whether it is called as it was sent: somebody may have made another one by hand under that code."""
    intent, spec = job.held.unknown, ctx.map(job.event.entity, target).spec
    return intent is not None and spec.label(found.values) == spec.label(intent.values)


def _rule(job: Job, target: str) -> Numbering | None:
    rule = job.flow.numbering
    return rule if rule is not None and rule.system == target else None


def _free(ctx: Context, job: Job, rule: Numbering) -> Iterator[str]:
    """Codes that neither the system nor a link of another record has."""
    spec = ctx.map(job.event.entity, rule.system).spec
    listed = directory(ctx, job.event.entity, rule.system).rows if job.flow.matching != "keys" else {}
    left = (one for one in candidates(rule.mask, _name(job)) if one not in listed)
    while some := list(islice(left, _AT_ONCE)):
        taken = {one for one, found in ctx.systems[rule.system].find(spec, rule.path, some).items() if found}
        owners = ctx.stores.links.find(rule.system, job.event.entity, some)
        own = job.link.link_id
        yield from (one for one in some if one not in taken and owners.get(one, own) == own)


def _name(job: Job) -> str:
    return str(whole(job).get("name") or "")
