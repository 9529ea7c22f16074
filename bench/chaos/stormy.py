"""The emulator's process of `local/stack/server.py` on a machine whose clock jumps, with an emulated AWS that
fails requests while the file `storm` is there. Run by the interpreter that has the emulator.

`chaos`, beside the state folder, holds the clock, that file, and what was failed so far.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

CHAOS = Path(os.environ["TIEOUT_HOME"]).parent / "chaos"
if "CHAOS_CLOCK" not in os.environ:
    os.environ.update(LD_PRELOAD=str(CHAOS / "clock.so"), CHAOS_CLOCK=str(CHAOS / "clock"))
    os.execv(sys.executable, [sys.executable, *sys.argv])
sys.path.insert(0, str(Path(__file__).parents[2] / "local" / "stack"))

if TYPE_CHECKING:
    from bench.chaos.aws_faults import AwsFaults, Failure
    from local.stack import entrance, server
else:  # beside this file, and in the folder above
    import entrance
    import server
    from aws_faults import AwsFaults, Failure


class Stormy(entrance.Entrance):
    """What passes the gate may still fail, as AWS itself does at times."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._faults = AwsFaults(os.getpid())

    async def _signed(self, scope: Any, receive: Any, send: Any) -> None:
        body = await entrance._body(receive, entrance.SIGNED_BODY)
        failure = None
        if (CHAOS / "storm").exists():
            failure = self._faults.failure(entrance._joined(scope), body, time.monotonic())
        if failure is None or failure.executed:
            answering = send if failure is None else _lost
            await super()._signed(scope, entrance._once(body, receive), answering)
        if failure is not None:
            (CHAOS / f"failed-{os.getpid()}").write_text(json.dumps(self._faults.counted))
            await _fail(send, failure)


async def _lost(_: Any) -> None: ...


async def _fail(send: Any, failure: Failure) -> None:
    headers = [(b"content-type", failure.content_type.encode())]
    await send({"type": "http.response.start", "status": failure.status, "headers": headers})
    await send({"type": "http.response.body", "body": failure.body.encode()})


setattr(server, "Entrance", Stormy)  # noqa: B010 in place of the one that never fails

if __name__ == "__main__":
    sys.exit(server.main())
