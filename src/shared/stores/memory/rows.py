"""Memory twins of the small stores: waits, parked events, gates, lanes, cursors, cache and tokens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.domain import codec
from shared.domain.decision import Decision
from shared.domain.link import MAKING, Wait
from shared.domain.spans import LONGEST_LEASE, from_ahead
from shared.ports import GateState, Parked, Token, TokenTimes
from shared.stores import forms
from shared.stores._keys import stamp
from shared.stores._park_names import park_id
from shared.stores.memory._shelf import Service, Shelf


class MemoryWaitStore:
    """`WaitStore`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._waits = Shelf(service, integration, "wait")

    def add(self, wait: Wait) -> None:
        self._waits.put(wait, *_wait_key(wait))

    def keys(self, system: str, entity: str) -> list[str]:
        return list(dict.fromkeys(key[2] for key, _ in self._waits.items(system, entity)))

    def waiters(self, system: str, entity: str, key: str) -> list[Wait]:
        return [forms.wait(data) for _, data in self._waits.items(system, entity, key)]

    def remove(self, waits: Sequence[Wait]) -> None:
        for wait in waits:
            self._waits.drop(*_wait_key(wait))

    def all(self) -> list[Wait]:
        return [forms.wait(data) for key, data in self._waits.items() if key[2] != MAKING]


class MemoryParkStore:
    """`ParkStore`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._parked = Shelf(service, integration, "park")

    def park(self, parked: Sequence[Parked]) -> None:
        for one in parked:
            self._parked.put(one, park_id(one))

    def due(self, now: datetime, limit: int) -> list[Parked]:
        found: list[Parked] = []
        for key, data in self._parked.items():  # by time, see `park_id`
            if len(found) == limit or key[0] > f"{stamp(now)}$":
                break
            found.append(replace(forms.parked(data), id=key[0]))
        return found

    def ahead(self, now: datetime) -> list[Parked]:
        found = [replace(forms.parked(data), id=key[0]) for key, data in self._parked.items()]
        return [one for one in found if from_ahead(one.since or now, one.wake_at, now)]

    def remove(self, parked: Sequence[Parked]) -> None:
        for one in parked:
            self._parked.drop(one.id or park_id(one))

    def count(self) -> int:
        return self._parked.count()


class MemoryGate:
    """`Gate`."""

    def __init__(self, service: Service, integration: str, now: Callable[[], datetime]) -> None:
        self._gates = Shelf(service, integration, "gate")
        self._since = Shelf(service, integration, "gate_since")
        self._now = now

    def read(self, systems: Sequence[str]) -> dict[str, GateState]:
        return {system: self._passed(self._stored(system), system) for system in systems}

    def cool(self, system: str, until: datetime, reason: str) -> None:
        with self._gates.lock:
            before = self._stored(system)
            shut = self._passed(before, system).state != "ok"
            if shut and (before.state == "paused" or before.until is None or before.until >= until):
                return
            strikes = before.strikes + (0 if shut else 1)
            self._gates.put(GateState("cooling", until, reason, strikes), system)
            self._since.put(self._now(), system)

    def pause(self, system: str, reason: str) -> None:
        with self._gates.lock:
            self._gates.put(GateState("paused", None, reason, self._stored(system).strikes + 1), system)

    def open(self, system: str) -> None:
        self._gates.drop(system)

    def _stored(self, system: str) -> GateState:
        return forms.gate(self._gates.get(system) or {})

    def _passed(self, state: GateState, system: str) -> GateState:
        now, until = self._now(), state.until
        over = until is not None and (until <= now or from_ahead(self._since.get(system), until, now))
        return GateState(strikes=state.strikes) if over else state


class MemoryLanes:
    """`Lanes`; also the lock of the token store."""

    def __init__(self, service: Service, integration: str, kind: str = "lane") -> None:
        self._lanes = Shelf(service, integration, kind)

    def acquire(self, lane: str, owner: str, until: datetime, now: datetime) -> bool:
        with self._lanes.lock:
            held = self._lanes.get(lane)
            if held and held["owner"] != owner and held["until"] > now:
                latest = now + LONGEST_LEASE
                if held["until"] > latest:
                    self._lanes.put({**held, "until": latest}, lane)
                return False
            self._lanes.put({"owner": owner, "until": until}, lane)
            return True

    def release(self, lane: str, owner: str) -> None:
        with self._lanes.lock:
            held = self._lanes.get(lane)
            if held and held["owner"] == owner:
                self._lanes.drop(lane)


class MemoryCursors:
    """`Cursors`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._cursors = Shelf(service, integration, "cursor")

    def load(self, system: str, entity: str) -> dict[str, Any] | None:
        cursor: dict[str, Any] | None = self._cursors.get(system, entity)
        return cursor

    def save(self, system: str, entity: str, cursor: Mapping[str, Any]) -> None:
        self._cursors.put(dict(cursor), system, entity)

    def drop(self, system: str, entity: str) -> None:
        self._cursors.drop(system, entity)


