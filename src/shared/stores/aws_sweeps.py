"""Parts of unfinished sweeps in S3, below `spill/sweeps/`; the bucket's lifecycle removes them."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.stores._faults import code, reaching
from shared.stores._keys import integration_name, joined
from shared.stores._parts import part_without
from shared.stores.body import expand, shrink

ROOT = "spill/sweeps/"


class AwsSweepParts:
    """`SweepParts`. `client` gives the client of S3 when it is first needed."""

    def __init__(self, client: Callable[[], Any], bucket: str, integration: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{ROOT}{integration_name(integration)}/"

    def put(self, system: str, entity: str, part: Mapping[str, Any]) -> str:
        """1 request."""
        data = shrink(dict(part))
        digest = hashlib.sha256(data).hexdigest()[:40]
        name = f"{self._prefix}{joined(system, entity)}/{digest}.json.z"
        self._put(name, data)
        return name

    def get(self, names: Sequence[str]) -> list[dict[str, Any]] | None:
        """1 request for each."""
        found = []
        for name in names:
            data = self._read(name) if name.startswith(self._prefix) else None
            if data is None:
                return None
            found.append(expand(data))
        return found

    def erase(self, system: str, entity: str, ids: Collection[str], change: bool) -> int:
        """1 request for 1,000 names, 1 for each part, and 1 for each that is written again."""
        hits = 0
        for name in self._names(f"{self._prefix}{joined(system, entity)}/"):
            data = self._read(name)
            part = expand(data) if data is not None else {}
            rest = part_without(part, ids)
            if rest != part:
                hits += 1
                if change:
                    self._put(name, shrink(rest))
        return hits

    def _names(self, prefix: str) -> Iterator[str]:
        with reaching("S3"):
            pages = (
                self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            )
            for page in pages:
                yield from (found["Key"] for found in page.get("Contents", []))

    def _put(self, name: str, data: bytes) -> None:
        with reaching("S3"):
            self._client().put_object(Bucket=self._bucket, Key=name, Body=data)

    def _read(self, name: str) -> bytes | None:
        try:
            with reaching("S3"):
                body: bytes = self._client().get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except ClientError as fault:
            if code(fault) in ("NoSuchKey", "AccessDenied"):  # without the right to list, S3 says the latter
                return None
            raise
        return body
