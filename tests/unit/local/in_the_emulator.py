"""Run by the interpreter that has the emulator, for `test_stack_state.py`: what its process does with its
state, without a stack. Prints what it found as JSON."""

import asyncio
import json
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

ROOT, WORK = Path(__file__).parents[3], Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "local" / "stack"))

from ministack.core import lambda_runtime, persistence  # noqa: E402
from ministack.services import cloudwatch, cloudwatch_logs, dynamodb, lambda_svc, scheduler, sqs  # noqa: E402

if TYPE_CHECKING:
    from local.stack import entrance, memory, server, snapshots, upkeep
else:
    import entrance
    import memory
    import server
    import snapshots
    import upkeep

ROW = {"pk": {"S": "main#L#1"}, "sk": {"S": "link"}, "version": {"N": "3"}, "data": {"B": "eJy1" * 40}}


def as_saved(state: Any) -> str:
    return json.dumps(state, default=persistence._json_default, sort_keys=True)


def rows() -> dict[str, Any]:
    """What is saved without a copy, against what the emulator itself would save; and what is read again."""
    table = {"items": {"main#L#1": {"link": ROW}}, "name": "t", dynamodb._INDEX_MEMBERS: {"not": "saved"}}
    dynamodb._tables.set_scoped("0", "eu-west-2", "t", table)
    before = as_saved(dynamodb.get_state())
    memory.install()
    after = dynamodb.get_state()
    persistence.STATE_DIR, persistence.PERSIST_STATE = str(WORK), True
    persistence.save_state("dynamodb", after)
    again = persistence.load_state("dynamodb")
    assert again is not None
    found = next(iter(again["tables"]._data.values()))["items"]["main#L#1"]["link"]
    sent = dynamodb.json.loads(json.dumps(ROW))
    return {
        "the_same": as_saved(after) == before == as_saved(again),
        "no_copy": next(iter(after["tables"]._data.values()))["items"] is table["items"],
        "still_there": dynamodb._tables.get_scoped("0", "eu-west-2", "t") is table,
        "shared": found["pk"]["S"] is sent["pk"]["S"],
        "equal": found == sent == ROW,
    }


def forgotten() -> dict[str, Any]:
    streams: dict[str, Any] = {
        f"invocation {number}": {"events": []} for number in range(memory.INVOCATIONS + 50)
    }
    cloudwatch_logs._log_groups.set_scoped("0", "eu-west-2", "/aws/lambda/one", {"streams": streams})
    points = list(range(memory.POINTS + 7))
    cloudwatch._metrics.set_scoped("0", "eu-west-2", "invocations", points)
    memory.forget()
    return {"first_log": next(iter(streams)), "logs": len(streams), "first": points[0], "points": len(points)}


def transactions() -> dict[str, Any]:
    request = {"TransactItems": [{"Put": {"Item": ROW}}], "ReturnConsumedCapacity": "NONE"}
    dynamodb._txn_token_store("token", {"signature": request, "response": {}, "sizes": {"t": [4]}})
    kept = dynamodb._txn_token_lookup("token")
    other = {**request, "ReturnConsumedCapacity": "TOTAL"}
    dynamodb._txn_token_store("other", {"signature": other, "response": {"a": 1}, "sizes": {"t": [4]}})
    told = dynamodb._txn_token_lookup("other")
    return {
        "known_again": kept.get("signature") == json.loads(json.dumps(request)),
        "another": kept["signature"] == other,
        "answers": [kept.get("response", {}), told.get("response", {}), told.get("sizes")],
        "ten_minutes": time.time() - kept["completed_at"] < 60,
    }


def idle() -> dict[str, Any]:
    """Which handlers are left when some had nothing to do for a while."""
    ended: list[Any] = []
    setattr(lambda_runtime, "kill_workers", ended.extend)  # noqa: B010
    now, long_ago = 1_000.0, 1_000.0 - upkeep.IDLE_SECONDS - 1
    busy, idle = Worker("busy", long_ago, in_use=True), Worker("idle", long_ago)
    alone, fresh = Worker("alone", long_ago), Worker("fresh", now - 1)
    lambda_runtime._workers.update({"sync": [busy, idle], "console": [alone], "poll": [fresh]})
    upkeep.end_idle_handlers(now)
    kept = {name: [one.name for one in found] for name, found in lambda_runtime._workers.items()}
    return {"kept": kept, "ended": sorted(one.name for one in ended)}


def code() -> dict[str, int]:
    """How many copies there are of the same code: of two functions, and of a handler that runs already."""
    copies = [b"".join([b"zip", b"ped"]) for _ in range(4)]
    for name, one in (("poll", copies[0]), ("console", copies[1])):
        versions = {"1": {"code_zip": copies[2]}}
        lambda_svc._functions.set_scoped("0", "eu-west-2", name, {"code_zip": one, "versions": versions})
    worker = Worker("console", 0)
    worker.code_zip = copies[3]
    lambda_runtime._workers["console"] = [worker]
    memory.share_code()
    records = list(lambda_svc._functions._data.values())
    kept = [worker.code_zip, *(one["code_zip"] for one in records)]
    kept += [one["versions"]["1"]["code_zip"] for one in records]
    return {"before": len({id(one) for one in copies}), "after": len({id(one) for one in kept})}


class Worker:
    code_zip = b""

    def __init__(self, name: str, last_used: float, *, in_use: bool = False) -> None:
        self.name, self.last_used, self.in_use = name, last_used, in_use


