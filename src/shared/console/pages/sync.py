"""Every list that is read, when it last was and what came of it, with a button to read it now; and what the
brake stopped."""

from shared.console.pulse import RECENT, Cycle, pulse
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.titles import title
from shared.domain.wording import words


def show(visit: Visit) -> Reply:
    found = pulse(visit.services, visit.deployment)
    return visit.show(
        "sync.html",
        "Sync",
        cycles=found.cycles,
        entities=list(dict.fromkeys(one.entity for one in found.cycles)),
        recent=RECENT,
        follow=_going_on(visit, found.cycles),
        stopped=[(key, _named(key), why) for key, why in visit.services.state.braked.items()],
        live=visit.services.state.live,
    )


def _going_on(visit: Visit, cycles: tuple[Cycle, ...]) -> bool:
    """Whether what was asked for is still to come, so that the page looks again."""
    asked = visit.query.get("since", "")
    if not asked.isdecimal() or len(asked) > 12 or visit.now.timestamp() - int(asked) > 300:
        return False
    return any(
        one.last is None
        or one.last.run.finished_at is None
        or one.last.run.started_at.timestamp() < int(asked)
        for one in cycles
        if visit.query.get("entity", "") in ("", one.entity)
    )


def _named(key: str) -> str:
    entity, _, system = key.partition(".")
    return f"{words(entity)} list in {title(system)}"
