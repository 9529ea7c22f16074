"""A real browser, Chromium without a window, over the pipe of its devtools protocol: no driver, no
package."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 60.0
_WHERE = "location.href + ': ' + (document.body?.innerText ?? '').slice(0, 2000)"


def installed() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One tab. `run` gives the value of a JavaScript expression, promises awaited."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = os.fdopen(commands, "wb"), os.fdopen(answers, "rb")
        self._number, self._read, self._session = 0, b"", ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def open(self, address: str) -> None:
        self._call("Page.navigate", url=address)
        self.until(
            f"location.href.startsWith({json.dumps(address[:20])}) && document.readyState === 'complete'"
        )

    def run(self, expression: str) -> Any:
        found = self._call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, expression: str) -> None:
        """Polls; the page may be between two addresses."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._holds(expression):
            assert time.monotonic() < end, f"never: {expression}; {self.run(_WHERE)}"
            time.sleep(0.1)

    def looks_like(self, width: int, height: int, dark: bool = False) -> None:
        """From now on the window is so many CSS pixels large, and the person prefers dark."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self._call("Emulation.setScrollbarsHidden", hidden=True)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, whole: bool = True) -> bytes:
        """A PNG of the page, or of the window alone."""
        return base64.b64decode(self._call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def press(self, key: str) -> None:
        """A key of the keyboard, such as Tab or Enter."""
        text = {"text": "\r"} if key == "Enter" else {}
        code = {"Tab": 9, "Enter": 13}[key]
        for kind in ("keyDown", "keyUp"):
            parts = {
                "type": kind,
                "key": key,
                "windowsVirtualKeyCode": code,
                **(text if kind == "keyDown" else {}),
            }
            self._call("Input.dispatchKeyEvent", **parts)

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.run(f"Boolean({expression})"))
        except AssertionError:
            return False

    def _call(self, method: str, **given: Any) -> Any:
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": self._number, "method": method, "params": given, **session}
        self._commands.write(json.dumps(message).encode() + b"\0")
        self._commands.flush()
        while (answer := self._next()).get("id") != self._number:
            pass
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            part = os.read(self._answers.fileno(), 65_536)
            assert part, "the browser has ended"
            self._read += part
        message, _, self._read = self._read.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """Its profile is in `folder`; it ends with the block."""
    to_read, commands = os.pipe()
    answers, to_write = os.pipe()
    flags = (
        "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
        "--remote-debugging-pipe --disable-background-networking --no-proxy-server"
    )
    process = subprocess.Popen(
        [
            "sh",
            "-c",
            f'exec "$0" {flags} --user-data-dir="$1" about:blank 3</dev/fd/{to_read} 4>/dev/fd/{to_write}',
            installed() or "",
            str(folder),
        ],
        pass_fds=(to_read, to_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(to_write)
    try:
        yield Page(commands, answers)
    finally:
        process.terminate()
        process.wait(20)
