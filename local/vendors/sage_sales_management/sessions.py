"""Signing in: a key pair for an opaque session key."""

import base64
import secrets

from local.vendors.sage_sales_management.server import SalesServer


class Sessions:
    def __init__(self, server: SalesServer) -> None:
        self._server = server
        self._begun: dict[str, float] = {}

    def clear(self) -> None:
        """Ends all of them."""
        self._begun.clear()

    def begin(self, body: object) -> str | None:
        """A new session key; None where the keys are wrong."""
        # known: document - the body's names are username (the public key) and password (the private key)
        options = self._server.options
        sent = body if isinstance(body, dict) else {}
        if (sent.get("username"), sent.get("password")) != (options.public_key, options.private_key):
            return None
        if options.one_session:
            self.clear()
        now = self._server.clock.now().timestamp()
        token = base64.b64encode(f"{int(now)}|{secrets.token_hex(24)}".encode()).decode()
        self._begun[token] = now
        return token

    def valid(self, token: str | None) -> bool:
        begun = self._begun.get(token or "")
        age = self._server.clock.now().timestamp() - begun if begun is not None else 0
        return begun is not None and age < self._server.options.session_seconds
