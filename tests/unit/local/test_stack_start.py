"""In what order a local stack starts: no queue is read before everything is known to be in place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.stack import launch, stack
from local.stack.home import Home
from shared.stores.memory import MemoryWorld


class Emulator:
    """`done` is what was asked of it, in order. `code` says which functions have none."""

    def __init__(
        self, answers: int = 200, unsaved: str = "", code: tuple[str, ...] = (), **more: Any
    ) -> None:
        self.done: list[str] = []
        self._status, self._unsaved = answers, unsaved
        self._told = {"without_code": list(code), "fell_back": False, "unclean": False, **more}

    def control(self, _: Home, action: str) -> dict[str, Any]:
        if action != "status":
            self.done.append(action)
        return {**self._told, "unsaved": self._unsaved}

    def call(self, output: str) -> httpx.Response:
        self.done.append(f"asks {output}")
        return httpx.Response(self._status, text="no module named shared")

    def integrations(self) -> Any:
        return MemoryWorld().integrations


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Emulator], list[str]]:
    def prepare(emulator: Emulator) -> list[str]:
        def step(name: str) -> Callable[..., Any]:
            return lambda *_: emulator.done.append(name)

        monkeypatch.setattr(stack, "pack", lambda _: Path("code-1.zip"))
        monkeypatch.setattr(stack, "deploy", step("deploys"))
        monkeypatch.setattr(
            stack, "send_code", lambda _, names, __: emulator.done.extend(f"code of {one}" for one in names)
        )
        monkeypatch.setattr(stack, "open_stack", lambda *_: emulator)
        monkeypatch.setattr(stack, "prepare_sign_in", step("lets people in"))
        monkeypatch.setattr(stack, "recover", step("recovers"))
        monkeypatch.setattr(launch, "control", emulator.control)
        stack.prepare(Home(tmp_path, 1, "secret"), None, lambda _: None, {})
        return emulator.done

    return prepare


def test_it_is_released_last(prepared: Callable[[Emulator], list[str]]) -> None:
    assert prepared(Emulator()) == ["deploys", "lets people in", "asks ConsoleUrl", "release"]


def test_f11_code_that_is_missing_is_sent_whatever_the_templates_mark_says(
    prepared: Callable[[Emulator], list[str]],
) -> None:
    done = prepared(Emulator(code=("tieout-console",)))
    assert done == ["deploys", "code of tieout-console", "lets people in", "asks ConsoleUrl", "release"]


def test_nothing_is_released_before_a_function_has_answered(
    prepared: Callable[[Emulator], list[str]],
) -> None:
    emulator = Emulator(answers=502)
    with pytest.raises(launch.StackFault, match="The functions do not run: no module named shared"):
        prepared(emulator)
    assert "release" not in emulator.done


@pytest.mark.parametrize("fell_back", [False, True])
def test_after_an_unclean_stop_it_recovers_before_any_queue_is_read(
    prepared: Callable[[Emulator], list[str]], fell_back: bool
) -> None:
    assert prepared(Emulator(unclean=True, fell_back=fell_back))[-2:] == ["recovers", "release"]


def test_with_a_full_disk_it_refuses_to_begin(prepared: Callable[[Emulator], list[str]]) -> None:
    with pytest.raises(launch.StackFault, match="cannot be saved: No space left on device"):
        prepared(Emulator(unsaved="No space left on device"))
