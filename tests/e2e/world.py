"""A whole installation in one process: the real function handlers, AWS by moto, the vendors emulated over
real HTTP.

`tick` is the 15-minute clock, `drain` what the event source mappings do. Time is real: waits are made short
by settings.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from moto import mock_aws

from local.vendors._serve import Served, serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from shared.domain.link import LogRow
from shared.mapping.compile import compile_flow
from shared.operations.connect import hook_objects
from shared.operations.receive_webhook import token_digest
from shared.settings import Connection, Integration, IntegrationState, WebhookToken
from tests.contract.moto_clients import PooledClients
from tests.contract.stores_world import OnMoto

FLOW = "sugarcrm--sage_50"
TOKEN = "a-webhook-token-of-some-length"


@dataclass
class World:
    """`sugar` and `sage` are the emulators' addresses; `aws` the emulated account."""

    aws: OnMoto
    sugar: str
    sage: str
    name: str = "main"
    receives: dict[str, int] = field(default_factory=dict)

    # what a person does

    def opportunity(self, **values: Any) -> str:
        """Makes (or, with id, edits) one as a person would."""
        defaults = {
            "name": "New shelving",
            "amount": "100.00",
            "currency_id": "-99",
            "date_closed": "2026-11-20",
            "sales_stage": "Closed Won",
            "account_id": "acc-1",
        }
        body = values if "id" in values and values.pop("edit", False) else {**defaults, **values}
        return self._admin(self.sugar, "opportunities", body)

    def account(self, **values: Any) -> str:
        defaults = {"id": "acc-1", "name": "Smith & Co", "sales_account_ref_c": "SMITH001"}
        given = {name: value for name, value in {**defaults, **values}.items() if value is not None}
        return self._admin(self.sugar, "accounts", given)

    def customer(self, **values: Any) -> None:
        defaults = {"accountRef": "SMITH001", "name": "Smith & Co", "currency": 1}
        self._admin(self.sage, "customers", {**defaults, **values})

    def orders(self) -> list[dict[str, Any]]:
        found = httpx.get(f"{self.sage}/_admin/orders").json()
        return found if isinstance(found, list) else list(found["orders"])

    def won(self) -> list[dict[str, Any]]:
        """Live won opportunities as SugarCRM stores them."""
        return [
            row
            for row in self._dump()
            if row["sales_stage"] == "Closed Won" and not int(row.get("deleted") or 0)
        ]

    def shown(self, record_id: str) -> dict[str, Any]:
        """The opportunity as SugarCRM stores it."""
        return next(row for row in self._dump() if row["id"] == record_id)

    def _dump(self) -> list[dict[str, Any]]:
        dump = httpx.get(f"{self.sugar}/_admin/opportunities").json()
        return dump if isinstance(dump, list) else list(dump["opportunities"])

    def faults(self, vendor: str, *faults: Mapping[str, Any]) -> None:
        httpx.post(f"{vendor}/_admin/faults", json=list(faults)).raise_for_status()

    def calls(self, vendor: str) -> dict[str, int]:
        return dict(httpx.get(f"{vendor}/_admin/calls").json())

    # what the platform does

    def tick(self) -> None:
        from functions.poll_changes import app

        app.handler({"source": "aws.scheduler"}, context())
        self.polls()

    def polls(self) -> None:
        from functions.poll_changes import app

        while found := self._take("poll", 10):
            for message in found:
                app.handler({"Records": [_record(message, 1)]}, context())

    def drain(self, entity: str = "sales_order", rounds: int = 40) -> None:
        """Feeds batches to the handler until its queue holds nothing that is visible."""
        from functions.sync_entity import app

        for _ in range(rounds):
            batch = [message for _ in range(5) for message in self._take(entity, 10, delete=False)]
            if not batch:
                return
            records = [_record(message, self._received(message)) for message in batch]
            failed = {
                one["itemIdentifier"]
                for one in app.handler({"Records": records}, context())["batchItemFailures"]
            }
            for message in batch:
                if message["MessageId"] not in failed:
                    self._delete(entity, message)
                elif self.receives[message["MessageId"]] >= app.MAX_RECEIVES:
                    self._delete(entity, message)
                    self.dead.append(message["Body"])
                else:
                    self._show(entity, message)

    dead: list[str] = field(default_factory=list)

    def hook(
        self,
        body: Any,
        *,
        token: str = TOKEN,
        path: str | None = None,
        query: Mapping[str, str] | None = None,
        method: str = "POST",
    ) -> tuple[int, str]:
        from functions.receive_webhook import app

        event = {
            "rawPath": path or f"/{self.name}/sugarcrm/{token}",
            "queryStringParameters": {"object": "Opportunities", "event": "after_save"}
            if query is None
            else query,
            "requestContext": {"http": {"method": method}},
            "body": body if isinstance(body, str) else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = app.handler(event, context())
        return answer["statusCode"], answer["body"]

    def log(self, **query: Any) -> list[LogRow]:
        return self.aws.stores(self.name).log.rows(**query)

    def outcome(self, record_id: str) -> Any:
        """The newest outcome of an opportunity."""
        rows = self.log(record=("sugarcrm", "sales_order", record_id))
        return rows[0].outcome if rows else None

    # inside

    def _admin(self, vendor: str, what: str, body: Mapping[str, Any]) -> str:
        """The id of the record made or edited."""
        answer = httpx.post(f"{vendor}/_admin/{what}", json=dict(body))
        assert answer.status_code == 200, answer.text
        made = answer.json()
        first = made[0] if isinstance(made, list) else made
        return str(first["id"] if isinstance(first, dict) and "id" in first else first)

    def _take(self, entity: str, limit: int, *, delete: bool = True) -> list[dict[str, Any]]:
        url = self.aws.env.queue_prefix + entity
        found = self.aws.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=limit).get(
            "Messages", []
        )
        for message in found if delete else ():
            self._delete(entity, message)
        return list(found)

    def _received(self, message: Mapping[str, Any]) -> int:
        self.receives[message["MessageId"]] = self.receives.get(message["MessageId"], 0) + 1
        return self.receives[message["MessageId"]]

    def _delete(self, entity: str, message: Mapping[str, Any]) -> None:
        self.aws.clients.sqs.delete_message(
            QueueUrl=self.aws.env.queue_prefix + entity, ReceiptHandle=message["ReceiptHandle"]
        )

    def _show(self, entity: str, message: Mapping[str, Any]) -> None:
        self.aws.clients.sqs.change_message_visibility(
            QueueUrl=self.aws.env.queue_prefix + entity,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=0,
        )


