"""What the emulator leaves undone on a machine of one's own: it keeps handlers for ever, lets a killed
worker's messages stay invisible, and lives by the machine's clock. Imported only by `server.py`."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, scheduler, sqs

if TYPE_CHECKING:
    from local.stack import redelivery
else:  # beside this file, which is run by a script
    import redelivery

IDLE_SECONDS = 120.0
"""A handler that had nothing to do for so long is ended; the next event starts one in about a second."""


AT_ONCE = 2
"""Handlers for each queue. On AWS ten lists are polled at once, and nobody minds; here each handler is a
process of 60 MB, and ten that start together keep a small machine from everything else."""
BATCH_BYTES = 3_000_000
"""An invocation takes 6 MB (Lambda's quota); one more request for ten messages adds 2.5 MB at most."""
_RECEIVED = 10
"""Messages that one request can give (SQS)."""


def install() -> None:
    _few_at_once()
    _whole_batches()
    _batches_come_back()


def _few_at_once() -> None:
    original = lambda_svc._sqs_esm_concurrency
    lambda_svc._sqs_esm_concurrency = lambda *args: min(AT_ONCE, original(*args))


def _whole_batches() -> None:
    """AWS asks the queue, ten messages at a time, until a batch is as large as the template allows; the
    emulator asks once. What is done once for a batch was done ten times as often here."""
    original = sqs._receive_messages_for_esm

    def receive(queue_url: str, most: int) -> list[Any]:
        batch, size = list[Any](), 0
        while len(batch) < most and size < BATCH_BYTES:
            more = original(queue_url, min(_RECEIVED, most - len(batch)))
            batch += more
            size += sum(len(one["body"]) for one in more)
            if len(more) < _RECEIVED:
                break
        return batch

    sqs._receive_messages_for_esm = receive


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
