"""Static credentials in Secrets Manager: one JSON secret for each integration, `{prefix}{integration}`, with
an object of texts for each of its systems.

A secret costs by the month, whatever is in it, and each reading of it costs too: a warm function keeps what
it read for some minutes, and reads again once a vendor has refused it (`renewed`).
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.errors import BadCredentials
from shared.stores._faults import code, reaching
from shared.stores._keys import integration_name
from shared.stores._rules import nothing_stored

_ABSENT = "ResourceNotFoundException"
KEPT_SECONDS = 300.0
Kept = dict[str, tuple[float, dict[str, Any]]]
"""Name of a secret -> when it was read, in seconds that only go forward, and what is in it."""


class AwsSecrets:
    """`Secrets` on Secrets Manager. `client` gives the client when it is first needed; `kept` outlives the
    invocation."""

    def __init__(
        self, client: Callable[[], Any], prefix: str, integration: str, kept: Kept | None = None
    ) -> None:
        self._client = client
        self._integration = integration_name(integration)
        self._name = f"{prefix}{self._integration}"
        self._kept: Kept = {} if kept is None else kept

    def get(self, system: str) -> dict[str, str]:
        """1 request in five minutes. Raises BadCredentials when nothing, or nothing readable, is stored."""
        read_at, stored = self._kept.get(self._name, (0.0, {}))
        if system not in stored or time.monotonic() - read_at >= KEPT_SECONDS:
            stored = self._read(system)
        if system not in stored:
            raise BadCredentials(nothing_stored(self._integration, system))
        try:
            return {str(name): str(value) for name, value in stored[system].items()}
        except AttributeError:
            raise self._damaged(system) from None

    def renewed(self, system: str) -> bool:
        """1 request."""
        before = self._kept.pop(self._name, (0.0, {}))[1].get(system)
        return before is not None and self._read(system).get(system) not in (None, before)

    def put(self, system: str, values: Mapping[str, str]) -> None:
        """2 requests, 3 the first time. A secret of which nothing can be read is replaced."""
        try:
            stored = self._read(system)
        except BadCredentials:
            stored = {}
        self._write({**stored, system: dict(values)})

    def forget(self, system: str) -> None:
        """2 requests, 1 where nothing is stored."""
        stored = self._read(system)
        if system in stored:
            self._write({name: values for name, values in stored.items() if name != system})

    def _write(self, stored: Mapping[str, Any]) -> None:
        text = json.dumps(stored)
        self._kept.pop(self._name, None)
        try:
            with reaching("Secrets Manager"):
                self._client().put_secret_value(SecretId=self._name, SecretString=text)
        except ClientError as fault:
            if code(fault) != _ABSENT:
                raise
            with reaching("Secrets Manager"):
                self._client().create_secret(Name=self._name, SecretString=text)

    def _read(self, system: str) -> dict[str, Any]:
        try:
            with reaching("Secrets Manager"):
                text = self._client().get_secret_value(SecretId=self._name)["SecretString"]
        except ClientError as fault:
            if code(fault) != _ABSENT:
                raise
            return {}
        try:
            stored = dict(json.loads(text).items())
        except (ValueError, AttributeError):
            raise self._damaged(system) from None
        self._kept[self._name] = (time.monotonic(), stored)
        return stored

    def _damaged(self, system: str) -> BadCredentials:
        return BadCredentials(
            f"the secret {self._name} does not hold a JSON object of texts for {system}: "
            f"run `tieout connect {system}` to store it again"
        )
