"""What came of the changes of one part."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """`held`: left for a person, who is told why. `wrong`: the first cases, in words."""

    changes: int = 0
    lost: int = 0
    doubled: int = 0
    stale: int = 0
    unexplained: int = 0
    held: int = 0
    dead_letters: int = 0
    calls: int = 0
    blows: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def say(self, kind: str, what: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.wrong = [*self.wrong, f"{kind}: {what}"][:5]

    def add(self, other: "Tally") -> None:
        for name in ("changes", "lost", "doubled", "stale", "unexplained", "held", "dead_letters", "calls"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.blows += other.blows
        self.wrong = [*self.wrong, *other.wrong][:5]

    def stored(self) -> dict[str, Any]:
        return {**vars(self), "blows": dict(self.blows)}

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Tally":
        return cls(**{**row, "blows": Counter(row["blows"])})
