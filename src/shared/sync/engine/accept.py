"""The values that a person accepted for this record, once both sides were read and show what the person saw.

What has changed since is not written and is told; nothing else about the record is held up by it.
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.answer import Answer
from shared.domain.link import Base
from shared.domain.outcomes import accepted
from shared.sync.engine import accepting
from shared.sync.engine.called import texts_of
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.observe import SideReading


def asked(job: Job) -> list[Answer]:
    """The newest word about each field."""
    said = {one.field: one for one in job.held.answers if one.kind == "accept"}
    return list(said.values())


def chosen(ctx: Context, job: Job, readings: Mapping[str, SideReading]) -> dict[str, Base]:
    """Field -> the value that stands, as the newest agreed one. Leaves in `done` what came of each answer."""
    found = dict[str, Base]()
    for answer in asked(job):
        job.done.heard.add(answer.field)
        why = _why_not(ctx, job, answer, readings)
        if why:
            job.done.notes.append(why)
            continue
        value = answer.value if answer.lost else readings[answer.system].values[answer.field]
        if _stands_already(job, answer, value, readings):
            continue
        found[answer.field] = Base(value, accepting.revision(job.link, answer.field) + 1, answer.system)
        job.done.notes.append(_told(ctx, job, answer, value, readings))
    job.plan.accepted |= found.keys()
    return found


def not_heard(job: Job) -> list[str]:
    """A sentence for each answer that the record's handling never came to."""
    left = [one for one in asked(job) if one.field not in job.done.heard]
    return [accepted.not_heard(one.by, one.field, one.system) for one in left]


def _why_not(ctx: Context, job: Job, answer: Answer, readings: Mapping[str, SideReading]) -> str:
    name, system = answer.field, answer.system
    views = {one: reading.values for one, reading in readings.items()}
    why = accepting.why_not(job.flow, job.link, name, system, views, lost=answer.lost)
    for one in job.flow.maps if not why else ():
        if one not in readings:
            why = accepted.not_there(one)
        elif name in job.found.unreadable.get(one, {}) or name not in readings[one].values:
            why = accepted.unreadable(name, one)
        elif one != system and name not in ctx.map(job.event.entity, one).writable:
            why = accepted.not_writable(name, one)
    if why:
        return accepted.refused(answer.by, name, system, why)
    value = answer.value if answer.lost else readings[system].values[name]
    if as_shown(job, answer, readings) or _stands_already(job, answer, value, readings):
        return ""
    return accepted.moved(answer.by, name, system)


def as_shown(job: Job, answer: Answer, readings: Mapping[str, SideReading]) -> bool:
    """Whether everything is still as the person saw it."""
    now = {
        system: accepting.digest(job.flow, answer.field, system, one.native)
        for system, one in readings.items()
    }
    return now == dict(answer.shown) and answer.rev == accepting.revision(job.link, answer.field)


def _stands_already(job: Job, answer: Answer, value: Any, readings: Mapping[str, SideReading]) -> bool:
    """Whether it was done before: a message may come twice."""
    name = answer.field
    agreed = job.link.base.get(name)
    return (
        agreed is not None
        and name not in job.link.held
        and agreed.rev > answer.rev
        and agreed.value == value
        and all(one.values[name] == one.norm(name, value) for one in readings.values())
    )


def _told(ctx: Context, job: Job, answer: Answer, value: Any, readings: Mapping[str, SideReading]) -> str:
    name = answer.field
    others = {
        system: one.values[name] for system, one in sorted(readings.items()) if one.values[name] != value
    }
    new, *replaced = texts_of(ctx, job.flow, name, [value, *others.values()])
    old = "".join(map(accepted.instead, others, replaced))
    say = accepted.put_back if answer.lost else accepted.stands
    return say(answer.by, answer.at, name, answer.system, new, old)
