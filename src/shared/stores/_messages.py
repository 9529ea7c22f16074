"""The body of a queue message: one change event, small enough, in characters that SQS accepts."""

import re
from dataclasses import replace

from shared.domain import codec
from shared.domain.link import ChangeEvent

SNAPSHOT_LIMIT = 65_536
"""Bytes of JSON."""
LONGEST_DELAY = 900
"""Seconds; SQS's own limit."""
_REFUSED = re.compile("[\ud800-\udfff\ufffe\uffff]")


def body(event: ChangeEvent) -> str:
    """The message: JSON without the characters that SQS refuses, which stay readable as escapes."""
    text = codec.dumps(small(event))
    return _REFUSED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def small(event: ChangeEvent) -> ChangeEvent:
    """The event without a snapshot that is too large to carry."""
    if (
        event.snapshot is None
        or len(codec.dumps(event.snapshot).encode("utf-8", "surrogatepass")) <= SNAPSHOT_LIMIT
    ):
        return event
    return replace(event, snapshot=None, observed_at=None, snapshot_version=None)


def check_delay(seconds: int) -> None:
    if not 0 <= seconds <= LONGEST_DELAY:
        raise ValueError(
            f"a message cannot be delayed by {seconds} seconds (0 to {LONGEST_DELAY}): park it instead"
        )
