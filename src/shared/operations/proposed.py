"""A stack with changes that are tried before they are stored: what is proposed is read as if it were stored,
and written when it has been proved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from shared.domain.spans import Taken
from shared.errors import BadCredentials, RuleInvalid
from shared.operations.proposed_cache import ProposedCache
from shared.ports import IntegrationStore, Secrets, Stores
from shared.settings import Environment, Integration, IntegrationState

if TYPE_CHECKING:
    from shared.operations.settings_versions import Maker
    from shared.ports.versions import Version


class Stack(Protocol):
    """What connecting a system needs of a stack, such as a `Target`."""

    @property
    def environment(self) -> Environment: ...
    def integrations(self) -> IntegrationStore: ...
    def stores(self, integration: str) -> Stores: ...


class Proposed:
    """A `Stack` over another one. Integrations, credentials and what the vendors say of themselves wait: a
    token that was got with proposed credentials is stored at once, for it says itself whose it is."""

    def __init__(self, stack: Stack, maker: "Maker | None" = None) -> None:
        """`maker`: who proposes it, for the versions of the settings."""
        self._stack = stack
        self._integrations = _Integrations(stack.integrations(), maker)
        self._secrets: dict[str, _Secrets] = {}
        self._caches: dict[str, ProposedCache] = {}

    @property
    def environment(self) -> Environment:
        return self._stack.environment

    def integrations(self) -> IntegrationStore:
        return self._integrations

    def stores(self, integration: str) -> Stores:
        real = self._stack.stores(integration)
        if integration not in self._caches:
            self._caches[integration] = ProposedCache(real.cache, lambda: self._connected_alike(integration))
        return replace(real, secrets=self.secrets(integration), cache=self._caches[integration])

    def secrets(self, integration: str) -> "_Secrets":
        if integration not in self._secrets:
            self._secrets[integration] = _Secrets(self._stack.stores(integration).secrets)
        return self._secrets[integration]

    @property
    def waiting(self) -> bool:
        """Whether something is proposed and not stored."""
        return self._integrations.waiting or any(one.waiting for one in self._secrets.values())

    def touched(self) -> list[str]:
        """The integrations of which something is proposed and not stored."""
        secrets = [name for name, one in self._secrets.items() if one.waiting]
        return list(dict.fromkeys((*self._integrations.touched(), *secrets)))

    def replaced(self) -> list[tuple[str, str]]:
        """(integration, system) whose stored credentials would be replaced by others."""
        return [(name, system) for name, one in self._secrets.items() for system in one.replaced()]

    def stored(self, integration: str) -> Integration | None:
        """As it is without what is proposed; None for one that is new."""
        real = self._stack.integrations()
        return real.load(integration) if integration in real.names() else None

    def stored_state(self, integration: str) -> IntegrationState:
        return self._stack.integrations().state(integration)

    def keep(self) -> None:
        """Stores what is proposed."""
        self._integrations.keep()
        for one in self._secrets.values():
            for system in list(one.waiting):
                one.keep(system)
        for cache in self._caches.values():
            cache.keep()

    def _connected_alike(self, integration: str) -> bool:
        """Whether what is remembered of the vendors is true of what is proposed too."""
        before = self.stored(integration)
        after = self._integrations.load(integration)
        replaced = any(name == integration for name, _ in self.replaced())
        return before is not None and before.connections == after.connections and not replaced


class _Secrets:
    """`Secrets`. What was put waits for `keep`."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self.waiting: dict[str, dict[str, str]] = {}

    def get(self, system: str) -> dict[str, str]:
        return dict(self.waiting[system]) if system in self.waiting else self._secrets.get(system)

    def renewed(self, system: str) -> bool:
        return system not in self.waiting and self._secrets.renewed(system)

    def put(self, system: str, values: Mapping[str, str]) -> None:
        self.waiting[system] = dict(values)

    def forget(self, system: str) -> None:
        self.waiting.pop(system, None)
        self._secrets.forget(system)

    def replaced(self) -> list[str]:
        return [system for system, values in self.waiting.items() if self.stored(system) not in ({}, values)]

    def stored(self, system: str) -> dict[str, str]:
        """What is stored without what waits."""
        try:
            return self._secrets.get(system)
        except BadCredentials:
            return {}

    def keep(self, system: str) -> None:
        if system in self.waiting:
            self._secrets.put(system, self.waiting.pop(system))


class _Integrations:
    """`IntegrationStore`. After `keep` it writes as the real one does."""

    def __init__(self, integrations: IntegrationStore, maker: "Maker | None") -> None:
        self._real, self._maker, self._kept = integrations, maker, False
        self._saved: dict[str, Integration] = {}
        self._before: dict[str, Integration | None] = {}
        """What each was when something was proposed of it."""
        self._states: dict[str, IntegrationState] = {}

    @property
    def waiting(self) -> bool:
        return bool(self._saved or self._states)

    def touched(self) -> list[str]:
        return [*self._saved, *self._states]

    def names(self) -> list[str]:
        return list(dict.fromkeys((*self._real.names(), *self._saved)))

    def load(self, name: str) -> Integration:
        return self._saved[name] if name in self._saved else self._real.load(name)

    def save(self, integration: Integration) -> None:
        if self._kept:
            self._real.save(integration)
        else:
            self._before.setdefault(integration.name, self._stored(integration.name))
            self._saved[integration.name] = integration

    def change(self, before: Integration | None, after: Integration, versions: "Sequence[Version]") -> bool:
        """Its versions are made anew when it is kept."""
        if self._kept:
            return self._real.change(before, after, versions)
        self.save(after)
        return True

    def versions(self, name: str) -> "list[Version]":
        return self._real.versions(name)

    def _stored(self, name: str) -> Integration | None:
        return self._real.load(name) if name in self._real.names() else None

    def state(self, name: str) -> IntegrationState:
        return self._states[name] if name in self._states else self._real.state(name)

    def load_with_state(self, name: str) -> tuple[Integration, IntegrationState]:
        return self.load(name), self.state(name)

    def change_state(self, name: str, before: IntegrationState, after: IntegrationState) -> bool:
        if self._kept:
            return self._real.change_state(name, before, after)
        self._states[name] = after
        return True

    def take_tick(self, name: str, tick: str, sent_at: datetime, now: datetime) -> Taken:
        return self._real.take_tick(name, tick, sent_at, now)

    def previews_only(self, name: str) -> None:
        self._real.previews_only(name)

    def keep(self) -> None:
        """Of a state only that it went live: the functions may have written the rest meanwhile. Raises
        RuleInvalid where somebody has changed the same settings since they were read."""
        # Most commands that read this module store nothing, and this one reads the mapping.
        from shared.operations.settings_versions import CONNECTED, Maker, meanwhile, stored_with_version

        maker = self._maker or Maker("", CONNECTED)
        for name, integration in self._saved.items():
            before = self._before[name]
            if not stored_with_version(self._real, before, integration, maker, datetime.now(UTC)):
                raise RuleInvalid(meanwhile(name))
        self._kept = True
        for name, state in self._states.items():
            now = self._real.state(name)
            if state.live and not now.held_back:
                self._real.change_state(name, now, replace(now, live=True))
        self._saved, self._states = {}, {}
