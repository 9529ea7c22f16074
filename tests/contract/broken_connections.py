"""Connectors over HTTP that each break one promise about their connection: sound ones, spoilt from
outside."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.errors import BadCredentials, SyncError, Unavailable
from shared.ports import Finding, Gone, ObjectSpec, Page, Reading, Snapshot, System
from shared.systems._http import HttpClient, Reply


class Spoilt:
    """A connector, all but what a subclass does otherwise."""

    def __init__(self, sound: System) -> None:
        self.sound = sound

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sound, name)


class CallsAnErrorGone(Spoilt):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        try:
            return self.sound.read(spec, ids)
        except SyncError:
            return {one: Gone(one, datetime.now(UTC)) for one in ids}


class FindsNothingInAnError(Spoilt):
    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        try:
            return self.sound.find(spec, path, values)
        except SyncError:
            return {value: [] for value in values}


class EndsInAnError(Spoilt):
    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        try:
            yield from self.sound.changes(spec, cursor, page_size)
        except SyncError:
            yield Page((), {}, True)


class IsNeverContent(Spoilt):
    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return [*self.sound.check(specs), Finding("error", "moon", "It is not full.")]


class IsAlwaysContent(Spoilt):
    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return [Finding("ok", "sign-in", "Surely.")]


class CallsAWrongSecretAnOutage(Spoilt):
    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        try:
            return self.sound.read(spec, ids)
        except BadCredentials as fault:
            raise Unavailable(str(fault)) from None


class KeepsTheFirstSignIn(Spoilt):
    first: System | None = None

    def __init__(self, sound: System) -> None:
        super().__init__(sound)
        KeepsTheFirstSignIn.first = KeepsTheFirstSignIn.first or sound

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        assert KeepsTheFirstSignIn.first is not None
        return KeepsTheFirstSignIn.first.read(spec, ids)


# spoilt at the edge


class FollowsRedirections(HttpClient):
    def __init__(self, system: str, base_url: str, **more: Any) -> None:
        super().__init__(system, base_url, **more)
        self._client.follow_redirects = True


class FollowsAddresses(HttpClient):
    """Asks whatever address an answer names for more."""

    def send(self, method: str, path: str, **more: Any) -> Reply:
        reply = super().send(method, path, **more)
        for address in re.findall(r'http://[^"]*/more\?page=\d+', reply.text):
            self._client.get(address)
        return reply


class TellsTheArchive(HttpClient):
    def send(self, method: str, path: str, **more: Any) -> Reply:
        self._recorder.exchange({"sent": {name: value for name, value in more.items() if name == "hide"}})
        return super().send(method, path, **more)


class Rumour(HttpClient):
    """Tells each host what the last one gave it."""

    last = ""

    def send(self, method: str, path: str, **more: Any) -> Reply:
        more["headers"] = {**(more.get("headers") or {}), "X-Heard": Rumour.last}
        Rumour.last = " ".join([*(more.get("hide") or ()), *(more.get("params") or {}).values()])
        return super().send(method, path, **more)
