"""Why a record is where it is, or why it is nowhere: every cause that holds, what decides it first, each with
its cure.

What is stored is asked first. A record that left no trace, or only a row, is read from its system once, and
then planned as a poll would do it, without writing anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from shared.bootstrap import Services
from shared.domain.causes import Cause, of_outcome
from shared.domain.link import Link, LogRow
from shared.domain.record import record
from shared.operations.dead_letters import DeadLetter
from shared.operations.known_links import Name
from shared.operations.record_facts import Facts, record_facts
from shared.operations.why_list import of_integration, of_list
from shared.operations.why_stored import at_work, of_letters, of_stored, traces
from shared.operations.why_vendor import of_vendor

_SETTLED = ("there", "other link")


@record
class Why:
    """`causes`: the first one decides; none is never the answer. `link` is the record's link, `row` its
    newest row, if it has any."""

    name: Name
    causes: tuple[Cause, ...]
    facts: Facts = field(default_factory=Facts)
    link: Link | None = None
    row: LogRow | None = None


def why(
    services: Services,
    name: Name,
    *,
    letters: Callable[[str], Sequence[DeadLetter]] = lambda queue: (),
    unread: Mapping[str, str] | None = None,
) -> Why:
    """`letters`: the dead letters of a queue, asked for where they may tell something. `unread`: entity ->
    the sentence that no function reads its queue. Reads the record once at most, and what a plan of it reads.
    Raises what storage raises, and no SyncError of a connector."""
    link, row = traces(services, name)
    found = list(of_integration(services, name, link))
    if not any(one.name in ("not in the flow", "not in the mapping", "only looked up") for one in found):
        found += _of_record(services, name, link, row, letters, found)
        if not any(one.name in _SETTLED for one in found):
            found += [*of_list(services, name, unread or {}, found)]
    causes = tuple({(one.name, one.says): one for one in found}.values())
    facts = record_facts(services.flow, services.stores.links, [link])[link.link_id] if link else Facts()
    return Why(name, causes, facts, link, row)


def _of_record(
    services: Services,
    name: Name,
    link: Link | None,
    row: LogRow | None,
    letters: Callable[[str], Sequence[DeadLetter]],
    before: Sequence[Cause],
) -> Iterator[Cause]:
    yield from at_work(services, name, link)
    told = list(of_stored(services, name, link, row))
    yield from told
    yield from of_letters(name, letters(name[1]), told)
    stopped = {one.name for one in before} & {"switched off", "wrong way"}
    if link is None and not stopped:
        yield from of_vendor(services, name, row)
    elif link is None and row is not None and not told:
        yield of_outcome(row.outcome)
