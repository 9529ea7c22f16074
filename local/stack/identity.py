"""The embedded Cognito's sign-in, without passwords: two addresses on the stack's own host. Imported only by
`entrance.py`.

The flow is Cognito's own: the emulator checks client, address to come back to, scopes and PKCE, makes the
code and signs the tokens. What differs is how a person proves who they are: with a ticket of this stack
(`tickets.py`) in `login_hint`, instead of a form that anybody on this machine could try. PKCE, state and
nonce, which Cognito takes where they are given, must be there.
"""

import time
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ministack.services import cognito

if TYPE_CHECKING:
    from local.stack.tickets import Tickets
else:  # beside this file, which is run by a script
    from tickets import Tickets

Answer = tuple[int, dict[str, str], bytes]
_NEEDED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method")
_TOO_LATE = "This link has been used already, or is older than ten minutes. For a new one run: tieout console"


class Identity:
    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    async def answer(
        self, method: str, path: str, headers: dict[str, str], query: str, body: bytes
    ) -> Answer:
        if (method, path) == ("GET", "/oauth2/authorize"):
            return self._authorize(headers, query)
        if (method, path) == ("POST", "/oauth2/token"):
            return await self._token(headers, body)
        return _page(405, "There is nothing here.")

    def _authorize(self, headers: dict[str, str], query: str) -> Answer:
        given = parse_qs(query, keep_blank_values=True, max_num_fields=40)
        if any(len(values) > 1 for values in given.values()) or not all(
            given.get(one, [""])[0] for one in _NEEDED
        ):
            return _page(400, "This is not how a sign-in begins: open the console's address instead.")
        asked = {name: values[0] for name, values in given.items()}
        if "identity_provider" in asked:
            return _page(400, "There is no other provider here.")
        status, found, content = cognito.handle_oauth2_authorize("GET", "/oauth2/authorize", headers, asked)
        if status != 200:
            return status, found, content
        user = self._user(asked)
        if user is None:
            return _page(403, _TOO_LATE)
        pool_id = cognito._find_pool_by_client_id(asked["client_id"])[0]
        made: Answer = cognito._issue_auth_code_redirect(
            asked["client_id"],
            pool_id,
            asked["redirect_uri"],
            asked.get("scope", ""),
            user["Username"],
            asked["nonce"],
            asked["code_challenge"],
            asked["code_challenge_method"],
            asked["state"],
        )
        return made

    def _user(self, asked: dict[str, str]) -> Any:
        named = self._tickets.take(asked.get("login_hint", ""), time.monotonic())
        pool = cognito._find_pool_by_client_id(asked["client_id"])[1]
        user, _ = cognito._resolve_user(pool, named) if named else (None, None)
        return user if user and user.get("Enabled", True) else None

    async def _token(self, headers: dict[str, str], body: bytes) -> Answer:
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
        if form.get("grant_type") != ["authorization_code"] or not form.get("code_verifier"):
            return 400, {"Content-Type": "application/json"}, b'{"error": "unsupported_grant_type"}'
        found: Answer = await cognito.handle_oauth2_token("POST", "/oauth2/token", headers, body, {})
        return found


def _page(status: int, text: str) -> Answer:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return status, headers, f"<!doctype html><title>Tieout</title><p>{escape(text)}</p>".encode()
