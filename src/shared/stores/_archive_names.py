"""How archive objects are named and written: shared by the bucket and its memory twin.

`archive/{integration}/{yyyy}/{mm}/{dd}/{run_id}/…`, the day taken from the run id, so that a run is one
prefix.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from shared.domain import codec
from shared.stores._keys import run_day
from shared.stores.body import readable


def run_folder(root: str, run_id: str) -> str:
    """Where a run's objects are. A run id without a date goes under `undated`."""
    return f"{root}{'/'.join(run_day(run_id) or ('undated',))}/{quote(run_id, safe='')}/"


def day_folder(root: str, day: date) -> str:
    return f"{root}{day:%Y/%m/%d}/"


def object_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%H%M%S%f")


def own(root: str, name: str) -> str:
    if not name.startswith(root):
        raise ValueError(f"{name} is not an object of the archive {root}")
    return name


def text(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """Numbers that a vendor sent as JSON floats are kept as Decimals of the same digits."""
    return "".join(f"{codec.dumps(readable(line))}\n" for line in lines).encode("utf-8", "surrogatepass")


def parse(data: bytes, kind: str = "") -> list[dict[str, Any]]:
    """A line's kind stands first in it, so that lines of other kinds are not parsed."""
    from pydantic_core import from_json  # most that name or write archive objects never read one

    start = f'{{"kind":"{kind}"'.encode() if kind else b""
    quickly = partial(from_json, cache_strings="keys")  # values seldom come again, names always do
    lines = [line for line in data.split(b"\n") if line and line.startswith(start)]
    try:  # one byte is looked for much faster than three
        return [_with_tags(line) if b"$" in line and b'"$"' in line else quickly(line) for line in lines]
    except ValueError:  # lone surrogates, for one, are only taken by the standard library's reader
        return [_with_tags(line) for line in lines]


def _with_tags(line: bytes) -> dict[str, Any]:
    """A line without a tagged value needs no such look at each of its parts."""
    return cast(dict[str, Any], codec.loads(line.decode("utf-8", "surrogatepass")))
