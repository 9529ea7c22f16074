"""AWS signatures (version 4), checked against keys that only this stack has. Imported only by `server.py`.

The root key's secret is in the state folder, readable by its owner. Each function's key is made from that
secret and the function's name, so that it cannot be computed by anyone who knows the names.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from ministack.core import arn, lambda_runtime, sigv4
from ministack.services import lambda_svc, sts

_ALGORITHM = "AWS4-HMAC-SHA256 "


class Keys:
    """Access key id -> secret: the root key's, and those of the functions that have been started."""

    def __init__(self, root_key: str, secret: str) -> None:
        self._secret = secret
        self._known = {root_key: secret}

    def issue_to_functions(self) -> None:
        """From now on the emulator gives its functions keys of ours instead of its own."""
        lambda_runtime.execution_credentials = lambda_svc.execution_credentials = self._credentials

    def fault(
        self, method: str, raw_path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> str | None:
        """Why this request is not signed by a key of ours; None if it is. `headers` have lower-case names."""
        if not headers.get("authorization", "").startswith(_ALGORITHM):
            return "it is not signed"
        signature = sigv4.parse_header_signature(headers)
        if isinstance(signature, tuple):
            return str(signature[1])
        secret = self._known.get(signature.access_key_id)
        if secret is None:
            return "its key is not one of this stack's"
        if not {"host", "x-amz-date"} <= set(signature.signed_headers.split(";")):
            return "its host and date are not signed"
        stated = headers.get("x-amz-content-sha256")
        if stated is not None and stated != hashlib.sha256(body).hexdigest():
            return "its body is not the signed one"
        late = sigv4.request_time_failure(signature)
        wrong = sigv4.header_signature_failure(
            signature, secret, method, raw_path, parse_qs(query, keep_blank_values=True), headers, body
        )
        found = late or wrong
        return str(found[1]) if found else None

    def _credentials(self, config: Mapping[str, Any]) -> dict[str, str]:
        """What a function's process finds in its environment. The emulator is told whose role the key has, so
        that it enforces that role's rights."""
        function, role = str(config["FunctionArn"]), str(config.get("Role", ""))
        account, name = arn.parse_arn(function).account_id, role.rsplit("/", 1)[-1]
        key = f"ASIA{self._derived('id', function, role)[:16].upper()}"
        secret, token = self._derived("secret", function, role), self._derived("token", function, role)
        session = str(config.get("FunctionName", name))[:64]
        sts.register_session(
            key,
            {
                "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
                "UserId": f"{name}:{session}",
                "SecretAccessKey": secret,
                "SessionToken": token,
            },
        )
        self._known[key] = secret
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    def _derived(self, *parts: str) -> str:
        return hmac.new(self._secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()
