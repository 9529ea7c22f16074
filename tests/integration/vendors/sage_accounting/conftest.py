"""One emulated Sage for each test file, over real HTTP; every answer is held against Sage's swagger where it
is at hand."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.spec import FILES, SpecCheck

REPOSITORY = Path(__file__).resolve().parents[4]
SPECS = Path(os.environ.get("TIEOUT_SHARED") or REPOSITORY.parent / "shared") / "reference" / "specs"


class Sage:
    """Calls under /v3.1 as the connector makes them, and what a person does under /_admin."""

    def __init__(self, http: httpx.Client, app: Starlette) -> None:
        self.http = http
        self.service = app.state.service
        self.options: SageAccountingOptions = self.service.options

    def call(self, method: str, path: str, body: Any = None, status: int | None = None, **query: Any) -> Any:
        answer = self.http.request(method, f"/v3.1/{path}", json=body, params=query or None)
        assert status is None or answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, status=200, **query)

    def make(self, resource: str, wrapper: str, **fields: Any) -> Any:
        return self.call("POST", resource, {wrapper: fields}, 201)

    def change(self, path: str, wrapper: str, **fields: Any) -> Any:
        return self.call("PUT", path, {wrapper: fields}, 200)

    def refused(self, method: str, path: str, body: Any = None, status: int = 422) -> list[tuple[str, str]]:
        """($message, $source) of each error."""
        return [(one["$message"], one["$source"]) for one in self.call(method, path, body, status)]

    def admin(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = self.http.request(method, f"/_admin/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    # ------------------------------------------------------------ what most tests need

    def account(self, name: str = "sales_ledger_account") -> str:
        return str(self.get("business_settings")["default_ledger_accounts"][name]["id"])

    def contact(self, name: str = "Acme Ltd", **fields: Any) -> Any:
        return self.make("contacts", "contact", name=name, **{"contact_type_ids": ["CUSTOMER"], **fields})

    def product(self, code: str = "WID-B", **fields: Any) -> Any:
        return self.make(
            "products",
            "product",
            **{
                "description": "Widget blue",
                "item_code": code,
                "sales_ledger_account_id": self.account(),
                "purchase_ledger_account_id": self.account("purchase_ledger_account"),
                **fields,
            },
        )

    def stock_item(self, code: str = "STK-1", quantity: str = "0", **fields: Any) -> Any:
        item = self.make(
            "stock_items",
            "stock_item",
            **{
                "description": "Boxed widget",
                "item_code": code,
                "sales_ledger_account_id": self.account(),
                "purchase_ledger_account_id": self.account("purchase_ledger_account"),
                **fields,
            },
        )
        if quantity != "0":
            self.make(
                "stock_movements",
                "stock_movement",
                stock_item_id=item["id"],
                date="2025-01-01",
                quantity=quantity,
                cost_price="2.50",
                details="Opening",
            )
        return item

    def line(self, **fields: Any) -> dict[str, Any]:
        return {
            "description": "Widget blue",
            "ledger_account_id": self.account(),
            "quantity": "2",
            "unit_price": "9.99",
            "tax_rate_id": "GB_STANDARD",
            "tax_amount": "4.00",
            **fields,
        }

    def invoice(self, contact: str, *lines: dict[str, Any], **fields: Any) -> Any:
        return self.make(
            "sales_invoices",
            "sales_invoice",
            contact_id=contact,
            invoice_lines=list(lines) or [self.line()],
            **{"date": "2025-06-01", **fields},
        )


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Starlette]]:
    check = SpecCheck(SPECS) if all((SPECS / name).exists() for name in FILES) else None
    app = build_app(SageAccountingOptions(), check)
    with serve(app) as server:
        yield server.url, app


@pytest.fixture
def sage(served: tuple[str, Starlette]) -> Iterator[Sage]:
    url, app = served
    with httpx.Client(base_url=url, trust_env=False, verify=False) as client:
        sage = Sage(client, app)
        defaults = {
            name: value for name, value in asdict(SageAccountingOptions()).items() if name != "businesses"
        }
        sage.options.change(defaults)
        sage.admin("reset")
        sage.admin("clock", {"freeze": None, "shift_seconds": 0})
        client.headers["Authorization"] = f"Bearer {sage.admin('grant')['access_token']}"
        yield sage
        assert [one for one in sage.service.violations if one.startswith("Answer")] == []
