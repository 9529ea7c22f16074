"""Every sample in events/ goes through its handler: what `sam local invoke` is given really works."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.console import app as console
from functions.notify import app as notify
from functions.poll_changes import app as poll_changes
from functions.receive_webhook import app as receive_webhook
from functions.reconcile import app as reconcile
from functions.sync_entity import app as sync_entity
from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app as sage_accounting
from local.vendors.sage_accounting.options import BUSINESSES
from local.vendors.vtiger.app import build_app as vtiger
from shared.mapping.compile import compile_flow
from shared.operations.connect import hook_objects
from shared.operations.receive_webhook import token_digest
from shared.settings import Connection, Integration, IntegrationState, WebhookToken
from tests.e2e.world import World, context, world

TRADE = "vtiger--sage_accounting"
FILES = sorted((Path(__file__).parents[2] / "events").glob("*.json"))
HANDLERS = {
    "console": console,
    "notify": notify,
    "poll_changes": poll_changes,
    "receive_webhook": receive_webhook,
    "reconcile": reconcile,
    "sync_entity": sync_entity,
}


@contextmanager
def traders(made: World) -> Iterator[None]:
    """A second integration beside `main`, of the flow that goes both ways, with empty systems."""
    with serve(vtiger()) as crm, serve(sage_accounting()) as books:
        grant = httpx.post(f"{books.url}/_admin/grant", json={}).json()
        connections = {
            "vtiger": Connection("vtiger", {"url": crm.url}),
            "sage_accounting": Connection(
                "sage_accounting",
                {"url": books.url, "token_url": f"{books.url}/token", "business": BUSINESSES[0].id},
            ),
        }
        token = WebhookToken(token_digest("example-token-that-nobody-guesses"), datetime.now(UTC))
        made.aws.integrations.save(
            Integration(
                "trade", TRADE, connections, {}, {"vtiger": (token,)}, hook_objects(compile_flow(TRADE))
            )
        )
        made.aws.integrations.change_state("trade", IntegrationState(), IntegrationState(live=True))
        secrets = made.aws.stores("trade").secrets
        secrets.put("vtiger", {"user": "tieout", "access_key": "TieoutAccessKey1"})
        secrets.put(
            "sage_accounting",
            {
                "client_id": "demo-client",
                "client_secret": "demo-secret",
                "refresh_token": grant["refresh_token"],
            },
        )
        yield


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_event_is_answered(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    with world(monkeypatch) as made, traders(made) if "trade" in text else nullcontext():
        event: dict[str, Any] = json.loads(text)
        topic = made.aws.clients.sns.create_topic(Name="tieout-digest")["TopicArn"]
        monkeypatch.setenv("DIGEST_TOPIC", topic)
        monkeypatch.setattr(notify, "_clients", made.aws.clients)
        answer = HANDLERS[path.name.split(".")[0]].handler(event, context())
        assert answer.get("statusCode", 200) in (200, 202, 303, 404, 405)
        assert not answer.get("batchItemFailures")
        if ".vtiger_" in path.name:
            assert answer["statusCode"] == 202 and "1 queued" in answer["body"]


def test_every_function_has_a_sample() -> None:
    assert {path.name.split(".")[0] for path in FILES} == set(HANDLERS)
