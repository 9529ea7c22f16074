"""Parts of unfinished sweeps in S3, below `spill/sweeps/`; the bucket's lifecycle removes them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.stores._faults import code, reaching
from shared.stores._keys import integration_name, joined
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
        with reaching("S3"):
            self._client().put_object(Bucket=self._bucket, Key=name, Body=data)
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

    def _read(self, name: str) -> bytes | None:
        try:
            with reaching("S3"):
                body: bytes = self._client().get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except ClientError as fault:
            if code(fault) in ("NoSuchKey", "AccessDenied"):  # without the right to list, S3 says the latter
                return None
            raise
        return body