def context(seconds: float = 120) -> Any:
    return SimpleNamespace(
        aws_request_id="request-1",
        get_remaining_time_in_millis=lambda: int(seconds * 1000),
        function_name="test",
        memory_limit_in_mb=512,
        invoked_function_arn="arn:test",
    )


def _record(message: Mapping[str, Any], receives: int) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "body": message["Body"],
        "attributes": {"ApproximateReceiveCount": str(receives)},
    }


@contextmanager
def world(
    monkeypatch: pytest.MonkeyPatch,
    *,
    api: str = "v11",
    rules: Mapping[str, str] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
    sugar: SugarOptions | None = None,
    sage: HyperOptions | None = None,
    live: bool = True,
    connected: bool = True,
) -> Iterator[World]:
    """A connected, live integration named `main` with (if `connected`) one account and one customer."""
    with (
        mock_aws(),
        serve(sugarcrm(sugar or SugarOptions(cron_seconds=0))) as crm,
        serve(hyperaccounts(sage or HyperOptions())) as ledger,
    ):
        made = _open(monkeypatch, crm, ledger, api, dict(rules or {}), options or {}, live)
        if connected:
            made.account()
            made.customer()
        yield made


def _open(
    monkeypatch: pytest.MonkeyPatch,
    crm: Served,
    ledger: Served,
    api: str,
    rules: dict[str, str],
    options: Mapping[str, Mapping[str, str]],
    live: bool,
) -> World:
    aws = OnMoto()
    aws.env = replace(aws.env, allow_local=True)
    for name, value in _variables(aws).items():
        monkeypatch.setenv(name, value)
    _fresh_functions(monkeypatch)
    connections = {
        "sugarcrm": Connection("sugarcrm", {"api": api, "url": crm.url, **options.get("sugarcrm", {})}),
        "sage_50": Connection(
            "sage_50", {"url": ledger.url, "settle_seconds": "2", **options.get("sage_50", {})}
        ),
    }
    token = WebhookToken(token_digest(TOKEN), datetime.now(UTC))
    flow = compile_flow(FLOW, rules)
    aws.integrations.save(
        Integration("main", FLOW, connections, rules, {"sugarcrm": (token,)}, hook_objects(flow))
    )
    aws.integrations.change_state("main", IntegrationState(), IntegrationState(live=live))
    stores = aws.stores("main")
    stores.secrets.put("sugarcrm", {"user": "sync", "password": "sync-password"})
    stores.secrets.put("sage_50", {"token": "demo-token"})
    return World(aws, crm.url, ledger.url)


def _variables(aws: OnMoto) -> dict[str, str]:
    env = aws.env
    return {
        "STATE_TABLE": env.state_table,
        "LOG_TABLE": env.log_table,
        "ARCHIVE_BUCKET": env.archive_bucket,
        "TOKEN_KEY": env.token_key,
        "SECRET_PREFIX": env.secret_prefix,
        "QUEUE_PREFIX": env.queue_prefix,
        "POLL_QUEUE": env.poll_queue,
        "SWEEP_QUEUE": env.sweep_queue,
        "ALLOW_LOCAL": "yes",
        "ENTITY": "sales_order",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "POWERTOOLS_SERVICE_NAME": "tieout",
        "POWERTOOLS_METRICS_NAMESPACE": "Tieout",
        "POWERTOOLS_METRICS_DISABLED": "true",
    }


def _fresh_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The handlers keep what they have read; each world needs its own."""
    from functions.console import app as console
    from functions.poll_changes import app as poll_changes
    from functions.receive_webhook import app as receive_webhook
    from functions.reconcile import app as reconcile
    from functions.sync_entity import app as sync_entity

    for module in (console, poll_changes, receive_webhook, reconcile, sync_entity):
        monkeypatch.setattr(module, "_clients", PooledClients("eu-west-1", "functions"))
