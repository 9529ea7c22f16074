"""What a person says of one record, on its way to whoever handles the record next."""

from collections.abc import Mapping
from dataclasses import field as filled
from datetime import datetime
from typing import Any, Literal

from shared.domain.record import record

AnswerKind = Literal["accept", "skip", "take up"]


@record
class Answer:
    """`accept`: the value of `system` stands for `field`; `skip`: the record is left out for good; `take up`:
    it is not any more. `by` is what the person is called.

    An acceptance holds only while all is as it was shown: `rev` is the revision of the agreed value (-1:
    nothing was agreed), `shown` is system -> digest of what its record showed (`sync/engine/accepting.py`).
    """

    kind: AnswerKind
    by: str
    at: datetime
    field: str = ""
    system: str = ""
    rev: int = -1
    shown: Mapping[str, str] = filled(default_factory=dict)
    lost: bool = False
    """Whether `value`, which lost to another one and was kept in the log, is put back on both sides."""
    value: Any = None


@record
class LeftOut:
    """A record that a person left out for good: who said so, and when."""

    by: str
    at: datetime