def clock() -> dict[str, Any]:
    """An hour forward: what a delayed message and a schedule still have to wait."""
    message = {"visible_at": 100.0}
    sqs._queues.set_scoped("0", "eu-west-2", "queue", {"messages": [message]})
    scheduler._schedule_last_fired["poll"] = 50.0
    upkeep.follow_clock(3_600.0)
    return {"message": message["visible_at"], "schedule": scheduler._schedule_last_fired["poll"]}


def at_once() -> list[int]:
    """How many handlers a queue may keep busy that allows none, one or ten in the template."""
    upkeep.install()
    settings: list[dict[str, Any]] = [{}, {"MaximumConcurrency": 1}, {"MaximumConcurrency": 10}]
    return [lambda_svc._sqs_esm_concurrency({"ScalingConfig": one}, {}, {}) for one in settings]


def batches() -> dict[str, Any]:
    """How many messages one invocation gets, of 250 small or 40 large ones, and from a queue with four."""
    waiting: list[Any] = []

    def receive(_: str, most: int) -> list[Any]:
        taken = waiting[: min(most, 10)]
        del waiting[: len(taken)]
        return taken

    setattr(sqs, "_receive_messages_for_esm", receive)  # noqa: B010
    upkeep._whole_batches()
    found = {}
    for name, count, size, most in (
        ("small", 250, 1_000, 100),
        ("large", 40, 250_000, 100),
        ("few", 4, 10, 100),
        ("one", 9, 10, 1),
    ):
        waiting[:] = [{"body": "x" * size}] * count
        found[name] = len(sqs._receive_messages_for_esm("url", most))
    return found


def emptied() -> bool:
    """A folder that somebody still writes into, so that it cannot be removed."""
    folder = WORK / "tmp"
    folder.mkdir()
    rmtree = shutil.rmtree
    setattr(shutil, "rmtree", lambda *_, **__: None)  # noqa: B010
    server._empty(folder)
    setattr(shutil, "rmtree", rmtree)  # noqa: B010
    return folder.is_dir()


def acknowledged() -> list[str]:
    """In what order a token is stored, saved and acknowledged, and another row."""
    done: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        done.append("stored")
        await send({"type": "http.response.start", "headers": []})

    async def send(_: Any) -> None:
        done.append("acknowledged")

    class AnyKey:
        def fault(self, *_: Any) -> None: ...

    from ministack import app as emulator

    emulator.app = app
    nobody = cast(Any, None)
    way_in = entrance.Entrance(
        1, "key", cast(Any, AnyKey()), lambda _: None, lambda: done.append("saved"), nobody
    )
    target = (b"x-amz-target", b"DynamoDB_20120810.PutItem")
    for sk in ("token", "lock"):
        body = json.dumps({"Item": {"pk": {"S": "main#T#sage_accounting"}, "sk": {"S": sk}}}).encode()

        async def receive(body: bytes = body) -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "headers": [target, (b"host", b"localhost:1")],
        }
        asyncio.run(way_in(scope, receive, send))
    return done


class Gateway:
    """As the emulator names its services: name -> function that gives the state."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {"sqs": lambda: {"queue": 1}, "dynamodb": lambda: {"table": 1}}

    def _build_persistence_save_dict(self) -> dict[str, Any]:
        return dict(self.states)


def kept(root: Path) -> Any:
    """What a start would read; a sentence if it refuses."""
    try:
        found = snapshots.Snapshots(root, Gateway(), "localhost:1")
    except snapshots.Unreadable as fault:
        return str(fault)
    current = Path(persistence.STATE_DIR)
    queue = json.loads((current / "sqs.json").read_text())["payload"]["queue"]
    return {"queue": queue, "fell_back": found.fell_back}


def saves() -> dict[str, Any]:
    root, gateway = WORK / "state", Gateway()
    saved, told = snapshots.Snapshots(root, gateway, "localhost:1"), {}
    saved.save()

    def killed() -> Any:
        raise KeyboardInterrupt  # as a signal ends the process between two files

    rmtree = shutil.rmtree
    setattr(shutil, "rmtree", lambda *_, **__: None)  # noqa: B010 a killed process cleans nothing up
    gateway.states = {"sqs": lambda: {"queue": 2}, "dynamodb": killed}
    try:
        saved.save()
    except KeyboardInterrupt:
        told["killed_in_mid_save"] = kept(root)
    setattr(shutil, "rmtree", rmtree)  # noqa: B010

    busy = iter([RuntimeError("dictionary changed size during iteration"), None])

    def disturbed() -> Any:
        if fault := next(busy, None):
            raise fault
        return {"table": 3}

    gateway.states = {"sqs": lambda: {"queue": 3}, "dynamodb": disturbed}
    saved.save()
    told["disturbed_while_it_saved"] = kept(root)
    newest = Path(persistence.STATE_DIR)
    (newest / "sqs.json").write_text('{"payload": {"que')
    told["newest_cut"] = kept(root)
    for folder in root.iterdir():
        (folder / "sqs.json").unlink(missing_ok=True)
        (folder / "sqs.json").write_text("")
    told["all_cut"] = kept(root)
    return told


def before_the_first_release() -> Any:
    """One folder, named by a file; no digests."""
    root = WORK / "old"
    (root / "7").mkdir(parents=True)
    persistence.STATE_DIR = str(root / "7")
    persistence.save_state("sqs", {"queue": 7})
    (root / "current").write_text("7")
    return kept(root)


print(
    json.dumps(
        {
            "rows": rows(),
            "forgotten": forgotten(),
            "transactions": transactions(),
            "emptied": emptied(),
            "acknowledged": acknowledged(),
            "idle": idle(),
            "code": code(),
            "at_once": at_once(),
            "batches": batches(),
            "clock": clock(),
            "saves": saves(),
            "old": before_the_first_release(),
        }
    )
)
