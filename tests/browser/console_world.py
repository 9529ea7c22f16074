"""A console over the systems of a story: everything but AWS and the vendors is real."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from shared.bootstrap_deployment import Deployment
from shared.console.reply import Reply
from shared.console.router import route
from shared.operations.connection_facts import note_check, note_choices
from shared.ports import Finding
from shared.ports.dead_letters import LOOKED, QUEUES, SECONDS, Letter, Looked
from tests.properties.rig import NAME, Rig
from tests.sign_in_provider import session_of

KEY = "the-key-of-the-session"


@dataclass
class Letters:
    """The memory twin of the dead-letter queues."""

    kept: list[Letter] = field(default_factory=list)
    replayed: list[Letter] = field(default_factory=list)

    def put(self, queue: str, body: str, group: str = NAME) -> None:
        number = len(self.kept) + len(self.replayed)
        self.kept.append(
            Letter(f"letter-{number}", queue, body, group, datetime(2026, 11, 30, tzinfo=UTC), 5)
        )

    def counts(self) -> dict[str, int]:
        return {queue: sum(one.queue == queue for one in self.kept) for queue in QUEUES}

    def address(self, queue: str) -> str:
        return f"https://sqs.eu-west-2.amazonaws.com/123456789012/tieout-dead-{queue}"

    def look(
        self,
        queue: str,
        wanted: Callable[[Letter], bool] = lambda _: True,
        most: int = LOOKED,
        seconds: float = SECONDS,
    ) -> Looked:
        there = [one for one in self.kept if one.queue == queue]
        found = list[Letter]()
        for number, one in enumerate(there[:LOOKED], 1):
            found += [one] if wanted(one) else []
            if len(found) >= most:
                return Looked(tuple(found), number, True)
        return Looked(tuple(found), min(len(there), LOOKED), len(there) > LOOKED)

    def replay(self, queue: str, ids: Collection[str]) -> int:
        self.replayed += (found := self._take(queue, ids))
        return len(found)

    def drop(self, queue: str, ids: Collection[str]) -> int:
        return len(self._take(queue, ids))

    def _take(self, queue: str, ids: Collection[str]) -> list[Letter]:
        found = [one for one in self.kept if one.queue == queue and one.id in ids]
        self.kept = [one for one in self.kept if one not in found]
        return found


class Polls:
    """The queue of polls."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, str]]] = []

    def send(self, messages: Sequence[tuple[str, Mapping[str, str]]], delay_seconds: int = 0) -> None:
        self.sent += messages


class Console:
    """What a person does with a browser, and what comes back."""

    def __init__(self, rig: Rig, urls: Mapping[str, str] | None = None, *grants: str) -> None:
        """`grants`: what the person may do, everything where none are named."""
        self.rig, self.letters, self.polls = rig, Letters(), Polls()
        stored = rig.world.integrations.load(NAME)
        connections = {
            system: replace(one, options={**one.options, **({"record_url": urls[system]} if urls else {})})
            for system, one in stored.connections.items()
        }
        rig.world.integrations.save(replace(stored, connections=connections))
        made = SimpleNamespace(
            integrations=rig.world.integrations,
            services=lambda _: rig.services(),
            stores=rig.world.stores,
            env=SimpleNamespace(allow_local=True),
            polls=self.polls,
            dead_letters=self.letters,
            console=SimpleNamespace(stores=rig.world.console, web=None, local=True),
        )
        self.deployment = cast(Deployment, made)
        self.cookie, self.token = session_of(rig.world.console, *grants, key=KEY)

    def learned(
        self,
        system: str,
        account: str,
        findings: Sequence[Finding],
        choices: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """What `tieout connect` found."""
        stores, now = self.rig.stores, self.rig.clock.now()
        note_check(stores, system, [Finding("ok", "connection", account), *findings], now)
        note_choices(stores, system, choices, now)

    def get(self, page: str = "", **query: str) -> Reply:
        return self.ask("GET", f"/{NAME}/{page}", query=query)

    def post(self, action: str, token: str | None = None, **form: str) -> Reply:
        known = self.token if token is None else token
        return self.ask("POST", f"/{NAME}/{action}", form={"token": known, **form})

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        signed_in: bool = True,
    ) -> Reply:
        payload: dict[str, Any] = {
            "rawPath": path,
            "requestContext": {"http": {"method": method}},
            "queryStringParameters": dict(query or {}),
            "body": urlencode(form or {}, doseq=True),
            "headers": dict(headers or {}),
            "cookies": [self.cookie] if signed_in else [],
        }
        return route(payload, self.deployment)

    def send(self, method: str, page: str, **parts: Any) -> Reply:
        """A payload of any kind."""
        return route(
            {
                "rawPath": f"/{NAME}/{page}",
                "requestContext": {"http": {"method": method}},
                "cookies": [self.cookie],
                **parts,
            },
            self.deployment,
        )

    def follow(self, reply: Reply) -> Reply:
        """Where an action leads."""
        page, _, query = reply.location.partition("?")
        asked = dict(parse_qsl(query))
        return self.ask("GET", page, query=asked)
