"""Our key: the link id, and what is written into the target so that a record can be found again whatever
happens."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

OUR_KEY = re.compile(r"([A-Z2-7]{24})(?:-(\d{1,4}))?")


def link_id(integration: str, entity: str, origin_system: str, origin_id: str, turn: int = 1) -> str:
    """24 base32 characters that depend only on the origin of the record. `turn`: see `whose`."""
    text = "\x1f".join((integration, entity, origin_system, origin_id, *([str(turn)] if turn > 1 else [])))
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:24]


def target_key(link: str, generation: int) -> str:
    """What goes into the target's reference field: the link id, and `-N` once a create needed another key."""
    return link if generation == 0 else f"{link}-{generation}"


def write_key(link: str, revision: int, values: Mapping[str, Any]) -> str:
    """The same when the same write is repeated, different for any other write: derived from link, revision
    and payload."""
    text = json.dumps([link, revision, values], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
