"""Which OpenID Connect provider the stack names: a JSON text in a parameter of Systems Manager, and the
secret of a confidential client in Secrets Manager.

The function learns it when somebody signs in. Its environment cannot say it: the client of the provider needs
the console's address, and the address needs the function.
"""

import json
import time
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.errors import RuleInvalid
from shared.ports.sessions import Provider
from shared.stores._faults import code, reaching

KEPT_SECONDS = 300.0
_ABSENT = "ParameterNotFound"
_FIELDS = frozenset(one.name for one in fields(Provider)) - {"secret"}
_NEEDED = ("issuer", "client_id", "address")
Kept = dict[str, tuple[float, Provider | None]]


def parameter_name(secret_prefix: str) -> str:
    """Of the parameter, from the prefix of the stack's secrets (`STACK/`)."""
    return f"/tieout/{secret_prefix}sign-in"


class AwsProviderStore:
    """`ProviderStore`. `ssm` and `secrets` give clients when they are first needed; `kept` outlives the
    invocation."""

    def __init__(
        self, ssm: Callable[[], Any], secrets: Callable[[], Any], name: str, kept: Kept | None = None
    ) -> None:
        self._ssm, self._secrets, self._name = ssm, secrets, name
        self._kept: Kept = {} if kept is None else kept

    def load(self) -> Provider | None:
        """1 request in five minutes, 2 for a confidential client."""
        read_at, found = self._kept.get(self._name, (0.0, None))
        if found is None or time.monotonic() - read_at >= KEPT_SECONDS:
            found = self._read()
            self._kept[self._name] = (time.monotonic(), found)
        return found

    def _read(self) -> Provider | None:
        try:
            with reaching("Systems Manager"):
                text = self._ssm().get_parameter(Name=self._name)["Parameter"]["Value"]
        except ClientError as fault:
            if code(fault) != _ABSENT:
                raise
            return None
        given = parsed(text, self._name)
        secret = given.pop("secret_name", "")
        return Provider(**given, secret=self._secret(secret) if secret else "")

    def _secret(self, name: str) -> str:
        with reaching("Secrets Manager"):
            return str(self._secrets().get_secret_value(SecretId=name)["SecretString"])


def parsed(text: str, name: str) -> dict[str, str]:
    """The settings that were given; what is "" has its default. Raises RuleInvalid."""
    try:
        given = {str(key): str(value) for key, value in json.loads(text).items() if value != ""}
    except (ValueError, AttributeError):
        raise RuleInvalid(
            f"the parameter {name} does not hold a JSON object: deploy the stack again"
        ) from None
    unknown = sorted(given.keys() - _FIELDS - {"secret_name"})
    missing = [one for one in _NEEDED if one not in given]
    if unknown or missing:
        what = f"names {', '.join(unknown)}, which nobody reads" if unknown else f"lacks {', '.join(missing)}"
        raise RuleInvalid(f"the parameter {name} {what}: deploy the stack again")
    return given
