"""The archive in S3: gzipped JSON lines, one object for each write, grouped by run.

Names are `archive/{integration}/{yyyy}/{mm}/{dd}/{run_id}/{time}-{random}.jsonl.gz`; the day comes from the
run id, so that reading a run lists only its own objects. A write never replaces another.
"""

import gzip
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from shared.stores._archive_names import day_folder, object_time, own, parse, run_folder, text
from shared.stores._faults import reaching
from shared.stores._keys import integration_name


class AwsArchive:
    """`Archive` on a bucket. `s3` gives the client when it is first needed."""

    def __init__(
        self, s3: Callable[[], Any], bucket: str, integration: str, now: Callable[[], datetime]
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._root = f"archive/{integration_name(integration)}/"
        self._now = now

    def write(self, run_id: str, lines: Sequence[Mapping[str, Any]]) -> str:
        """1 request."""
        name = f"{run_folder(self._root, run_id)}{object_time(self._now())}-{uuid.uuid4().hex}.jsonl.gz"
        self._put(name, lines)
        return name

    def read(self, run_id: str) -> Iterator[dict[str, Any]]:
        """In the order of writing. 1 request for each 1,000 objects and 1 for each object."""
        for name in self._names(run_folder(self._root, run_id)):
            yield from self.lines(name)

    def objects(self) -> Iterator[str]:
        """1 request for 1,000 names."""
        return self._names(self._root)

    def objects_of(self, day: date) -> Iterator[str]:
        """1 request for 1,000 names."""
        return self._names(day_folder(self._root, day))

    def lines(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        """1 request. Raises ValueError for an object outside this integration's archive."""
        with reaching("S3"):
            answer = self._s3().get_object(Bucket=self._bucket, Key=own(self._root, name))
            return parse(gzip.decompress(answer["Body"].read()), kind)

    def rewrite(self, name: str, lines: Sequence[Mapping[str, Any]] | None) -> None:
        """1 request. Raises ValueError for an object outside this integration's archive."""
        found = own(self._root, name)
        if lines is not None:
            self._put(found, lines)
            return
        with reaching("S3"):
            self._s3().delete_object(Bucket=self._bucket, Key=found)

    def _put(self, name: str, lines: Sequence[Mapping[str, Any]]) -> None:
        with reaching("S3"):
            self._s3().put_object(
                Bucket=self._bucket, Key=name, Body=gzip.compress(text(lines)), ContentType="application/gzip"
            )

    def _names(self, prefix: str) -> Iterator[str]:
        with reaching("S3"):
            for page in (
                self._s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            ):
                yield from (found["Key"] for found in page.get("Contents", []))
