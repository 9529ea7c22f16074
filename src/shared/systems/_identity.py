"""Whose a stored token is: a salted digest of the address, the user, the client and the password it was got
with.

It tells whether any of them was changed since, and none of them can be read out of it.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache

_ROUNDS = 2_000
"""A millisecond or two a digest, so that a password is not guessed at the speed of a bare hash. The row is
encrypted on top of that."""


def mark(identity: tuple[str, ...], before: str = "") -> str:
    """`salt.digest`, with the salt of an earlier mark if there is one: a warm process then computes it
    once."""
    salt = before.partition(".")[0] or os.urandom(8).hex()
    return f"{salt}.{_digest(salt, identity)}"


def bears(stored: str, identity: tuple[str, ...]) -> bool:
    """Whether this mark was made of this identity. Never so for "", which is no mark."""
    return bool(stored) and hmac.compare_digest(stored, mark(identity, stored))


@lru_cache(maxsize=32)
def _digest(salt: str, identity: tuple[str, ...]) -> str:
    text = json.dumps(identity).encode()
    return hashlib.pbkdf2_hmac("sha256", text, salt.encode(), _ROUNDS, 16).hex()
