"""A salesperson's CRM and a Sage 50, emulated in processes of their own, with the shipped flow between them
on a local stack: functions, queues, tables and the public address of webhooks as they are on AWS."""

import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from local.cli._poll import queue_polls, wait_for
from local.cli._queues import depth
from local.settings_file import parse
from local.stack.process import down, up
from local.stack.stack import Stack
from shared.operations.receive_webhook import token_digest
from shared.settings import WebhookToken

CRM, SAGE = "sage_sales_management", "sage_50"
ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.02
"""How often the bench looks whether the quotation is back: what is measured may be so much too long."""
SETTINGS = """\
[integration.main]
flow = "sage_sales_management--sage_50"
live = true
[integration.main.sage_sales_management]
url = "{crm}"
public_key = "demo-public"
private_key = "demo-private"
owner = "emma@example.test"
settle_seconds = 2
[integration.main.sage_50]
url = "{sage}"
token = "demo-token"
settle_seconds = 2
"""


class Office:
    def __init__(self, crm: str, sage: str, stack: Stack) -> None:
        self.crm, self.sage, self.target = _desk(crm), _desk(sage), stack.target
        self.sqs = self.target.client("sqs")
        self.path = f"/main/{CRM}/{self._token()}?object=quotations"

    def _token(self) -> str:
        """What stands in the address that `tieout connect` enters at the CRM."""
        token, integrations = secrets.token_urlsafe(32), self.target.integrations()
        one = WebhookToken(token_digest(token), datetime.now(UTC))
        integrations.save(replace(integrations.load("main"), webhook_tokens={CRM: (one,)}))
        return token

    def stock(self) -> None:
        """One customer with a price list, and three products, on both sides."""
        customer = {"accountRef": "ACME01", "name": "Acme Ltd", "countryCode": "GB", "defTaxCode": 1}
        ask(self.sage, "POST", "customers", customer)
        for number in range(1, 4):
            product = {
                "stockCode": f"W{number}",
                "description": f"Widget {number}",
                "salesPrice": 10 * number,
            }
            ask(self.sage, "POST", "products", {**product, "taxCode": 1})
        prices = [{"list": "TRADE", "stockCode": "W1", "price": 9.5}]
        own = {"lists": [{"reference": "TRADE"}], "customers": {"ACME01": "TRADE"}, "prices": prices}
        ask(self.sage, "POST", "prices", own)
        while len(ask(self.crm, "GET", "records/products")) < 3 or not self._has_account():
            runs = queue_polls(self.target, "main", None)
            wait_for(self.target, "main", runs, lambda _: None)

    def _has_account(self) -> bool:
        return bool(ask(self.crm, "GET", "records/accounts"))

    def quote(self) -> str:
        """A quotation with three lines, without prices; its id in the CRM."""
        accounts, products = (ask(self.crm, "GET", f"records/{one}") for one in ("accounts", "products"))
        draft = next(
            one["id"]
            for one in ask(self.crm, "GET", "records/salesorderStatuses")
            if one["descriptionEN"] == "Draft"
        )
        head = {"reference": "Offer", "accountId": accounts[0]["id"], "salesRepId": 53, "statusId": draft}
        branch = ask(self.crm, "GET", "records/branches")[0]["id"]
        order = ask(self.crm, "POST", "records/salesorders", {**head, "branchId": branch})["id"]
        for place, product in enumerate(products, 1):
            line = {"salesOrderId": order, "productId": product["id"], "quantity": place, "price": 0}
            ask(self.crm, "POST", "records/salesordersLines", {**line, "order": place})
        return str(order)

    def hook(self, order: str) -> float:
        """The CRM calls the webhook's address. Returns seconds until the quotation is back, priced."""
        began = time.perf_counter()
        answer = self.target.call("WebhookUrl", self.path, "POST", json={"id": int(order)})
        assert answer.status_code < 300, answer.text
        while not self.is_priced(order):
            assert time.perf_counter() - began < PATIENCE_SECONDS, f"quotation {order} did not come back"
            time.sleep(LOOK_SECONDS)
        return time.perf_counter() - began

    def rest(self) -> None:
        """Until everything that follows from it has been handled."""
        while depth(self.sqs, self.target.queue("quotation")):
            time.sleep(LOOK_SECONDS)

    def is_priced(self, order: str) -> bool:
        rows = ask(self.crm, "GET", "records/salesorders")
        return any(str(row["id"]) == order and row["readOnly"] and row["Z_net"] == 139.5 for row in rows)

    def slow(self, seconds: float) -> None:
        for desk in (self.crm, self.sage):
            ask(desk, "POST", "options", {"delay_seconds": seconds})

    def calls(self) -> dict[str, int]:
        """What the vendors were asked since this was last read."""
        crm, sage = ask(self.crm, "GET", "calls")["calls"], ask(self.sage, "GET", "calls")
        for desk in (self.crm, self.sage):
            ask(desk, "DELETE", "calls")
        return {
            **{f"CRM {name}": n for name, n in crm.items()},
            **{f"Sage {name}": n for name, n in sage.items()},
        }


def _desk(url: str) -> httpx.Client:
    return httpx.Client(base_url=f"{url}/_admin/", timeout=30, trust_env=False)


def ask(desk: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = desk.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextmanager
def office() -> Iterator[Office]:
    with ExitStack() as opened:
        crm, sage = (opened.enter_context(_vendor(name)) for name in (CRM, "hyperaccounts"))
        root = Path(opened.enter_context(tempfile.TemporaryDirectory())) / "state"
        settings = parse(SETTINGS.format(crm=crm, sage=sage), Path("settings.toml"), {})
        opened.callback(down, root)
        made = Office(crm, sage, up(settings, root))
        opened.callback(made.crm.close)
        opened.callback(made.sage.close)
        yield made


@contextmanager
def _vendor(name: str) -> Iterator[str]:
    """The address of an emulated vendor, which ends with us."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local.vendors", name, "--watch"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(30)
