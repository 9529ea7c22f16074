"""What stands behind the number that a record shows: whose it is where we did not give it, and whether the
record that we made still exists where its number is missing or was changed.

`look_behind_numbers` reads, in one request for all of a batch; `numbered` decides. Fills `whose` and
`readings` of `found`, and `remake` of `plan`.
"""

from datetime import UTC, datetime

from shared.domain.link import Outcome
from shared.domain.numbers import Whose
from shared.domain.outcomes import by_flow, watching
from shared.domain.record import replace
from shared.domain.wording import document
from shared.mapping.rules import Watch
from shared.ports import Gone, Snapshot
from shared.sync.engine.context import Context
from shared.sync.engine.faults import calling
from shared.sync.engine.job import Job
from shared.sync.engine.sides import target_of
from shared.sync.engine.watch import narrow
from shared.sync.engine.whose import but_for_number, number_of, whose


def look_behind_numbers(ctx: Context, jobs: list[Job]) -> None:
    """Only for records that are made once, and read from their origin."""
    once = [
        job
        for job in jobs
        if job.open
        and job.flow.create_once
        and job.source == job.link.origin_system
        and isinstance(job.found.readings.get(job.source), Snapshot)
        and job.source in job.found.canonical
    ]
    _whose(ctx, [job for job in once if _carries_a_number(ctx, job)])
    _still_there(ctx, [job for job in once if _lost_its_number(ctx, job)])


def _carries_a_number(ctx: Context, job: Job) -> bool:
    spec, values = ctx.map(job.event.entity, job.source).spec, _values(job)
    unmade = target_of(ctx, job) not in job.link.sides
    return unmade and bool(number_of(spec, values)) and but_for_number(spec, values)


def _lost_its_number(ctx: Context, job: Job) -> bool:
    """Whether the number of a record that was made is about to be written again, or it was gone."""
    side = job.link.sides.get(target_of(ctx, job))
    spec = ctx.map(job.event.entity, job.source).spec
    name = _number_field(ctx, job)
    if side is None or not side.id or name is None or name not in job.link.base:
        return False
    return side.gone or number_of(spec, _values(job)) != str(job.link.base[name].value or "")


def _number_field(ctx: Context, job: Job) -> str | None:
    object_map = ctx.map(job.event.entity, job.source)
    wanted = (object_map.spec.number_path,)
    return next((name for name, paths in object_map.native_paths.items() if paths == wanted), None)


def _values(job: Job) -> dict[str, object]:
    reading = job.found.readings[job.source]
    assert isinstance(reading, Snapshot)
    return dict(reading.values)


def _whose(ctx: Context, jobs: list[Job]) -> None:
    for entity, source in {(job.event.entity, job.source) for job in jobs}:
        group = [job for job in jobs if (job.event.entity, job.source) == (entity, source)]
        with calling(ctx, target_of(ctx, group[0]), group) as ready:
            if not ready:
                continue
            readings = [job.found.readings[source] for job in ready]
            found = whose(ctx, entity, source, [one for one in readings if isinstance(one, Snapshot)])
            for job in ready:
                reading = job.found.readings[source]
                assert isinstance(reading, Snapshot)
                job.found.whose = found[reading.id]


def _still_there(ctx: Context, jobs: list[Job]) -> None:
    """One reading of all that were made for these; a definite answer for each that a list does not show."""
    for entity, target in {(job.event.entity, target_of(ctx, job)) for job in jobs}:
        group = [job for job in jobs if job.event.entity == entity and target_of(ctx, job) == target]
        with calling(ctx, target, group) as ready:
            if not ready:
                continue
            spec, ids = narrow(ready[0].flow, ctx.map(entity, target)), [_id(job, target) for job in ready]
            listed = ctx.systems[target].look_over(spec, sorted(set(ids)))
            unlisted = sorted({one for one in ids if one not in listed})
            asked = ctx.systems[target].read(spec, unlisted) if unlisted else {}
            for job in ready:
                reading = listed.get(_id(job, target)) or asked[_id(job, target)]
                if isinstance(reading, Gone):
                    _gone(ctx, job, target, reading)
                elif isinstance(reading, Snapshot) and job.link.sides[target].gone:
                    job.found.readings[target] = reading


def _id(job: Job, target: str) -> str:
    return job.link.sides[target].id


def _gone(ctx: Context, job: Job, target: str, reading: Gone) -> None:
    """Where the flow says so, and a person cleared the number, it is made again under a key of its own."""
    spec = ctx.map(job.event.entity, job.source).spec
    again = (job.flow.watch or Watch()).vanished == "again"
    if not again or number_of(spec, _values(job)) or job.unknown_create():
        job.found.readings[target] = reading
        return
    side, name = job.link.sides[target], _number_field(ctx, job)
    here = job.link.sides[job.source]
    here = replace(here, rev={field: rev for field, rev in here.rev.items() if field != name})
    job.held.change(
        sides={job.source: here},
        base={field: agreed for field, agreed in job.link.base.items() if field != name},
    )
    job.renew_key()
    job.plan.remake = True
    job.done.notes.append(watching.made_again(side.label or side.id, document(job.event.entity)))


def numbered(ctx: Context, job: Job) -> bool:
    """Decides about a record that would be made but for its number. Returns whether that ended the job."""
    found, target = job.found.whose, target_of(ctx, job)
    spec = ctx.map(job.event.entity, job.source).spec
    field = spec.number_path or "number"
    if found is None:  # nobody asked: then it is as good as anybody's
        job.end(by_flow.filtered(field, "blank", None, number_of(spec, _values(job)), "number"))
        return True
    if found.kind == "another" and _to_be_ordered(ctx, job):
        job.done.notes.append(watching.number_replaced(found.number, found.owner))
        return False
    job.end(_outcome(found, job.source, field, target, document(job.event.entity)))
    return True


def _outcome(found: Whose, source: str, field: str, target: str, what: str) -> Outcome:
    if found.kind == "another":
        return watching.anothers_number(source, field, found.number, found.owner, what)
    if found.kind == "elsewhere":
        return watching.ordered_elsewhere(target, found.number, what)
    return watching.no_such_order(source, field, found.number, target, what)


def _to_be_ordered(ctx: Context, job: Job) -> bool:
    """The flow says that copies are ordered, and this one was entered after the integration went live."""
    if (job.flow.watch or Watch()).ordered != "create" or ctx.state.live_since is None:
        return False
    path = ctx.map(job.event.entity, job.source).spec.entered_path
    entered = _moment(_values(job).get(path or ""))
    return entered is not None and entered >= ctx.state.live_since


def _moment(value: object) -> datetime | None:
    """SugarCRM's older interface writes UTC without saying so."""
    try:
        found = datetime.fromisoformat(str(value or "").strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
