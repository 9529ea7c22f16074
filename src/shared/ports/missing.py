"""The port that keeps which records a system no longer shows, and what a person said of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from shared.domain.record import record

Verdict = Literal["listed", "believed", "asked", "gone", "kept"]
"""listed: a list says so, and nobody has looked yet. believed: deleted, one of few. asked: one of many, a
person decides. gone, kept: a person has decided."""


@record
class Missing:
    """`at`: when it was first missed, or when the verdict was given. `of`: how many records the list had when
    it was counted, 0 where nobody had to count."""

    id: str
    at: datetime
    label: str = ""
    verdict: Verdict = "believed"
    of: int = 0


class MissingStore(Protocol):
    """A row for each missing record of a list, which is one entity in one system. A verdict is changed only
    where it still is what the caller read."""

    def note(self, system: str, entity: str, found: Sequence[Missing]) -> None:
        """Rows for those that have none yet. Whoever notes first and lists then sees all that others noted
        before: so of any number of workers the last one has the whole count."""
        ...

    def listed(self, system: str, entity: str) -> list[Missing]:
        """By id; strongly consistent."""
        ...

    def settle(self, system: str, entity: str, found: Sequence[Missing], to: Missing) -> list[str]:
        """Gives verdict, time and `of` of `to` to those whose verdict is still the one in `found`, and
        returns their ids."""
        ...

    def drop(self, system: str, entity: str, ids: Sequence[str]) -> None: ...
    def flag(self, system: str, entity: str) -> None:
        """From now on `IntegrationState.missing` names this list."""
        ...

    def unflag(self, system: str, entity: str) -> None: ...
