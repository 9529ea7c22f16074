"""Dead letters put back on their queue, or dropped: one, a group of one cause, those of a queue, or all."""

from shared.console.pages.dead_letters import causes, letters_of
from shared.console.visit import Done, Visit
from shared.ports.dead_letters import QUEUES


def act(visit: Visit) -> Done:
    """`cause` is the group's place on the page; `letter` one of them."""
    said = visit.request.said
    queue, what = said("queue"), said("do")
    if what not in ("replay", "drop") or queue not in ("", *QUEUES):
        return Done("nothing", "dead-letters")
    wanted, chosen = said("cause"), said("letter")
    count, store = 0, visit.deployment.dead_letters
    for name in (queue,) if queue else QUEUES:
        letters = letters_of(visit, name)
        groups = causes(visit, letters)
        named = [group for group in groups if wanted in ("", group.key)]
        ids = {
            one.letter.id for group in named for one in group.dead if what == "drop" or one.can_be_replayed
        }
        ids = {chosen} & ids if chosen else ids
        if ids:
            count += store.replay(name, ids) if what == "replay" else store.drop(name, ids)
    if not count:
        return Done("no-letter", "dead-letters")
    return Done("replayed" if what == "replay" else "dropped", "dead-letters", count=count)
