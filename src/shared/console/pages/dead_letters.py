"""Messages that four tries could not finish: how many, why, which record, and where the queue is."""

import time
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from shared.console.lines import facts_of
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record
from shared.operations.dead_letters import UNREADABLE, DeadLetter, groups, integration_of, understood
from shared.operations.known_links import Name, known_links
from shared.ports.dead_letters import QUEUES

_SHOWN = 100
"""Letters of this integration in one queue that are shown."""
_WHOLE = 10.0
"""Seconds for all queues together."""


@record
class Cause:
    """Letters of one queue that died of the same thing. `key` finds the group again, as long as it is so."""

    key: str
    letters: tuple[DeadLetter, ...]

    @property
    def why(self) -> str:
        return self.letters[0].cause

    @property
    def can_be_replayed(self) -> bool:
        return self.why != UNREADABLE


@record
class Listed:
    queue: str
    count: int
    address: str
    causes: tuple[Cause, ...]
    looked_at: int = 0
    more: bool = False


def show(visit: Visit) -> Reply:
    counts, found = listed(visit)
    return visit.show(
        "dead_letters.html",
        "Dead letters",
        queues=found,
        total=sum(counts.values()),
        names=names_of(visit, found),
    )


def listed(visit: Visit) -> tuple[dict[str, int], list[Listed]]:
    """Counts of all integrations together, and what this one may see."""
    store = visit.deployment.dead_letters
    counts, until, found = store.counts(), time.monotonic() + _WHOLE, list[Listed]()
    for queue in QUEUES:
        if counts.get(queue):
            seen, looked_at, more = looked(visit, queue, max(0.5, until - time.monotonic()))
            count = max(counts[queue], looked_at)
            found.append(Listed(queue, count, _in_aws(store.address(queue)), tuple(seen), looked_at, more))
    return counts, found


def names_of(visit: Visit, queues: Sequence[Listed]) -> dict[Name, str]:
    """What people call each record, with its number."""
    stores = visit.services.stores
    letters = [one for queue in queues for cause in queue.causes for one in cause.letters]
    subjects = list(dict.fromkeys(one.event.subject for one in letters if one.event is not None))
    links = known_links(stores, subjects)
    facts = facts_of(visit.services, [*links.values()])
    return {subject: facts[link.link_id].title for subject, link in links.items()}


def causes(visit: Visit, queue: str) -> list[Cause]:
    return looked(visit, queue, _WHOLE)[0]


def looked(visit: Visit, queue: str, seconds: float) -> tuple[list[Cause], int, bool]:
    """Of the letters of this integration and those that name none, the largest group first; how many
    messages of the queue were looked at for it, and whether there are more."""
    own = visit.services.integration.name
    seen = visit.deployment.dead_letters.look(
        queue, lambda one: integration_of(one) in ("", own), _SHOWN, seconds
    )
    found = understood(seen.letters, lambda name: visit.services.stores if name == own else None)
    mine = [one for one in found if one.integration in ("", own)]
    return [Cause(key, tuple(group)) for key, group in groups(mine).items()], seen.looked_at, seen.more


def _in_aws(address: str) -> str:
    """The queue's page in the AWS console; "" where it is no queue of AWS."""
    host = urlsplit(address).netloc
    if not host.startswith("sqs.") or not host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return ""
    region = host.split(".")[1]
    page = f"https://{region}.console.aws.amazon.com/sqs/v3/home?region={region}"
    return f"{page}#/queues/{quote(address, safe='')}"
