"""Who waits for a record, and who watches it: registered here, and woken here."""

from collections.abc import Iterable

from shared.domain.link import MARK, ChangeEvent, Outcome, Wait
from shared.domain.record import replace
from shared.domain.rules import Rule
from shared.mapping.model import EntityFlow
from shared.mapping.rules import Requirement
from shared.ports import Stores
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.result import Ended


def wake(stores: Stores, system: str, entity: str, keys: Iterable[str], run_id: str) -> int:
    """How many records were woken."""
    waits = [wait for key in dict.fromkeys(keys) if key for wait in stores.waits.waiters(system, entity, key)]
    return wake_waits(stores, waits, run_id)


def wake_waits(stores: Stores, waits: list[Wait], run_id: str) -> int:
    if waits:
        stores.queue.send([_again(wait.event, run_id) for wait in waits])
        stores.waits.remove(waits)
    return len(waits)


def _again(event: ChangeEvent, run_id: str) -> ChangeEvent:
    """Without what a person said of it: the record's last row told them that this was not come to."""
    fresh = replace(event, cause="dependency", run_id=run_id, attempt=0, snapshot=None, observed_at=None)
    return replace(fresh, answer=None)


_RULES = (
    Rule.MATCH,
    Rule.TAKEN,
    Rule.TAX,
    Rule.EXCHANGE_RATE,
    Rule.UNKNOWN_OUTCOME,
    Rule.NOT_ALLOWED,
)
_OF_PRICES = (Rule.PRICE, Rule.ITEM)
"""What the ledger's prices and products say of a document that is priced by them."""
_MOST = 20
"""Of more than these, whichever changes, hardly one is the last in the way; the daily comparison looks at
them all."""


def watch(ctx: Context, job: Job, others: Iterable[tuple[str, str, str]]) -> None:
    """`others`: (system, entity, record id) of the records whose news matter to this one."""
    for system, entity, record_id in [*others][:_MOST]:
        ctx.stores.waits.add(Wait(system, entity, _key(record_id), job.event))


def watched(job: Job) -> list[tuple[str, str]]:
    """(system, key) for every record of this job that others may be watching. Nothing where nothing is new:
    two that watch each other would wake each other for ever."""
    if not isinstance(job.result, Ended) or not (
        job.done.news or job.result.outcome.rule in (Rule.DELETED, Rule.MOVED)
    ):
        return []
    ids = {(system, side.id) for system, side in job.link.sides.items() if side.id}
    ids |= {(system, record_id) for system, _, record_id in job.found.moved} | {
        (job.source, job.event.record_id)
    }
    return [(system, _key(record_id)) for system, record_id in sorted(ids)]


def depends_on_others(flow: EntityFlow, outcome: Outcome) -> bool:
    """Whether what was said rests on what the other system, or another record, shows. Looked at again now and
    then: the message that wakes it may be lost, and nobody tells of a new tax rate, price list or right."""
    asked = {one.name for one in flow.requirements if of_reference(flow, one)}
    if flow.pricing is not None and flow.pricing.by != "document":
        asked |= set(_OF_PRICES)
    return outcome.kind in ("held", "skipped") and (outcome.rule in _RULES or outcome.rule in asked)


def of_reference(flow: EntityFlow, requirement: Requirement) -> bool:
    """Whether the rule is about the record that this one refers to."""
    named = {requirement.field.partition(".")[0], str(requirement.value).partition(".")[0]}
    return not named.isdisjoint(one.name for one in flow.references)


def _key(record_id: str) -> str:
    return f"{MARK}twin {record_id}"
