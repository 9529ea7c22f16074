"""The flow's own rules for a record that is about to be made, or changed: requirements, and the native
payload.

Fills `references` of `found`, and `payload` and `refusal` of `plan`.
"""

from shared.domain.link import Outcome
from shared.domain.outcomes import by_flow
from shared.domain.rules import Rule
from shared.mapping.check import refuse
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.mapping.rules import Requirement
from shared.sync.engine.closing import leave_open
from shared.sync.engine.compose import compose, whole
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.joined import is_joined
from shared.sync.engine.ledger_items import find_items, name_items
from shared.sync.engine.lookup import key_of, named, references_of, resolve
from shared.sync.engine.offers import find_prices, priced_by_ledger
from shared.sync.engine.price_waits import watch_prices
from shared.sync.engine.references import await_link
from shared.sync.engine.sides import target_of, target_side
from shared.sync.engine.waits import of_reference, watch


def admit(ctx: Context, jobs: list[Job]) -> None:
    """Ends those that need not be asked about anywhere: the record itself says that it may not be made."""
    for job in jobs:
        _refuse(job, _rules_about_record(job, {target_of(ctx, job)}))
    for reference in references_of(jobs):
        named(ctx, reference, [job for job in jobs if job.open and reference in job.flow.references])


def require(ctx: Context, jobs: list[Job]) -> None:
    """Leaves open only the jobs whose target record may be made, with `references` and `payload` filled."""
    admit(ctx, jobs)
    name_items(ctx, jobs)
    for reference in references_of(jobs):
        resolve(ctx, reference, [job for job in jobs if job.open and reference in job.flow.references])
    find_items(ctx, jobs)
    _find_prices(ctx, jobs)
    for job in jobs:
        _refuse_for_reference(
            ctx,
            job,
            [
                one
                for one in job.flow.requirements
                if of_reference(job.flow, one) and _applies(one, target_of(ctx, job))
            ],
        )
        if job.open:
            _compose(ctx, job)


def keep(ctx: Context, jobs: list[Job]) -> None:
    """The same rules for records that exist on both sides and are about to be written: what a new record must
    keep it must go on keeping."""
    held = [
        job
        for job in jobs
        if job.open and job.plan.due and not job.flow.create_once and target_side(ctx, job) is not None
    ]
    for job in held:
        _refuse(job, _kept(_rules_about_record(job, set(job.plan.due))))
    asking = [job for job in held if job.flow.pricing is not None or _rules_about_reference(job)]
    for reference in references_of(asking):
        resolve(ctx, reference, [job for job in asking if job.open])
    find_items(ctx, asking)
    for job in held:
        _refuse_for_reference(ctx, job, _kept(_rules_about_reference(job)))
    for job in jobs:
        if job.open and not job.flow.create_once and target_side(ctx, job) is not None:
            rules = [
                one
                for one in job.flow.requirements
                if one.source in job.found.canonical
                and not of_reference(job.flow, one)
                and not _is_anothers(job, one)
            ]
            job.plan.refusal = _refusal(job, _kept(rules))
        leave_open(job)


def _is_anothers(job: Job, requirement: Requirement) -> bool:
    """Whether the record belongs to the other system alone, which does not ask what this one says of it."""
    joined = job.flow.joined
    return joined is not None and joined.source != requirement.source and is_joined(job.flow, job.link)


def _kept(rules: list[Requirement]) -> list[Requirement]:
    """Those that hold for records that exist already, too."""
    return [one for one in rules if not one.new]


def _find_prices(ctx: Context, jobs: list[Job]) -> None:
    asking = [job for job in jobs if job.open and priced_by_ledger(job)]
    if asking:
        find_prices(ctx, asking, {id(job): whole(job) for job in asking})


def _rules_about_record(job: Job, targets: set[str]) -> list[Requirement]:
    return [
        one
        for one in job.flow.requirements
        if not of_reference(job.flow, one) and any(_applies(one, target) for target in targets)
    ]


def _rules_about_reference(job: Job) -> list[Requirement]:
    """Rules that compare what is about to be written with the record it refers to."""
    return [
        one
        for one in job.flow.requirements
        if of_reference(job.flow, one)
        and any(one.field in fields and _applies(one, target) for target, fields in job.plan.due.items())
    ]


def _applies(requirement: Requirement, target: str) -> bool:
    """Whether the rule is asked of what goes to `target`."""
    return requirement.source is None or requirement.source != target


def _refuse(job: Job, requirements: list[Requirement]) -> None:
    if job.open and (refusal := _refusal(job, requirements)):
        job.end(refusal)


def _refuse_for_reference(ctx: Context, job: Job, requirements: list[Requirement]) -> None:
    """Whoever is refused for what the record it refers to shows is looked at again when that one changes."""
    refusal = _refusal(job, requirements) if job.open else None
    if refusal is None:
        return
    links = {
        key_of(job, one): one
        for one in job.flow.references
        if one.by is None and one.name in job.found.references
    }
    for link, loaded in ctx.stores.links.load(sorted(links)).items() if links else ():
        side = loaded.link.sides.get(links[link].system) if loaded.link else None
        watch(ctx, job, [(links[link].system, links[link].entity, side.id)] if side else [])
    job.end(refusal)


def _refusal(job: Job, requirements: list[Requirement]) -> Outcome | None:
    try:
        for one in requirements:
            read = job.found.canonical.get(one.source, {}) if one.source else {}
            refuse([one], {**whole(job), **read}, job.found.references)
    except RuleRefused as no:
        return by_flow.refused(no.message, no.rule, no.field, no.value, held=no.held)
    return None


def _compose(ctx: Context, job: Job) -> None:
    """The native payload of the target."""
    target = target_of(ctx, job)
    if not ctx.systems[target].takes_new(ctx.map(job.event.entity, target).spec):
        job.end(by_flow.not_made_there(target, job.event.entity))
        return
    with calling(ctx, target, [job]):
        try:
            job.plan.payload = compose(ctx, job, target, job.plan.due.get(target, {}), creating=True)
        except (RuleRefused, FieldUnreadable, LinkMissing) as no:
            refused(ctx, job, target, no)


def refused(ctx: Context, job: Job, system: str, no: RuleRefused | FieldUnreadable | LinkMissing) -> None:
    """Ends a job whose values must not, or cannot, go to `system`."""
    if isinstance(no, LinkMissing):
        await_link(ctx, job, system, no)
    else:
        held = isinstance(no, RuleRefused) and no.held
        if priced_by_ledger(job) and no.rule in (Rule.PRICE, Rule.ITEM):
            watch_prices(ctx, job)
        job.end(by_flow.refused(str(no), no.rule, no.field, no.value, held=held))
