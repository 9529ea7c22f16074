"""The console's own wiring: its stores, and its calls to the sign-in provider."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.domain.record import record
from shared.ports.sessions import ConsoleStores
from shared.settings import Environment
from shared.stores.aws import open_console as open_stores
from shared.stores.aws_clients import Clients
from shared.systems._browser import Way as Way
from shared.systems._hosts import guard
from shared.systems._http import HttpClient

_TIMEOUT_SECONDS = 10.0


@record
class Console:
    """What the sign-in works with, for one invocation."""

    stores: ConsoleStores
    web: "ProviderWeb"
    local: bool


class ProviderWeb:
    """`Web` of `shared.console.oidc`: each call to the very address that is named, over TLS unless the stack
    is a local one; the certificate is verified and no redirect followed. Nothing of it is archived."""

    def __init__(self, *, local: bool, seconds_left: Callable[[], float]) -> None:
        self._local, self._seconds_left = local, seconds_left

    def get(self, url: str) -> tuple[int, Any]:
        return self._send("GET", url)

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        return self._send("POST", url, form=form, headers=headers)

    def exchange(self, line: Mapping[str, Any]) -> None:
        """`Recorder`: codes and tokens are kept nowhere."""

    def _send(self, method: str, url: str, **given: Any) -> tuple[int, Any]:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        http = HttpClient(
            "the sign-in provider",
            base,
            recorder=self,
            allow=guard(base, allow_local=self._local, allow_http=False),
            seconds_left=self._seconds_left,
            timeout=_TIMEOUT_SECONDS,
        )
        try:
            answer = http.send(method, url[len(base) :], record_reply=False, **given)
        finally:
            http.close()
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, None


def open_console(env: Environment, clients: Clients, seconds_left: Callable[[], float]) -> Console:
    web = ProviderWeb(local=env.allow_local, seconds_left=seconds_left)
    return Console(open_stores(env, clients), web, env.allow_local)
