"""A stack that commands work on, wherever it runs: clients, the functions' environment, and addresses.

Everything is found through the stack's CloudFormation outputs, whose names are those of the functions'
environment.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from local.stack.deploy import describe
from local.stack.home import Home
from local.stack.launch import REGION, ROOT_KEY, StackFault
from local.stack.quick_client import SERVICES as READ
from local.stack.quick_client import QuickClient
from shared.ports import IntegrationStore, PollQueue, Stores
from shared.ports.sessions import ConsoleStores
from shared.settings import Environment, read_environment
from shared.stores.aws import integration_store, open_console, open_stores, poll_queue
from shared.stores.aws_clients import Clients

if TYPE_CHECKING:
    import httpx

NAME = "tieout"
_USUAL = ("cloudformation", "dynamodb", "kms", "lambda", "s3", "secretsmanager", "sqs")
"""Services that commands call."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Target:
    """`endpoint` is None on AWS. `session` carries credentials and region."""

    name: str
    session: Any
    endpoint: str | None
    outputs: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Of the template, as the stack was deployed with them."""

    @property
    def environment(self) -> Environment:
        """As the functions see it."""
        named = {_WORDS.sub("_", key).upper(): value for key, value in self.outputs.items()}
        return read_environment({**named, "ALLOW_LOCAL": "yes" if self.endpoint else "no"})

    def client(self, service: str) -> Any:
        return client(self.session, service, self.endpoint)

    def clients(self) -> Clients:
        """For `shared.stores`: with this target's credentials instead of the process's."""
        return _Clients(self)

    def integrations(self) -> IntegrationStore:
        return integration_store(self.environment, self.clients())

    def stores(self, integration: str) -> Stores:
        return open_stores(self.environment, integration, self.clients())

    def console(self) -> ConsoleStores:
        return open_console(self.environment, self.clients())

    def polls(self) -> PollQueue:
        return poll_queue(lambda: self.client("sqs"), self.outputs["PollQueue"])

    def any_stores(self) -> Stores:
        """Stores for what all integrations share, such as the entity queues."""
        return self.stores("any")

    def queue(self, entity: str) -> str:
        return f"{self.outputs['QueuePrefix']}{entity}"

    def dead_letters(self, entity: str) -> str:
        return f"{self.outputs['DeadLetterPrefix']}{entity}"

    def address(self, output: str) -> str:
        """A Function URL in a form that a browser can open: names under localhost lead to this machine."""
        address = self.outputs[output]
        if not self.endpoint:
            return address
        host, port = urlsplit(address).netloc.replace(".on.aws", ".localhost"), urlsplit(self.endpoint).port
        return f"http://{host}:{port}/"

    def call(self, output: str, path: str = "/", method: str = "GET", **options: Any) -> "httpx.Response":
        """Calls a Function URL, `WebhookUrl` or `ConsoleUrl`. The emulator recognises a function by its Host
        header."""
        import httpx

        address = self.outputs[output]
        headers = dict(options.pop("headers", {}))
        if self.endpoint:
            headers["Host"] = urlsplit(address).netloc
            address = self.endpoint
        return httpx.request(
            method,
            address.rstrip("/") + path,
            headers=headers,
            timeout=60,
            trust_env=not self.endpoint,
            **options,
        )


class _Clients(Clients):
    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target

    def _client(self, service: str) -> Any:
        return self._target.client(service)


@lru_cache(maxsize=64)
def client(session: Any, service: str, endpoint: str | None) -> Any:
    """Made once: a client costs more than a dozen of its calls. With the emulator, a proxy in the user's
    environment must not be used for loopback addresses."""
    if isinstance(session, LocalSession) and endpoint and service in READ:
        return session.quick(service, endpoint, lambda: _whole(session, service, endpoint))
    return _whole(session, service, endpoint)


def _whole(session: Any, service: str, endpoint: str | None) -> Any:
    from botocore.config import Config

    local = (
        Config(proxies={}, retries={"max_attempts": 2}, connect_timeout=5, read_timeout=60)
        if endpoint
        else None
    )
    return session.client(service, endpoint_url=endpoint, config=local)


class LocalSession:
    """The part of a boto3 session that commands use, with the emulator's key; without reading boto3."""

    region_name = REGION

    def __init__(self, home: Home) -> None:
        self._secret = home.secret
        self._keys = {"aws_access_key_id": ROOT_KEY, "aws_secret_access_key": home.secret}

    def client(self, service: str, **options: Any) -> Any:
        session = self._quick if service in _USUAL else self._whole
        return session.create_client(service, region_name=REGION, **self._keys, **options)

    def quick(self, service: str, endpoint: str, whole: Callable[[], Any]) -> QuickClient:
        """For `quick_client.SERVICES`; `whole` makes the client that `client` gives."""
        return QuickClient(service, endpoint, REGION, ROOT_KEY, self._secret, whole)

    def get_credentials(self) -> Any:
        """As boto3's session gives them: the link to the console is asked for with the stack's own secret."""
        from botocore.credentials import Credentials

        return Credentials(self._keys["aws_access_key_id"], self._keys["aws_secret_access_key"])

    @cached_property
    def _quick(self) -> Any:
        """Does not look through all of botocore's descriptions first."""
        from shared.stores._service_loader import ServiceLoader

        class Loader(ServiceLoader):
            def list_available_services(self, type_name: str) -> list[str]:
                return list(_USUAL)

        session = self._whole.__class__()
        session.register_component("data_loader", Loader())
        return session

    @cached_property
    def _whole(self) -> Any:
        from botocore.session import Session

        return Session()


def local_session(home: Home) -> Any:
    """boto3's own, whose clients can do more: to deploy."""
    import boto3

    return boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=home.secret, region_name=REGION)


def open_stack(
    session: Any, name: str, endpoint: str | None, found: Mapping[str, Any] | None = None
) -> Target:
    """`found`: what is known of the stack already, as CloudFormation describes it. Raises StackFault if there
    is no such stack, or if it is not a Tieout stack."""
    if found is None:
        found = describe(client(session, "cloudformation", endpoint), name)
    if found is None:
        raise StackFault(
            f"There is no stack named {name} in {session.region_name}; check --stack and the region."
        )
    outputs = {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", ())}
    if "StateTable" not in outputs:
        raise StackFault(
            f"The stack {name} has no output StateTable, so it is not a Tieout stack, or not fully deployed."
        )
    given = {item["ParameterKey"]: item.get("ParameterValue", "") for item in found.get("Parameters", ())}
    return Target(name, session, endpoint, outputs, given)
