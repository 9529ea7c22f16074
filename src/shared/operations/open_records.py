"""What is open: every record that failed, is held, was skipped and can be mended, or waits for another.

Read through the index of the links by outcome, so it costs what is open, and nothing for what is not. Of each
kind and entity at most so many are read: `Open.complete` says whether that was all.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from shared.domain.link import Link, Outcome, OutcomeKind
from shared.domain.open_outcomes import NEED_A_PERSON, OPEN
from shared.domain.record import record
from shared.ports import Stores

MOST = 500
"""Links read of each entity and kind: more than anybody reads, and a few requests."""


@record
class Open:
    """`links` of all kinds asked for, what needs a person most first, the oldest first within a kind.
    `more`: (entity, kind) of which there are more than were read."""

    links: tuple[Link, ...]
    more: frozenset[tuple[str, str]] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> how many; at least that many for a kind in `cut`."""
        found = dict.fromkeys(OPEN, 0)
        for link in self.links:
            found[kind_of(link)] += 1
        return {kind: number for kind, number in found.items() if number}

    @property
    def cut(self) -> frozenset[str]:
        return frozenset(kind for _, kind in self.more)

    @property
    def needs_a_person(self) -> bool:
        return any(kind_of(link) in NEED_A_PERSON for link in self.links)


def open_records(
    stores: Stores, entities: Iterable[str], kinds: Sequence[OutcomeKind] = OPEN, most: int = MOST
) -> Open:
    """1 request for each entity, and 1 for 100 links. Raises what storage raises."""
    found, more = list[Link](), set[tuple[str, str]]()
    for entity in entities:
        counted = Counter[str]()
        for link in stores.links.unsettled(entity, kinds, most + 1):
            counted[kind_of(link)] += 1
            if counted[kind_of(link)] <= most:
                found.append(link)
        more |= {(entity, kind) for kind, number in counted.items() if number > most}
    return Open(tuple(sorted(found, key=_order)), frozenset(more))


def outcome_of(link: Link) -> Outcome:
    """Of a link that is open."""
    assert link.outcome is not None
    return link.outcome


def kind_of(link: Link) -> OutcomeKind:
    return outcome_of(link).kind


_NEVER = datetime.min.replace(tzinfo=UTC)


def _order(link: Link) -> tuple[int, datetime, str]:
    return OPEN.index(kind_of(link)), link.updated_at or _NEVER, link.link_id
