"""Memory twins of what is outside the tables: queues, archive, secrets, and the list of integrations."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from shared.domain import codec
from shared.domain.link import ChangeEvent
from shared.domain.spans import SKEW, Taken
from shared.errors import BadCredentials
from shared.ports.versions import KEPT, Version
from shared.settings import Integration, IntegrationState
from shared.stores import forms
from shared.stores._archive_names import day_folder, object_time, own, parse, run_folder, text
from shared.stores._keys import integration_name, stamp
from shared.stores._messages import body, check_delay
from shared.stores._parts import part_without
from shared.stores._rules import absent, nothing_stored
from shared.stores._state_steps import holds, made, steps
from shared.stores._versions import check_size, form
from shared.stores.body import shrink
from shared.stores.memory._shelf import Service, Shelf
from shared.stores.memory.missing import FLAGS


class MemoryEventQueue:
    """`EventQueue`; `receive` plays the part of Lambda's poller."""

    def __init__(self, service: Service, now: Callable[[], datetime]) -> None:
        self._service = service
        self._messages = Shelf(service, "", "message")
        self._numbers = Shelf(service, "", "number")
        self._now = now

    def send(self, events: Sequence[ChangeEvent], delay_seconds: int = 0) -> None:
        check_delay(delay_seconds)
        visible = stamp(self._now() + timedelta(seconds=delay_seconds))
        with self._service.lock:
            for event in events:
                self._messages.put(body(event), event.entity, visible, self._next())

    def depth(self, entity: str) -> int:
        return len(list(self._messages.items(entity)))

    def receive(self, entity: str, limit: int = 10) -> list[ChangeEvent]:
        """Takes up to `limit` visible messages off the queue, the longest visible first."""
        with self._service.lock:
            waiting = self._messages.items(entity)
            visible = [(key, message) for key, message in waiting if key[1] <= stamp(self._now())][:limit]
            for key, _ in visible:
                self._messages.drop(*key)
        return [codec.event(codec.loads(message)) for _, message in visible]

    def next_visible(self) -> datetime | None:
        """When the first message of any queue can be received; None when all are empty."""
        times = [key[1] for key, _ in self._messages.items()]
        return datetime.fromisoformat(min(times)) if times else None

    def _next(self) -> str:
        number = (self._numbers.get() or 0) + 1
        self._numbers.put(number)
        return f"{number:012d}"


