"""Memory twins of what the console keeps for the stack: sessions, begun sign-ins, provider, audit trail."""

from collections.abc import Callable
from datetime import datetime

from shared.domain.record import replace
from shared.ports.audit import Entry
from shared.ports.sessions import Away, ConsoleStores, Provider, Session, Started
from shared.stores import _console_forms as forms
from shared.stores._keys import epoch, integration_name, stamp
from shared.stores.aws_audit import KEPT
from shared.stores.aws_sessions import concerns, digest
from shared.stores.memory._shelf import Service, Shelf

_STACK = "#stack"


class MemorySessionStore:
    """`SessionStore`."""

    def __init__(self, service: Service) -> None:
        self._rows = Shelf(service, _STACK, "session")

    def begin(self, key: str, session: Session) -> None:
        self._rows.put(session, digest(key))

    def load(self, key: str) -> Session | None:
        data = self._rows.get(digest(key))
        return None if data is None else forms.session(data, data["seen_at"])

    def seen(self, key: str, at: datetime) -> None:
        with self._rows.lock:
            found = self.load(key)
            if found is not None and found.seen_at < at:
                self.begin(key, replace(found, seen_at=at))

    def end(self, key: str) -> None:
        self._rows.drop(digest(key))

    def end_all(self, person: str = "") -> int:
        with self._rows.lock:
            rows = ((key, forms.session(data, data["seen_at"])) for key, data in self._rows.items())
            found = [key for key, one in rows if concerns(one, person)]
            for key in found:
                self._rows.drop(*key)
        return len(found)


class MemorySignInStore:
    """`SignInStore`."""

    def __init__(self, service: Service) -> None:
        self._rows = Shelf(service, _STACK, "sign-in")
        self._attempts = Shelf(service, _STACK, "attempt")
        self._away = Shelf(service, _STACK, "away")

    def begin(self, state: str, started: Started) -> None:
        self._rows.put(started, digest(state))

    def take(self, state: str) -> Started | None:
        with self._rows.lock:
            data = self._rows.get(digest(state))
            self._rows.drop(digest(state))
        return None if data is None else forms.started(data)

    def leave(self, state: str, away: Away) -> None:
        self._away.put(away, digest(state))

    def look(self, state: str) -> Away | None:
        data = self._away.get(digest(state))
        return None if data is None else forms.away(data)

    def back(self, state: str) -> Away | None:
        with self._away.lock:
            found = self.look(state)
            self._away.drop(digest(state))
        return found

    def attempt(self, source: str, window: str, most: int, until: datetime) -> bool:
        with self._attempts.lock:
            made = self._attempts.get(source, window) or 0
            if made < most:
                self._attempts.put(made + 1, source, window)
        return made < most


class MemoryProviderStore:
    """`ProviderStore`; a test says which."""

    def __init__(self) -> None:
        self.provider: Provider | None = None

    def load(self) -> Provider | None:
        return self.provider


class MemoryAuditTrail:
    """`AuditTrail`."""

    def __init__(self, service: Service, now: Callable[[], datetime]) -> None:
        self._service, self._now = service, now

    def note(self, entry: Entry) -> None:
        self._shelf(entry.integration).put(entry, stamp(entry.at), entry.id)

    def newest(self, integration: str, limit: int = 100, before: datetime | None = None) -> list[Entry]:
        rows = [forms.entry(data) for _, data in self._shelf(integration).items()]
        kept = [one for one in rows if epoch(one.at + KEPT) > epoch(self._now())]
        return [one for one in reversed(kept) if before is None or one.at < before][:limit]

    def _shelf(self, integration: str) -> Shelf:
        return Shelf(self._service, integration_name(integration) if integration else _STACK, "audit")


def console_stores(
    service: Service, provider: MemoryProviderStore, now: Callable[[], datetime]
) -> ConsoleStores:
    return ConsoleStores(
        MemorySessionStore(service), MemorySignInStore(service), provider, MemoryAuditTrail(service, now)
    )
