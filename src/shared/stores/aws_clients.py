"""AWS clients, each made when first used, so that a function pays only for the services it calls.

Made from botocore directly: the same low-level clients as boto3's, without importing boto3. Time-outs are
short and retries few, because a Lambda invocation has a deadline of its own.
"""

import logging
import os
from functools import cached_property
from typing import Any

logging.getLogger("botocore").setLevel(logging.INFO)  # DEBUG would log what Secrets Manager answers


class Clients:
    """`region` and `endpoint_url` are for the command line; in Lambda both come from the environment."""

    def __init__(self, region: str | None = None, endpoint_url: str | None = None) -> None:
        self._region = region
        self._endpoint_url = endpoint_url
        self.opened: dict[bytes, bytes] = {}
        """Tokens that were decrypted, for as long as the function stays warm (`AwsTokenStore`)."""
        self.secrets: dict[str, tuple[float, dict[str, Any]]] = {}
        """Secrets that were read, likewise (`AwsSecrets`)."""
        self.providers: dict[str, tuple[float, Any]] = {}
        """The sign-in provider that was read, likewise (`AwsProviderStore`)."""

    @cached_property
    def sqs(self) -> Any:
        return self._client("sqs")

    @cached_property
    def dynamodb(self) -> Any:
        return self._client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        return self._client("s3")

    @cached_property
    def kms(self) -> Any:
        return self._client("kms")

    @cached_property
    def sns(self) -> Any:
        return self._client("sns")

    @cached_property
    def ssm(self) -> Any:
        return self._client("ssm")

    @cached_property
    def secretsmanager(self) -> Any:
        return self._client("secretsmanager")

    @cached_property
    def _session(self) -> Any:
        from botocore.session import get_session  # type: ignore[import-untyped,unused-ignore]

        from shared.stores._service_loader import ServiceLoader

        session = get_session()
        session.register_component("data_loader", ServiceLoader())
        return session

    def _client(self, service: str) -> Any:
        from botocore.config import Config  # type: ignore[import-untyped,unused-ignore]

        # An emulator's host has no name for each bucket, so buckets go into the path there.
        emulated = self._endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
        config = Config(
            connect_timeout=3,
            read_timeout=10,
            retries={"mode": "standard", "max_attempts": 4},
            s3={"addressing_style": "path" if emulated else "auto"},
        )
        return self._session.create_client(
            service, region_name=self._region, endpoint_url=self._endpoint_url, config=config
        )
