"""What is open, grouped by reason: one group for everything of an entity that the same rule stopped for the
same field."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.link import Link, OutcomeKind
from shared.domain.open_outcomes import OPEN
from shared.domain.record import record
from shared.operations.open_records import Open, outcome_of


@record
class Group:
    """`links` oldest first, so the first is the example. `more`: there are more of this entity and kind than
    were read, and some of them may belong here."""

    kind: OutcomeKind
    entity: str
    rule: str
    field: str
    links: tuple[Link, ...]
    more: bool = False

    @property
    def example(self) -> Link:
        return self.links[0]

    @property
    def reason(self) -> str:
        """The sentence of the example, which names its own value."""
        return outcome_of(self.example).reason

    @property
    def since(self) -> datetime | None:
        return self.example.updated_at


def open_groups(found: Open) -> list[Group]:
    """What needs a person most first, then the one that is open for the longest."""
    groups: dict[tuple[OutcomeKind, str, str, str], list[Link]] = {}
    for link in found.links:  # oldest first within a kind
        outcome = outcome_of(link)
        groups.setdefault((outcome.kind, link.entity, str(outcome.rule), outcome.field), []).append(link)
    made = [
        Group(kind, entity, rule, field, tuple(links), (entity, kind) in found.more)
        for (kind, entity, rule, field), links in groups.items()
    ]
    return sorted(made, key=lambda group: OPEN.index(group.kind))


def of_kinds(groups: Iterable[Group], kinds: Iterable[str]) -> list[Group]:
    wanted = frozenset(kinds)
    return [group for group in groups if group.kind in wanted]
