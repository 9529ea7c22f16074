"""How little memory the emulator's process needs: what nobody reads is forgotten, what is equal is kept once,
and saving needs no second copy of the state. Imported only by `server.py`."""

import ctypes
import gc
import hashlib
import json
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from ministack.core import lambda_runtime, persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cloudwatch, cloudwatch_logs, dynamodb, lambda_svc

INVOCATIONS = 200
"""How many of the newest invocations' logs are kept of each function; the log of records is in a table."""
POINTS = 1_000
"""How many of the newest points are kept of each metric. No alarm fires here."""
_SHARED = 64
"""Characters; a longer text is rarely there twice."""


class Digest:
    """Stands for a request that the emulator compares later ones with, without keeping it: equal to any that
    has the same content."""

    __slots__ = ("_sum",)

    def __init__(self, request: Any) -> None:
        self._sum = self._of(request)

    def __eq__(self, other: object) -> bool:
        return self._sum == (other._sum if isinstance(other, Digest) else self._of(other))

    __hash__ = None  # type: ignore[assignment]

    @staticmethod
    def _of(request: Any) -> bytes:
        return hashlib.sha256(json.dumps(request, sort_keys=True, default=repr).encode()).digest()


def install() -> None:
    _transactions_as_digests()
    dynamodb.json = persistence.json = _ThriftyJson()
    dynamodb.get_state = _without_a_copy(dynamodb.get_state)


class _ThriftyJson:
    """Stands for the module `json` in the emulator. Rows that were sent or loaded share equal short texts;
    what is saved is written by the fast encoder, which takes a tenth of the time."""

    def __getattr__(self, name: str) -> Any:
        return getattr(json, name)

    def loads(self, text: Any, **options: Any) -> Any:
        return json.loads(text, object_pairs_hook=_sharing(options.pop("object_hook", dict)), **options)

    def load(self, file: IO[str], **options: Any) -> Any:
        return self.loads(file.read(), **options)

    def dump(self, content: Any, file: IO[str], **options: Any) -> None:
        file.write(json.dumps(content, **options))


def _sharing(made: Callable[[dict[str, Any]], Any]) -> Callable[[list[tuple[str, Any]]], Any]:
    return lambda pairs: made({sys.intern(name): _shared(value) for name, value in pairs})


def _shared(value: Any) -> Any:
    return sys.intern(value) if type(value) is str and len(value) <= _SHARED else value


def _without_a_copy(original: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The emulator copies all rows before it saves them, which here takes longer than saving. Nothing changes
    them meanwhile: `still` holds back the only other thread that could."""

    def state() -> dict[str, Any]:
        tables = dynamodb._tables
        dynamodb._tables = AccountRegionScopedDict()
        try:
            found = original()
        finally:
            dynamodb._tables = tables
        for key, table in tables._data.items():
            found["tables"]._data[key] = {k: v for k, v in table.items() if k != dynamodb._INDEX_MEMBERS}
        return found

    return state


def still() -> threading.Lock:
    """While it is held, no row expires. Requests wait, because a save keeps their thread busy."""
    found: threading.Lock = dynamodb._lock
    return found


def _transactions_as_digests() -> None:
    """For ten minutes a transaction must be known again by its token; not with all it wrote."""
    original = dynamodb._txn_token_store

    def store(token: str, entry: dict[str, Any]) -> None:
        original(token, _Transaction(entry))

    dynamodb._txn_token_store = store


class _Transaction:
    """As the emulator's dictionary of it, at a tenth of its size. What was not asked for is not kept."""

    __slots__ = ("completed_at", "response", "signature", "sizes")

    def __init__(self, entry: dict[str, Any]) -> None:
        self.signature = Digest(entry["signature"])
        asked = entry["signature"].get("ReturnConsumedCapacity", "NONE") != "NONE"
        self.response = entry["response"] or None
        self.sizes = entry["sizes"] if asked else None

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def get(self, name: str, default: Any = None) -> Any:
        found = getattr(self, name)
        return default if found is None else found


def forget() -> None:
    """Old logs of functions and old points of metrics, which the emulator would keep and save for ever."""
    for group in list(cloudwatch_logs._log_groups._data.values()):
        streams = group["streams"]
        for name in list(streams)[:-INVOCATIONS]:
            streams.pop(name, None)
    for points in list(cloudwatch._metrics._data.values()):
        del points[:-POINTS]


def share_code() -> None:
    """All functions have the same code: it is kept once, not once for each, nor for each that runs."""
    known: dict[bytes, bytes] = {}

    def once(code: bytes) -> bytes:
        return known.setdefault(hashlib.sha256(code).digest(), code)

    for record in list(lambda_svc._functions._data.values()):
        for one in (record, *record.get("versions", {}).values()):
            if isinstance(one.get("code_zip"), bytes):
                one["code_zip"] = once(one["code_zip"])
    for worker in [one for found in list(lambda_runtime._workers.values()) for one in found]:
        worker.code_zip = once(worker.code_zip)


def give_back(*, unreachable: bool = False) -> None:
    """What a save needed for a moment goes back to the system; after a deployment also what only refers to
    itself, which takes longer to find."""
    if unreachable:
        gc.collect()
    with suppress(OSError, AttributeError):  # not every C library has it
        ctypes.CDLL(None).malloc_trim(0)


def told() -> dict[str, Any]:
    """Megabytes of the emulator's process, and of the handlers together, where the system tells."""
    with lambda_runtime._lock:
        workers = [one for found in lambda_runtime._workers.values() for one in found]
    handlers = [one._proc.pid for one in workers if one._proc is not None and one._proc.poll() is None]
    shares = [_pss(pid) for pid in handlers]
    return {"emulator": _pss("self"), "handlers": len(handlers), "handlers_mb": sum(filter(None, shares))}


def _pss(pid: int | str) -> int | None:
    """Proportional: what several processes share is counted once among them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    return next(int(line.split()[1]) // 1024 for line in text.splitlines() if line.startswith("Pss:"))
