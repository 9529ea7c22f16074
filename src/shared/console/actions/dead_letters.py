"""Dead letters put back on their queue, or dropped: one, a group of one cause, those of a queue, or all."""

from shared.console.pages.dead_letters import causes
from shared.console.visit import Done, Visit
from shared.ports.dead_letters import QUEUES


def act(visit: Visit) -> Done:
    """`cause` is a group as the page named it; `letter` one of them. Both are looked for again, among what
    this integration may see."""
    said = visit.request.said
    queue, what = said("queue"), said("do")
    if what not in ("replay", "drop") or queue not in ("", *QUEUES):
        return Done("nothing", "dead-letters")
    count, store = 0, visit.deployment.dead_letters
    for name in (queue,) if queue else QUEUES:
        ids = _chosen(visit, name, what, said("cause"), said("letter"))
        if ids:
            count += store.replay(name, ids) if what == "replay" else store.drop(name, ids)
    if not count:
        return Done("no-letter", "dead-letters")
    return Done("replayed" if what == "replay" else "dropped", "dead-letters", count=count)


def _chosen(visit: Visit, queue: str, what: str, cause: str, letter: str) -> set[str]:
    named = [group for group in causes(visit, queue) if cause in ("", group.key)]
    possible = [group for group in named if what == "drop" or group.can_be_replayed]
    ids = {one.letter.id for group in possible for one in group.letters}
    return {letter} & ids if letter else ids
