"""How Sage is asked for a pair of tokens.

A refresh spends the refresh token, so a pair that is lost between Sage and the store ends the connection. A
refresh whose answer was lost is tried once more with the same token after a pause: Sage may never have had
it.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.errors import OutcomeUnknown, Unavailable
from shared.ports import Clock
from shared.systems._sign_in import NewToken, SignIn, Spent
from shared.systems._tokens import SharedToken, TokenBinding
from shared.systems.sage_accounting.oauth import RECONNECT, TOKEN_URL, Grant
from shared.systems.sage_accounting.token_host import TokenHost

_PAUSE_SECONDS = 5.0
_MARGIN = timedelta(seconds=45)
"""An access token lives five minutes; a call that starts just before its end would be refused."""
_LOCK_SECONDS, _PATIENCE_SECONDS = 150.0, 20.0
"""Longer than both tries of a refresh with the pause between them; how long another worker's refresh is
waited for."""


def token_url(options: Mapping[str, str]) -> str:
    return options.get("token_url") or TOKEN_URL


def pair_of(
    binding: TokenBinding,
    host: Callable[[], TokenHost],
    address: str,
    options: Mapping[str, str],
    secret: Mapping[str, str],
) -> SharedToken:
    """The pair of one app at the API `address`.

    The client secret is no part of its identity: a corrected one must find the pair again, which exists
    nowhere else. It is proved by the next renewal, which sends it along. Nor is the first refresh token,
    which is used up at once.
    """
    return SharedToken(
        binding,
        SageSignIn(host, secret.get("refresh_token", ""), binding.clock),
        (address.rstrip("/"), token_url(options), secret.get("client_id", "")),
        seconds=_LOCK_SECONDS,
        patience=_PATIENCE_SECONDS,
    )


class SageSignIn(SignIn):
    """`first`: a first refresh token, where one was given by hand."""

    title, name, rotating = "Sage", "access_token", True

    def __init__(self, host: Callable[[], TokenHost], first: str, clock: Clock) -> None:
        self._host, self._first, self._clock = host, first, clock
        self._spent: set[str] = set()

    def sign_in(self) -> NewToken:
        if not self._first or self._first in self._spent:
            raise Spent(f"Sage is not connected, or its sign-in ran out: {RECONNECT}")
        return self.refresh({"refresh_token": self._first})

    def refresh(self, value: Mapping[str, str]) -> NewToken:
        token = value["refresh_token"]
        try:
            return new_pair(self._patiently(token))
        except Spent:
            self._spent.add(token)
            raise

    def _patiently(self, token: str) -> Grant:
        try:
            return self._host().refresh(token)
        except OutcomeUnknown:
            self._clock.sleep(_PAUSE_SECONDS)
        try:
            return self._host().refresh(token)
        except Spent:
            raise Spent(
                "Sage renewed the sign-in, but its answer was lost on the way, and it takes the old one no "
                f"more: {RECONNECT}"
            ) from None
        except OutcomeUnknown as fault:
            raise Unavailable(
                f"Sage did not answer when the sign-in was to be renewed: {fault}", after=60
            ) from None


def new_pair(grant: Grant) -> NewToken:
    """Also for what a person's sign-in in the browser gave."""
    return NewToken(
        {"access_token": grant.access_token, "refresh_token": grant.refresh_token},
        timedelta(seconds=grant.expires_in) - _MARGIN,
        timedelta(seconds=grant.refresh_expires_in),
    )
