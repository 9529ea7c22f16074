"""What was asked for in the console, in the state table: what may be read is plain, all else is encrypted
with the stack's key, bound to the purpose `asked`, integration, system and id. The console's role may encrypt
for this purpose, and decrypt nothing."""

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.ports.asked import LASTS, Asked
from shared.stores._faults import reaching
from shared.stores._keys import epoch, integration_name, moment, part, stamp
from shared.stores._table import Condition, Table

_PIECE = 4_000
_LONGEST = 8
"""Pieces of 4,000 bytes, which is what KMS encrypts at once."""


class AwsAskedStore:
    """`AskedStore` on the state table and one KMS key. `kms` gives the client when it is first needed."""

    def __init__(self, table: Table, kms: Callable[[], Any], key_id: str, integration: str) -> None:
        self._table, self._kms, self._key_id = table, kms, key_id
        self._integration = integration_name(integration)
        self._pk = f"{self._integration}#Q"

    def put(self, asked: Asked, values: Mapping[str, str]) -> None:
        """1 DynamoDB request, and 1 KMS request for 4 KB."""
        text = zlib.compress(json.dumps(dict(values)).encode())
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        if len(pieces) > _LONGEST:
            raise ValueError("what was entered is too long to be credentials")
        sealed = {
            f"p{number}": self._encrypt(piece, self._context(asked, number))
            for number, piece in enumerate(pieces)
        }
        plain = {"kind": asked.kind, "system": asked.system, "by": asked.by, "person": asked.person}
        plain["at"] = stamp(asked.at)
        ends = {"expires": epoch(asked.at + LASTS)}
        key = {"pk": self._pk, "sk": part(asked.id)}
        self._table.put({**key, **plain, **ends, "pieces": len(pieces), **sealed})

    def take(self, asked_id: str, now: datetime) -> tuple[Asked, dict[str, str]] | None:
        """2 DynamoDB requests, and 1 KMS request for 4 KB; of two callers only one deletes the row."""
        row = self._table.get(self._pk, part(asked_id))
        there = Condition("attribute_exists(#pk)")
        if row is None or not self._table.delete(self._pk, part(asked_id), there):
            return None
        asked = Asked(asked_id, row["kind"], row["system"], row["by"], moment(row["at"]), row["person"])
        if now >= asked.at + LASTS:
            return None
        pieces = (
            self._decrypt(row[f"p{number}"], self._context(asked, number)) for number in range(row["pieces"])
        )
        return asked, json.loads(zlib.decompress(b"".join(pieces)))

    def _context(self, asked: Asked, number: int) -> dict[str, str]:
        return {
            "purpose": "asked",
            "integration": self._integration,
            "system": asked.system,
            "id": asked.id,
            "piece": str(number),
        }

    def _encrypt(self, text: bytes, context: dict[str, str]) -> bytes:
        with reaching("KMS"):
            answer = self._kms().encrypt(KeyId=self._key_id, Plaintext=text, EncryptionContext=context)
        return bytes(answer["CiphertextBlob"])

    def _decrypt(self, sealed: bytes, context: dict[str, str]) -> bytes:
        with reaching("KMS"):
            answer = self._kms().decrypt(KeyId=self._key_id, CiphertextBlob=sealed, EncryptionContext=context)
        return bytes(answer["Plaintext"])