class MemoryCache:
    """`Cache`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._rows = Shelf(service, integration, "cache")

    def get(self, kind: str, keys: Sequence[str], now: datetime) -> dict[str, dict[str, Any]]:
        found = {key: self._rows.get(kind, key) for key in keys}
        return {key: row["row"] for key, row in found.items() if row and row["until"] > now}

    def put(self, kind: str, rows: Mapping[str, Mapping[str, Any]], until: datetime) -> None:
        for key, row in rows.items():
            self._rows.put({"row": dict(row), "until": until}, kind, key)

    def erase(self, found: Callable[[str], bool], change: bool) -> int:
        keys = [key for key, row in self._rows.items() if found(f"{key[1]} {codec.dumps(row['row'])}")]
        heads = [
            (kind, key)
            for (kind, key), row in self._rows.items()
            if any((kind, one) in keys for one in row["row"].get("parts", ()))
        ]
        for key in dict.fromkeys([*keys, *heads]) if change else ():
            self._rows.drop(*key)
        return len(keys)


class MemoryDecisionStore:
    """`DecisionStore`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._rows = Shelf(service, integration, "decision")

    def put(self, decisions: Sequence[Decision]) -> None:
        for one in decisions:
            self._rows.put(one, one.entity, *one.one, *one.other)

    def of(self, entity: str) -> list[Decision]:
        return [forms.decision(data) for _, data in self._rows.items(entity)]

    def remove(self, decisions: Sequence[Decision]) -> None:
        for one in decisions:
            self._rows.drop(one.entity, *one.one, *one.other)


class MemoryTokenStore:
    """`TokenStore`, without the encryption."""

    def __init__(self, service: Service, integration: str) -> None:
        self._tokens = Shelf(service, integration, "token")
        self._locks = MemoryLanes(service, integration, "token_lock")

    def load(self, system: str) -> Token | None:
        data = self._tokens.get(system)
        return None if data is None else Token(**data)

    def save(self, system: str, token: Token, expected_generation: int) -> bool:
        with self._tokens.lock:
            stored = self.load(system)
            if (stored.generation if stored else 0) != expected_generation:
                return False
            self._tokens.put(token, system)
            return True

    def times(self, system: str) -> TokenTimes | None:
        token = self.load(system)
        if token is None:
            return None
        until = token.value.get("refresh_until")
        return TokenTimes(token.expires_at, datetime.fromisoformat(until) if until else None)

    def forget(self, system: str) -> None:
        self._tokens.drop(system)

    def lock(self, system: str, owner: str, until: datetime, now: datetime) -> bool:
        return self._locks.acquire(system, owner, until, now)

    def unlock(self, system: str, owner: str) -> None:
        self._locks.release(system, owner)


def _wait_key(wait: Wait) -> tuple[str, ...]:
    return (wait.system, wait.entity, wait.key, *wait.event.subject)
