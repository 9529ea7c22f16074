"""What the emulator leaves undone on a machine of one's own: it keeps memory for ever, handlers too, lets a
killed worker's messages stay invisible, and lives by the machine's clock. Imported only by `server.py`."""

import ctypes
import gc
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ministack.core import lambda_runtime
from ministack.services import dynamodb, lambda_svc, scheduler, sqs

if TYPE_CHECKING:
    from local.stack import redelivery
else:  # beside this file, which is run by a script
    import redelivery

IDLE_SECONDS = 120.0
"""A handler that had nothing to do for so long is ended; the next event starts one in about a second."""


class Digest:
    """Stands for a request that the emulator compares later ones with, without keeping it: equal to any that
    has the same content."""

    def __init__(self, request: Any) -> None:
        self._sum = self._of(request)

    def __eq__(self, other: object) -> bool:
        return self._sum == (other._sum if isinstance(other, Digest) else self._of(other))

    __hash__ = None  # type: ignore[assignment]

    @staticmethod
    def _of(request: Any) -> bytes:
        return hashlib.sha256(json.dumps(request, sort_keys=True, default=repr).encode()).digest()


def install() -> None:
    _batches_come_back()
    _transactions_as_digests()
    dynamodb.json = _SharingJson()


class _SharingJson:
    """The emulator keeps rows as they were sent, each with its own copy of every attribute's name; here all
    rows share one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(json, name)

    def loads(self, text: Any, **options: Any) -> Any:
        return json.loads(text, object_pairs_hook=_with_shared_names, **options)


def _with_shared_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {sys.intern(name): value for name, value in pairs}


def _batches_come_back() -> None:
    original = lambda_svc._run_sqs_batch

    def run(esm: Any, func_rec: Any, event: Any, batch: list[Any], queue_url: str, name: str) -> None:
        receipts = {id(message): message["receipt_handle"] for message in batch}
        try:
            original(esm, func_rec, event, batch, queue_url, name)
        finally:
            with sqs._queues_lock:
                there = (sqs._queues.get(queue_url) or {}).get("messages", ())
                left = [
                    one for one in there if receipts.get(id(one)) == one.get("receipt_handle") is not None
                ]
                redelivery.come_back(left, time.time())

    lambda_svc._run_sqs_batch = run


def _transactions_as_digests() -> None:
    """For ten minutes a transaction must be known again by its token; not with all it wrote."""
    original = dynamodb._txn_token_store

    def store(token: str, entry: dict[str, Any]) -> None:
        original(token, {**entry, "signature": Digest(entry["signature"])})

    dynamodb._txn_token_store = store


def _queues() -> Iterator[dict[str, Any]]:
    return iter(list(sqs._queues._data.values()))


def put_back() -> None:
    """Before the first event of a start."""
    now = time.time()
    with sqs._queues_lock:
        for queue in _queues():
            redelivery.put_back(queue["messages"], now)
    for schedule in scheduler._schedules._data.values():
        schedule["CreationDate"] = min(schedule.get("CreationDate", now), now)


def follow_clock(seconds: float) -> None:
    """The machine's clock was put forward or back by so much."""
    with sqs._queues_lock:
        for queue in _queues():
            redelivery.shift(queue["messages"], seconds)
    fired = scheduler._schedule_last_fired
    for key in list(fired):
        fired[key] += seconds
    lambda_svc._esm_backoff_until._data.clear()


def share_code() -> None:
    """All functions have the same code: it is kept once, not once for each."""
    known: dict[bytes, bytes] = {}
    for record in list(lambda_svc._functions._data.values()):
        for one in (record, *record.get("versions", {}).values()):
            code = one.get("code_zip")
            if isinstance(code, bytes):
                one["code_zip"] = known.setdefault(hashlib.sha256(code).digest(), code)


def end_idle_handlers(now: float | None = None) -> int:
    """The emulator itself keeps the first of each function for ever."""
    now = time.time() if now is None else now
    idle = []
    with lambda_runtime._lock:
        for key, workers in list(lambda_runtime._workers.items()):
            kept = [one for one in workers if one.in_use or now - one.last_used < IDLE_SECONDS]
            idle += [one for one in workers if one not in kept]
            lambda_runtime._workers[key] = kept
            if not kept:
                del lambda_runtime._workers[key]
    lambda_runtime.kill_workers(idle)
    return len(idle)


def give_back() -> None:
    """What a save or a deployment needed for a moment goes back to the system."""
    gc.collect()
    with suppress(OSError, AttributeError):  # not every C library has it
        ctypes.CDLL(None).malloc_trim(0)


def memory() -> dict[str, Any]:
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
