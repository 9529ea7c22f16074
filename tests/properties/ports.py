"""Clock and ports under a test's control: every port call of systems and stores passes one point, where a
test looks on, fails it, kills the worker, or lets the vendor commit long after.

Generic: a port is wrapped whole, so a new port method is covered on the day it is written.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.ports import Stores

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SYSTEM_CALLS = ("read", "find", "create", "update", "changes", "table")


class Killed(BaseException):
    """The worker is gone: nothing below may catch it, and nothing may be called any more."""


@dataclass
class Late(BaseException):
    """Raised before a call: the vendor carries it out `seconds` later, and the worker meets `then` now."""

    seconds: float
    then: BaseException


class Ticker:
    """Time moves by a millisecond with each look, and otherwise only when told. What falls due meanwhile is
    run."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._due: list[tuple[datetime, Callable[[], object]]] = []

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        ripe = [action for at, action in self._due if at <= self._now]
        self._due = [(at, action) for at, action in self._due if at > self._now]
        for action in ripe:
            action()

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        self._due.append((self._now + timedelta(seconds=seconds), action))


class Line:
    """The one point. `on(call)` is told of every call before ("links.commit") and after it ("links.commit
    done")."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.on: Callable[[str], None] = lambda call: None
        self.dead = False

    def __call__(self, call: str) -> None:
        if self.dead:
            raise Killed(f"a dead worker called {call}")
        self.calls.append(call)
        try:
            self.on(call)
        except Killed:
            self.dead = True
            raise


class Watched:
    """Any port, with `line` told of each call of its methods."""

    def __init__(self, port: Any, name: str, line: Line, clock: Ticker) -> None:
        self._port, self._name, self._line, self._clock = port, name, line, clock

    def __getattr__(self, method: str) -> Any:
        value = getattr(self._port, method)
        if not callable(value):
            return value
        return lambda *given, **named: self._call(method, lambda: value(*given, **named))

    def _call(self, method: str, effect: Callable[[], Any]) -> Any:
        call = f"{self._name}.{method}"
        try:
            self._line(call)
        except Late as late:
            self._clock.later(late.seconds, effect)
            self._line.dead = isinstance(late.then, Killed)
            raise late.then from None
        answer = effect()
        self._line(f"{call} done")
        return answer


def watched_stores(stores: Stores, line: Line, clock: Ticker) -> Stores:
    ports = {one.name: getattr(stores, one.name) for one in fields(stores) if one.name != "integration"}
    return Stores(
        stores.integration, **{name: Watched(port, name, line, clock) for name, port in ports.items()}
    )


def of_system(call: str, systems: tuple[str, ...]) -> bool:
    """Whether this is a vendor call (of any of these systems) rather than a store's."""
    name, _, method = call.removesuffix(" done").partition(".")
    return name in systems and method in SYSTEM_CALLS


def writes_to_system(call: str, systems: tuple[str, ...]) -> bool:
    return of_system(call, systems) and call.removesuffix(" done").endswith((".create", ".update"))
