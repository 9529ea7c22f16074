"""What a Sage user, and a test, does with the emulated company: JSON under /_admin, and one page to look at.

Customers, products and orders are edited under the API's single-read names, past the API's own rules.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.vendors.hyperaccounts import debts, invoices, orders, prices
from local.vendors.hyperaccounts.columns import TABLES
from local.vendors.hyperaccounts.page import page
from local.vendors.hyperaccounts.server import Server
from local.vendors.hyperaccounts.values import Refused, row, single

Endpoint = Callable[[Request], Awaitable[Response]]


def admin_routes(service: Server) -> list[Route]:
    office = _Office(service)
    return [
        Route("/_admin", office.page),
        Route("/_admin/", office.page),
        Route("/_admin/customers", office.customers, methods=["GET", "POST"]),
        Route("/_admin/customers/{key}", office.remove_customer, methods=["DELETE"]),
        Route("/_admin/addresses", office.addresses, methods=["GET", "POST"]),
        Route("/_admin/addresses/{key}/{number}", office.remove_address, methods=["DELETE"]),
        Route("/_admin/products", office.products, methods=["GET", "POST"]),
        Route("/_admin/pictures", office.pictures, methods=["POST"]),
        Route("/_admin/prices", office.prices, methods=["POST"]),
        Route("/_admin/invoices", office.invoices, methods=["POST"]),
        Route("/_admin/invoices/{key}", office.remove_invoice, methods=["DELETE"]),
        Route("/_admin/orders", office.orders, methods=["GET"]),
        Route("/_admin/orders/{key}", office.order, methods=["POST", "DELETE"]),
        Route("/_admin/orders/{key}/invoice", office.invoice, methods=["POST"]),
        Route("/_admin/postings", office.postings, methods=["POST"]),
        Route("/_admin/calls", office.calls, methods=["GET", "DELETE"]),
        Route("/_admin/writes", office.writes, methods=["GET", "DELETE"]),
        Route("/_admin/options", office.options, methods=["GET", "POST"]),
        Route("/_admin/clock", office.clock, methods=["GET", "POST"]),
        Route("/_admin/reset", office.reset, methods=["POST"]),
    ]


def _as_json(run: Callable[["_Office", Request], Awaitable[Any]]) -> Any:
    """The result as JSON; a mistake as HTTP 400 with a sentence."""

    async def endpoint(self: "_Office", request: Request) -> Response:
        try:
            return JSONResponse(await run(self, request))
        except (Refused, ValueError, TypeError, KeyError) as fault:
            return JSONResponse({"error": str(fault)}, status_code=400)

    return endpoint


class _Office:
    def __init__(self, service: Server) -> None:
        self.service = service

    async def page(self, request: Request) -> Response:
        ledger = self.service.ledger
        return HTMLResponse(
            page(self.service.options.company_name, ledger.orders.values(), ledger.customers.values())
        )

    @_as_json
    async def customers(self, request: Request) -> Any:
        """POST takes one customer or a list; for a customer that exists, only the given fields are
        changed."""
        if request.method == "POST":
            return [self._save_customer(body) for body in _listed(await request.json())]
        return [
            single("CUSTOMER", one) | row("CUSTOMER", one) for one in self.service.ledger.customers.values()
        ]

    def _save_customer(self, body: dict[str, Any]) -> str:
        ledger = self.service.ledger
        reference = str(body.get("accountRef") or "").upper()
        if reference not in ledger.customers:
            return ledger.create_customer(body)
        marked = {"RECORD_DELETED": int(body["recordDeleted"])} if "recordDeleted" in body else {}
        ledger.change(ledger.customers[reference], ledger.accept("CUSTOMER", body) | marked)
        ledger.name_status(ledger.customers[reference])
        return reference

    @_as_json
    async def remove_customer(self, request: Request) -> Any:
        """`?keep=1` leaves the row, marked as deleted, as Sage does until it is compacted."""
        ledger, reference = self.service.ledger, request.path_params["key"].upper()
        ledger.customer(reference)
        if request.query_params.get("keep") == "1":
            ledger.change(ledger.customers[reference], {"RECORD_DELETED": 1})
        else:
            del ledger.customers[reference]
        return reference

    @_as_json
    async def addresses(self, request: Request) -> Any:
        """POST takes one address or a list; with the number of one that exists, only the given fields are
        changed. A person chooses the type: 1 makes a contact."""
        ledger = self.service.ledger
        if request.method == "POST":
            return [self._save_address(body) for body in _listed(await request.json())]
        return [row("ADDRESS", one) for one in ledger.addresses.values()]

    def _save_address(self, body: dict[str, Any]) -> str:
        ledger = self.service.ledger
        reference = str(body.get("accountRef") or "").upper()
        number = int(body.get("addressNumber") or ledger.create_address(body))
        kind = {"ADDRESS_TYPE": int(body["addressType"])} if "addressType" in body else {}
        ledger.change(ledger.address(reference, number), ledger.accept("ADDRESS", body) | kind)
        return f"{reference}/{number}"

    @_as_json
    async def remove_address(self, request: Request) -> Any:
        reference, number = request.path_params["key"].upper(), request.path_params["number"]
        ledger = self.service.ledger
        ledger.address(reference, number)
        del ledger.addresses[reference, int(number)]
        return f"{reference}/{number}"

    @_as_json
    async def products(self, request: Request) -> Any:
        ledger = self.service.ledger
        if request.method == "GET":
            return [single("PRODUCT", one) for one in ledger.products.values()]
        return [
            ledger.patch_product(body)
            if str(body.get("stockCode") or "").upper() in ledger.products
            else ledger.create_product(body)
            for body in _listed(await request.json())
        ]

    @_as_json
    async def pictures(self, request: Request) -> Any:
        """`{"stockCode", "name", "content"}`, the content in base64; a blank name takes the picture away."""
        ledger, body = self.service.ledger, await request.json()
        record = ledger.product(body["stockCode"])
        ledger.pictures[record["STOCK_CODE"]] = str(body.get("content") or "")
        ledger.change(record, {"WEB_IMAGE_FILE": str(body.get("name") or "")})
        return record["STOCK_CODE"]

    @_as_json
    async def prices(self, request: Request) -> Any:
        return prices.edit(self.service.ledger, await request.json())

    @_as_json
    async def invoices(self, request: Request) -> Any:
        """Single-read names, and `posted`, `paid`, `recordDeleted`. Returns the numbers."""
        return [invoices.enter(self.service.ledger, body) for body in _listed(await request.json())]

    @_as_json
    async def remove_invoice(self, request: Request) -> Any:
        found = invoices.invoice(self.service.ledger, request.path_params["key"])
        return self.service.ledger.invoices.pop(found["INVOICE_NUMBER"])["INVOICE_NUMBER"]

    @_as_json
    async def orders(self, request: Request) -> Any:
        return [
            row("ORDER", one)
            | single("ORDER", one)
            | {"invoiceItems": [row("LINE", line) | single("LINE", line) for line in one["LINES"]]}
            for one in self.service.ledger.orders.values()
        ]

    @_as_json
    async def order(self, request: Request) -> Any:
        """POST sets any header field, a status included; DELETE removes the order whatever its state."""
        ledger = self.service.ledger
        record = orders.order(ledger, request.path_params["key"])
        if request.method == "DELETE":
            return ledger.orders.pop(record["ORDER_NUMBER"])["ORDER_NUMBER"]
        body = await request.json()
        statuses = {
            "allocationStatus": "ALLOCATED_STATUS_CODE",
            "dispatchStatus": "DESPATCH_STATUS_CODE",
            "recordDeleted": "RECORD_DELETED",
        }
        columns = {statuses[name]: int(value) for name, value in body.items() if name in statuses}
        ledger.change(record, ledger.accept("ORDER", body) | columns)
        return record["ORDER_NUMBER"]

    @_as_json
    async def invoice(self, request: Request) -> Any:
        """The order is invoiced, and its invoice posted to the ledger."""
        record = orders.order(self.service.ledger, request.path_params["key"])
        debts.invoice(self.service.ledger, record)
        return record["ORDER_NUMBER"]

    @_as_json
    async def postings(self, request: Request) -> Any:
        """One posting or a list: {accountRef, type, amount, date}, which moves the balance."""
        return [debts.post(self.service.ledger, body) for body in _listed(await request.json())]

    @_as_json
    async def calls(self, request: Request) -> Any:
        """How many calls each method and resource has had; DELETE starts again."""
        counted = dict(self.service.calls)
        if request.method == "DELETE":
            self.service.calls.clear()
        return counted

    @_as_json
    async def writes(self, request: Request) -> Any:
        logged = list(self.service.ledger.writes)
        if request.method == "DELETE":
            self.service.ledger.writes.clear()
        return logged

    @_as_json
    async def options(self, request: Request) -> Any:
        if request.method == "POST":
            self.service.options.change(await request.json())
        return self.service.options.shown()

    @_as_json
    async def clock(self, request: Request) -> Any:
        """`{"shift_seconds": n}`, `{"freeze": "2026-11-21T10:00:00"}` or `{"freeze": null}`."""
        clock = self.service.ledger.clock
        if request.method == "POST":
            body = await request.json()
            clock.shift = timedelta(seconds=float(body.get("shift_seconds", clock.shift.total_seconds())))
            if "freeze" in body:
                clock.frozen = datetime.fromisoformat(body["freeze"]) if body["freeze"] else None
        return {"now": clock.now().isoformat()}

    @_as_json
    async def reset(self, request: Request) -> Any:
        self.service.ledger.reset()
        self.service.calls.clear()
        self.service.faults.clear()
        self.service.running.clear()
        return sorted(TABLES)


def _listed(body: Any) -> list[dict[str, Any]]:
    found = body if isinstance(body, list) else [body]
    if not all(isinstance(one, dict) for one in found):
        raise ValueError("Send one JSON object or a list of them.")
    return found
