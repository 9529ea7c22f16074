"""Messages that four tries could not finish: how many, why, which record, and where the queue is."""

import hashlib
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record
from shared.operations.dead_causes import Dead, understood
from shared.operations.record_facts import record_facts
from shared.ports.dead_letters import QUEUES, Letter

_PEEKED = 50
"""Letters of one queue that are looked at."""


@record
class Cause:
    """Letters of one queue that died of the same thing. `key` finds the group again, as long as it is so."""

    queue: str
    why: str
    letters: tuple[Letter, ...]
    dead: tuple[Dead, ...]

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.queue}\0{self.why}".encode()).hexdigest()[:16]

    @property
    def can_be_replayed(self) -> bool:
        return all(one.can_be_replayed for one in self.dead)


@record
class Listed:
    queue: str
    count: int
    address: str
    causes: tuple[Cause, ...]


def show(visit: Visit) -> Reply:
    store = visit.deployment.dead_letters
    counts = store.counts()
    found = []
    for queue in QUEUES:
        if counts.get(queue):
            groups = causes(visit, letters_of(visit, queue))
            found.append(Listed(queue, counts[queue], _in_aws(store.address(queue)), tuple(groups)))
    dead = [one for queue in found for cause in queue.causes for one in cause.dead]
    links = {one.link.link_id: one.link for one in dead if one.link is not None}
    names = record_facts(visit.services.flow, visit.services.stores.links, [*links.values()])
    return visit.show(
        "dead_letters.html", "Dead letters", queues=found, total=sum(counts.values()), names=names
    )


def letters_of(visit: Visit, queue: str) -> list[Letter]:
    """Those of this integration, and those that say of none."""
    found = visit.deployment.dead_letters.peek(queue, _PEEKED)
    return [one for one in found if one.group in ("", visit.services.integration.name)]


def causes(visit: Visit, letters: Sequence[Letter]) -> list[Cause]:
    """The largest group first."""
    groups: dict[tuple[str, str], list[Dead]] = {}
    for one in understood(visit.services.integration.name, visit.services.stores, letters):
        groups.setdefault((one.letter.queue, one.why), []).append(one)
    made = [
        Cause(queue, why, tuple(one.letter for one in dead), tuple(dead))
        for (queue, why), dead in groups.items()
    ]
    return sorted(made, key=lambda group: -len(group.letters))


def _in_aws(address: str) -> str:
    """The queue's page in the AWS console; "" where it is no queue of AWS."""
    host = urlsplit(address).netloc
    if not host.startswith("sqs.") or not host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return ""
    region = host.split(".")[1]
    page = f"https://{region}.console.aws.amazon.com/sqs/v3/home?region={region}"
    return f"{page}#/queues/{quote(address, safe='')}"
