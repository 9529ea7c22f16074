"""Session and OAuth tokens in DynamoDB, each encrypted with KMS and bound to integration, system and
generation.

KMS encrypts at most 4,096 bytes per call; a longer value is encrypted in numbered pieces, each bound to its
number as well, so that only KMS ever does the cryptography.
"""

import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.ports import Token, TokenTimes
from shared.stores import _lease_rows
from shared.stores._attributes import Item
from shared.stores._faults import reaching
from shared.stores._keys import integration_name, moment, part, stamp
from shared.stores._table import Condition, Table

_PIECE = 4_000
_LONGEST = 16
_MOST = 200
"""So many opened pieces are kept in a warm function."""


class AwsTokenStore:
    """`TokenStore` on the state table and one KMS key. `kms` gives the client when it is first needed."""

    def __init__(
        self,
        table: Table,
        kms: Callable[[], Any],
        key_id: str,
        integration: str,
        opened: dict[bytes, bytes] | None = None,
    ) -> None:
        """`opened`: what was decrypted already, by what it was decrypted from. The row is read every time, so
        nothing here can be out of date."""
        self._opened = {} if opened is None else opened
        self._table = table
        self._kms = kms
        self._key_id = key_id
        self._integration = integration_name(integration)

    def load(self, system: str) -> Token | None:
        """1 DynamoDB request, strongly consistent, and 1 KMS request for 4 KB that is met for the first
        time."""
        item = self._table.get(self._pk(system), "token")
        return None if item is None else self._token(system, item)

    def save(self, system: str, token: Token, expected_generation: int) -> bool:
        """1 KMS request for 4 KB and 1 DynamoDB request. Raises ValueError for a token over 64 KB."""
        text = zlib.compress(json.dumps(dict(token.value)).encode())
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        if len(pieces) > _LONGEST:
            raise ValueError(
                f"the token of {system} is {len(text)} bytes long, too long for a token: check the sign-in "
                "answer"
            )
        sealed = {
            f"p{index}": self._encrypt(piece, self._context(system, token.generation, index, len(pieces)))
            for index, piece in enumerate(pieces)
        }
        row = {
            "pk": self._pk(system),
            "sk": "token",
            "generation": token.generation,
            "pieces": len(pieces),
            "expires_at": stamp(token.expires_at),
            **({"renewable": token.value["refresh_until"]} if token.value.get("refresh_until") else {}),
            **sealed,
        }
        return self._table.put(row, expecting(expected_generation))

    def times(self, system: str) -> TokenTimes | None:
        """1 request. A time is no secret, so it stands beside what is encrypted."""
        item = self._table.get(self._pk(system), "token")
        if item is None:
            return None
        until = item.get("renewable")
        return TokenTimes(moment(item["expires_at"]), moment(until) if until else None)

    def forget(self, system: str) -> None:
        """1 request."""
        self._table.delete(self._pk(system), "token")

    def lock(self, system: str, owner: str, until: datetime, now: datetime) -> bool:
        """1 request. Outlives the call that took it, until `until`."""
        return _lease_rows.take(self._table, self._pk(system), "lock", owner, until, now)

    def unlock(self, system: str, owner: str) -> None:
        """1 request."""
        _lease_rows.drop(self._table, self._pk(system), "lock", owner)

    def _pk(self, system: str) -> str:
        return f"{self._integration}#T#{part(system)}"

    def _token(self, system: str, item: Item) -> Token:
        count, generation = item["pieces"], item["generation"]
        text = b"".join(
            self._decrypt(item[f"p{index}"], self._context(system, generation, index, count))
            for index in range(count)
        )
        return Token(json.loads(zlib.decompress(text)), moment(item["expires_at"]), generation)

    def _context(self, system: str, generation: int, index: int, count: int) -> dict[str, str]:
        return {
            "integration": self._integration,
            "system": system,
            "generation": str(generation),
            "piece": f"{index + 1} of {count}",
        }

    def _encrypt(self, text: bytes, context: dict[str, str]) -> bytes:
        with reaching("KMS"):
            answer = self._kms().encrypt(KeyId=self._key_id, Plaintext=text, EncryptionContext=context)
        return bytes(answer["CiphertextBlob"])

    def _decrypt(self, sealed: bytes, context: dict[str, str]) -> bytes:
        known = hashlib.sha256(repr(sorted(context.items())).encode() + sealed).digest()
        if known not in self._opened:
            with reaching("KMS"):
                answer = self._kms().decrypt(
                    KeyId=self._key_id, CiphertextBlob=sealed, EncryptionContext=context
                )
            if len(self._opened) >= _MOST:
                self._opened.clear()
            self._opened[known] = bytes(answer["Plaintext"])
        return self._opened[known]


def expecting(generation: int) -> Condition:
    if generation == 0:
        return Condition("attribute_not_exists(#pk)")
    return Condition("#generation = :expected", {":expected": generation})