class MemoryArchive:
    """`Archive`. Objects are numbered in the order of writing."""

    def __init__(self, service: Service, integration: str, now: Callable[[], datetime]) -> None:
        self._objects = Shelf(service, integration, "object")
        self._numbers = Shelf(service, integration, "number")
        self._root = f"archive/{integration}/"
        self._now = now

    def write(self, run_id: str, lines: Sequence[Mapping[str, Any]]) -> str:
        with self._objects.lock:
            number = (self._numbers.get() or 0) + 1
            self._numbers.put(number)
            name = f"{run_folder(self._root, run_id)}{object_time(self._now())}-{number:08d}.jsonl.gz"
            self._objects.put(text(lines).decode("utf-8", "surrogatepass"), name)
        return name

    def read(self, run_id: str) -> Iterator[dict[str, Any]]:
        folder = run_folder(self._root, run_id)
        for name in (name for name in self.objects() if name.startswith(folder)):
            yield from self.lines(name)

    def objects(self) -> Iterator[str]:
        return (key[0] for key, _ in self._objects.items())

    def objects_of(self, day: date) -> Iterator[str]:
        return (name for name in self.objects() if name.startswith(day_folder(self._root, day)))

    def lines(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        return parse(self._objects.get(own(self._root, name)).encode("utf-8", "surrogatepass"), kind)

    def rewrite(self, name: str, lines: Sequence[Mapping[str, Any]] | None) -> None:
        if lines is None:
            self._objects.drop(own(self._root, name))
        else:
            self._objects.put(text(lines).decode("utf-8", "surrogatepass"), own(self._root, name))


class MemorySecrets:
    """`Secrets`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._secrets = Shelf(service, integration, "secret")
        self._integration = integration

    def get(self, system: str) -> dict[str, str]:
        values: dict[str, str] | None = self._secrets.get(system)
        if values is None:
            raise BadCredentials(nothing_stored(self._integration, system))
        return values

    def renewed(self, system: str) -> bool:
        return False  # `get` always gives what is stored

    def put(self, system: str, values: Mapping[str, str]) -> None:
        self._secrets.put(dict(values), system)

    def forget(self, system: str) -> None:
        self._secrets.drop(system)


class MemorySweepParts:
    """`SweepParts`. They stay until the world ends."""

    def __init__(self, service: Service, integration: str) -> None:
        self._parts = Shelf(service, integration, "sweep")

    def put(self, system: str, entity: str, part: Mapping[str, Any]) -> str:
        name = f"{system}.{entity}.{hashlib.sha256(codec.dumps(dict(part)).encode()).hexdigest()}"
        self._parts.put(dict(part), name)
        return name

    def get(self, names: Sequence[str]) -> list[dict[str, Any]] | None:
        found = [self._parts.get(name) for name in names]
        return None if None in found else found

    def erase(self, system: str, entity: str, ids: Collection[str], change: bool) -> int:
        hits = 0
        for (name, *_), part in self._parts.items():
            rest = part_without(part, ids)
            if name.startswith(f"{system}.{entity}.") and rest != part:
                hits += 1
                if change:
                    self._parts.put(rest, name)
        return hits


class MemoryIntegrationStore:
    """`IntegrationStore`."""

    def __init__(self, service: Service) -> None:
        self._integrations = Shelf(service, "#integrations", "integration")
        self._states = Shelf(service, "#integrations", "state")
        self._missing = Shelf(service, *FLAGS)
        self._ticks = Shelf(service, "#integrations", "tick")
        self._versions = Shelf(service, "#integrations", "version")

    def names(self) -> list[str]:
        return [key[0] for key, _ in self._integrations.items()]

    def load(self, name: str) -> Integration:
        data = self._integrations.get(name)
        if data is None:
            raise KeyError(absent(name))
        return forms.integration(data)

    def save(self, integration: Integration) -> None:
        self._integrations.put(integration, integration_name(integration.name))

    def change(self, before: Integration | None, after: Integration, versions: Sequence[Version]) -> bool:
        name = integration_name(after.name)
        for one in (after, *versions):
            check_size(len(shrink(one)))
        with self._integrations.lock:
            found = self._integrations.get(name)
            if (None if found is None else forms.integration(found)) != before:
                return False
            self._integrations.put(after, name)
            for one in versions:
                self._versions.put(one, name, one.id)
            for old in self.versions(name)[KEPT:]:
                self._versions.drop(name, old.id)
        return True

    def versions(self, name: str) -> list[Version]:
        found = [form(data) for _, data in self._versions.items(integration_name(name))]
        return found[::-1]

    def state(self, name: str) -> IntegrationState:
        data, missing = self._states.get(integration_name(name)), self._missing.get(name)
        return forms.state(data or {}, missing or ())

    def load_with_state(self, name: str) -> tuple[Integration, IntegrationState]:
        return self.load(name), self.state(name)

    def change_state(self, name: str, before: IntegrationState, after: IntegrationState) -> bool:
        found, name = steps(before, after), integration_name(name)
        with self._states.lock:
            now = self.state(name)
            free = [step for step in found if holds(step, now, before)]
            if free:
                self._states.put(
                    reduce(lambda kept, step: made(step, kept), free, forms.kept_state(now)), name
                )
        return free == found

    def take_tick(self, name: str, tick: str, sent_at: datetime, now: datetime) -> Taken:
        with self._ticks.lock:
            last = self._ticks.get(integration_name(name))
            ahead = last is not None and last[1] > stamp(now + SKEW)
            if not (last is None or last[0] == tick or last[1] < stamp(sent_at) or ahead):
                return ""
            self._ticks.put([tick, stamp(now)], name)
        return "ahead" if ahead else "taken"

    def previews_only(self, name: str) -> None:
        with self._states.lock:
            now = replace(self.state(name), live=False, held_back=True)
            self._states.put(forms.kept_state(now), integration_name(name))
