"""What is on the disk before it is acknowledged. Pure. Imported only by `server.py`'s parts.

The state is saved every few seconds, and what a kill takes with it is found again: a record is looked up,
a queue filled by the next poll. Not so a token that its vendor has just replaced: the one before is worth
nothing any more, and only a person can sign in anew.
"""

import json
import re

_TOKENS = re.compile(r"[^#]+#T#[^#]+")


def at_once(target: str, body: bytes) -> bool:
    """Whether this request, of the operation that `X-Amz-Target` names, stores a token (see
    `shared/stores/aws_tokens.py`)."""
    if not target.endswith(".PutItem") or b"#T#" not in body:
        return False
    try:
        item = json.loads(body)["Item"]
        return item["sk"]["S"] == "token" and _TOKENS.fullmatch(item["pk"]["S"]) is not None
    except (ValueError, KeyError, TypeError):
        return False
