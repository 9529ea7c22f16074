"""Static credentials in Secrets Manager, one JSON secret for each connection:
`{prefix}{integration}/{system}`."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.errors import BadCredentials
from shared.stores._faults import code, reaching
from shared.stores._keys import integration_name
from shared.stores._rules import nothing_stored

_ABSENT = "ResourceNotFoundException"


class AwsSecrets:
    """`Secrets` on Secrets Manager. `client` gives the client when it is first needed."""

    def __init__(self, client: Callable[[], Any], prefix: str, integration: str) -> None:
        self._client = client
        self._integration = integration_name(integration)
        self._prefix = f"{prefix}{self._integration}/"

    def get(self, system: str) -> dict[str, str]:
        """1 request. Raises BadCredentials when nothing, or nothing readable, is stored."""
        try:
            with reaching("Secrets Manager"):
                text = self._client().get_secret_value(SecretId=self._prefix + system)["SecretString"]
        except ClientError as fault:
            if code(fault) != _ABSENT:
                raise
            raise BadCredentials(nothing_stored(self._integration, system)) from fault
        try:
            return {str(name): str(value) for name, value in json.loads(text).items()}
        except (ValueError, AttributeError):
            raise BadCredentials(
                f"the secret {self._prefix}{system} is not a JSON object of texts: "
                f"run `tieout connect {system}` to store it again"
            ) from None

    def put(self, system: str, values: Mapping[str, str]) -> None:
        """1 request, 2 the first time."""
        name, text = self._prefix + system, json.dumps(dict(values))
        try:
            with reaching("Secrets Manager"):
                self._client().put_secret_value(SecretId=name, SecretString=text)
        except ClientError as fault:
            if code(fault) != _ABSENT:
                raise
            with reaching("Secrets Manager"):
                self._client().create_secret(Name=name, SecretString=text)
