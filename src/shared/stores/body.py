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
from shared.stores._faults import reaching

LIMIT = 350_000
"""Bytes after compression."""


def shrink(value: Any) -> bytes:
    """zlib over JSON. Lone surrogates, which some vendors send, survive."""
    return zlib.compress(codec.dumps(value).encode("utf-8", "surrogatepass"))


def expand(data: bytes) -> Any:
    return codec.loads(zlib.decompress(data))


class Bodies:
    """`s3` is asked for a client only when something is moved, so most functions never create one."""

    def __init__(self, s3: Callable[[], Any], bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def pack(self, value: Any, prefix: str) -> dict[str, Any]:
        """`{"data": bytes}`, or `{"spill": object name}` after 1 S3 request. `prefix` ends with `/`."""
        data = shrink(value)
        if len(data) <= LIMIT:
            return {"data": data, "spill": None}
        name = f"{prefix}{hashlib.sha256(data).hexdigest()[:40]}.json.z"
        with reaching("S3"):
            self._s3().put_object(Bucket=self._bucket, Key=name, Body=data)
        return {"data": None, "spill": name}

    def unpack(self, item: Mapping[str, Any]) -> Any:
        """The value; 1 S3 request when the body was moved."""
        if "spill" not in item:
            return expand(item["data"])
        with reaching("S3"):
            return expand(self._s3().get_object(Bucket=self._bucket, Key=item["spill"])["Body"].read())

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
