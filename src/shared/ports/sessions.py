"""The ports of the console's sign-in: who is signed in, who is on the way to it, and with which provider.

They belong to the stack, not to an integration. Keys of sessions and states are random texts that only the
browser keeps: the stores keep their SHA-256, so that a copy of the table opens nothing.
"""

from datetime import datetime
from typing import Protocol

from shared.domain.record import record
from shared.ports.audit import AuditTrail


@record
class Session:
    """One person's stay. `person` is the provider's own, lasting id of the person (`sub`)."""

    person: str
    name: str
    """What people call the person: an e-mail address or a user name."""
    grants: tuple[str, ...]
    """`admin` and `viewer` for every integration, `admin:NAME` and `viewer:NAME` for one."""
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime


class SessionStore(Protocol):
    """Sessions by key. What is over may still be found: whoever reads compares the times."""

    def begin(self, key: str, session: Session) -> None: ...
    def load(self, key: str) -> Session | None: ...

    def seen(self, key: str, at: datetime) -> None:
        """Moves `seen_at` forward; a session that was ended in the meantime stays ended."""
        ...

    def end(self, key: str) -> None: ...

    def end_all(self, person: str = "") -> int:
        """Those of one person, by id or name, or of everybody. How many there were."""
        ...


@record
class Started:
    """A sign-in that went to the provider and has not come back."""

    browser: str
    """SHA-256 of what the browser that began it keeps in a cookie."""
    nonce: str
    verifier: str
    """Of PKCE (RFC 7636)."""
    back: str
    """The path to show afterwards."""
    at: datetime


@record
class Away:
    """A signed-in person who went to a vendor's sign-in page and has not come back. `session` is the form
    token of the session that began it; `asked` names what waits, sealed, for the way back (`AskedStore`)."""

    session: str
    integration: str
    system: str
    asked: str
    challenge: str
    """S256 of PKCE; the verifier is sealed."""
    country: str
    client_id: str
    at: datetime


class SignInStore(Protocol):
    def begin(self, state: str, started: Started) -> None: ...

    def take(self, state: str) -> Started | None:
        """Once only: a second caller gets None."""
        ...

    def leave(self, state: str, away: Away) -> None: ...

    def look(self, state: str) -> Away | None:
        """Any number of times, until somebody came back."""
        ...

    def back(self, state: str) -> Away | None:
        """Once only: a second caller gets None."""
        ...

    def attempt(self, source: str, window: str, most: int, until: datetime) -> bool:
        """Counts one attempt of a source within a window, which nobody asks for after `until`. False from
        the one after `most` on."""
        ...


@record
class Provider:
    """The OpenID Connect provider, as the stack names it. Addresses that are "" are looked up at the
    issuer (`/.well-known/openid-configuration`)."""

    issuer: str
    client_id: str
    address: str
    """Of the console, as people open it."""
    authorize: str = ""
    token: str = ""
    sign_out: str = ""
    """Where the provider ends its own session, as Cognito does it; "" for none."""
    roles_claim: str = "cognito:groups"
    admin: str = "admin"
    """The value of the roles claim that makes an admin."""
    viewer: str = "viewer"
    secret: str = ""
    """Of a confidential client; "" for a public one."""
    scopes: str = "openid email profile"


class ProviderStore(Protocol):
    def load(self) -> Provider | None:
        """None where the stack names none. Raises RuleInvalid for settings that cannot be read."""
        ...


@record
class ConsoleStores:
    """What the console keeps for the whole stack."""

    sessions: SessionStore
    sign_ins: SignInStore
    provider: ProviderStore
    audit: AuditTrail
