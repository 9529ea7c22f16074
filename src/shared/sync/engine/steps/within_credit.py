"""Whether a customer's credit allows one more order: asked right before it is made, of what the ledger says
now.

Ends the job where the rule says no, or where nobody can tell. Of any number of workers one at a time orders
for a customer.
"""

from decimal import Decimal

from shared.domain.keys import target_key
from shared.domain.link import Outcome
from shared.domain.outcomes import by_flow
from shared.domain.outcomes import credit as said
from shared.domain.rules import FlowRule
from shared.mapping.rules import Reference, Requirement
from shared.sync.engine.context import Context
from shared.sync.engine.credit_waits import wait_for_credit
from shared.sync.engine.exposure import Exposure
from shared.sync.engine.job import Job
from shared.sync.engine.lookup import key_of
from shared.sync.engine.sides import target_of

_TAKEN_SECONDS = 20.0


def within_credit(ctx: Context, job: Job) -> None:
    """Raises the SyncErrors of the ledger; nothing was made then."""
    rule = _rule(job)
    if rule is None or not job.open:
        return
    reference = _reference(job, rule)
    if reference.system != target_of(ctx, job):
        return
    exposure = _exposure(ctx, job, reference)
    if exposure is None:
        job.defer(_TAKEN_SECONDS, f"another order of {_customer(ctx, job, reference)} is being made")
        return
    worth = job.plan.worth if job.plan.worth is not None else job.plan.totals.get(reference.system)
    key = target_key(job.link.link_id, job.link.generation)
    refusal = _refusal(rule, reference, exposure, key, worth)
    if refusal is None and worth is not None:
        exposure.begin(key, worth)
        return
    wait_for_credit(ctx.stores, reference.system, exposure.customer, job.event)
    job.end(refusal or by_flow.refused(said.no_worth(), FlowRule(rule.name), rule.field, "", held=True))


def settle_credit(ctx: Context, job: Job) -> None:
    """After the create: what was refused for certain counts no longer."""
    rule = _rule(job)
    if rule is None or job.open or job.held.unknown is not None or job.done.created:
        return
    exposure = ctx.exposures.get(_customer(ctx, job, _reference(job, rule)))
    if exposure is not None:
        exposure.refused(target_key(job.link.link_id, job.link.generation))


def leave_credit(ctx: Context) -> None:
    """Others may order for these customers again."""
    for customer in ctx.exposures:
        ctx.stores.lanes.release(_lane(customer), ctx.owner)
    ctx.exposures.clear()


def _rule(job: Job) -> Requirement | None:
    return next((one for one in job.flow.requirements if one.rule == "within_credit"), None)


def _reference(job: Job, rule: Requirement) -> Reference:
    name = rule.field.partition(".")[0]
    return next(one for one in job.flow.references if one.name == name)


def _customer(ctx: Context, job: Job, reference: Reference) -> str:
    """The ledger's own id of the customer."""
    key = key_of(job, reference)
    if reference.by is not None:
        return key.strip().upper()
    link = ctx.stores.links.load([key])[key].link
    side = link.sides.get(reference.system) if link is not None else None
    return side.id if side is not None else key


def _exposure(ctx: Context, job: Job, reference: Reference) -> Exposure | None:
    """As it was at most the flow's `fresh_seconds` ago; None while another worker orders for it."""
    customer = _customer(ctx, job, reference)
    found = ctx.exposures.get(customer)
    if found is None:
        if not ctx.stores.lanes.acquire(_lane(customer), ctx.owner, ctx.deadline, ctx.now()):
            return None
        found = ctx.exposures[customer] = Exposure(ctx, job.event.entity, reference, customer)
    age = None if found.read_at is None else (ctx.now() - found.read_at).total_seconds()
    if age is None or age > job.flow.fresh_seconds:
        found.read()
    return found


def _refusal(
    rule: Requirement, reference: Reference, exposure: Exposure, key: str, worth: Decimal | None
) -> Outcome | None:
    position, name = exposure.position, FlowRule(rule.name)
    if position is None or position.credit_limit is None:
        why = said.not_known(reference.system, exposure.customer)
        return by_flow.refused(why, name, rule.field, "", held=True)
    if position.foreign:
        why = said.foreign_limit(reference.system, exposure.customer)
        return by_flow.refused(why, name, rule.field, "", held=True)
    limit = position.credit_limit
    if worth is None or (limit == 0 and rule.value != "no_credit"):
        return None
    others = exposure.others(key)
    total = position.balance + others + worth
    if total <= limit:
        return None
    why = rule.message.replace("{value}", f"{total}").replace("{wanted}", f"{limit}")
    sums = said.sum_of(position.balance, others, worth, total, limit)
    return by_flow.refused(f"{why} {sums}", name, rule.field, f"{total}", held=rule.hold)


def _lane(customer: str) -> str:
    return f"credit.{customer}"
