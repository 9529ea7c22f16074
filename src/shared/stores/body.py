"""The JSON body of a row: compressed, and moved to S3 when it would not fit into an item.

A 500-line invoice must fit; DynamoDB takes 400 KB an item. A moved body is named by its content and is never
overwritten or removed by a save, so that a table restored to an earlier moment still finds it.
"""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from shared.domain import codec
from shared.stores._dictionaries import DICTIONARIES, NEWEST
from shared.stores._faults import reaching

LIMIT, INTENT_LIMIT = 350_000, 40_000
"""Bytes after compression; together they fit into one item."""
_WITH_DICTIONARY = 0x20
"""A flag in the second byte of what zlib makes (RFC 1950): four bytes follow that name the dictionary."""


def shrink(value: Any) -> bytes:
    """zlib over JSON, with the newest dictionary, which the result names. Lone surrogates, which some vendors
    send, survive."""
    packer = zlib.compressobj(9, zdict=NEWEST)
    return packer.compress(codec.dumps(value).encode("utf-8", "surrogatepass")) + packer.flush()


def expand(data: bytes) -> Any:
    """Raises ValueError for a body that was packed with a dictionary of a later release."""
    if not data[1] & _WITH_DICTIONARY:
        return codec.loads(zlib.decompress(data))
    name = int.from_bytes(data[2:6], "big")
    if name not in DICTIONARIES:
        raise ValueError(
            f"a row was packed with the dictionary {name:08x}, which this release does not have: deploy the "
            "newer release"
        )
    return codec.loads(zlib.decompressobj(zdict=DICTIONARIES[name]).decompress(data))


class Bodies:
    """`s3` is asked for a client only when something is moved, so most functions never create one."""

    def __init__(self, s3: Callable[[], Any], bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def pack(self, value: Any, prefix: str, most: int = LIMIT) -> tuple[bytes | None, str | None]:
        """The bytes, or the name of an object in S3 after 1 S3 request. `prefix` ends with `/`."""
        data = shrink(value)
        if len(data) <= most:
            return data, None
        name = f"{prefix}{hashlib.sha256(data).hexdigest()[:40]}.json.z"
        with reaching("S3"):
            self._s3().put_object(Bucket=self._bucket, Key=name, Body=data)
        return None, name

    def unpack(self, data: bytes | None, name: str | None) -> Any:
        """The value of what `pack` gave; 1 S3 request when the body was moved."""
        if name is None:
            assert data is not None
            return expand(data)
        with reaching("S3"):
            return expand(self._s3().get_object(Bucket=self._bucket, Key=name)["Body"].read())

    def forget(self, prefix: str) -> None:
        """Removes every moved body under `prefix`, older ones too. 1 S3 request a thousand, and 1 to list
        them."""
        with reaching("S3"):
            client = self._s3()
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                keys = [{"Key": found["Key"]} for found in page.get("Contents", [])]
                if keys:
                    client.delete_objects(Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True})


def readable(value: Any) -> Any:
    """`value` in a form that the codec accepts, for what vendors send: a JSON float becomes the Decimal of
    its shortest form."""
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else repr(value)
    if isinstance(value, Mapping):
        return {str(key): readable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(item) for item in value]
    return value
