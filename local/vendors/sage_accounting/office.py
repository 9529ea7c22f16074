"""What a person at Sage's screens, and a test, does with the emulated business.

`?business=` names a business other than the first. Bodies have the API's fields without the wrapper; a record
whose `id` exists is changed, an unknown `id` becomes the id of a new record.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.vendors.sage_accounting import invoices, quotes, rates
from local.vendors.sage_accounting.books import Books
from local.vendors.sage_accounting.errors import Refused
from local.vendors.sage_accounting.resources import RESOURCES, Resource
from local.vendors.sage_accounting.server import Server
from local.vendors.sage_accounting.service import expanded
from local.vendors.sage_accounting.settling import SETTLING


def _as_json(run: Callable[["Office", Request], Awaitable[Any]]) -> Any:
    """The result as JSON; a mistake as HTTP 400 with a sentence."""

    async def endpoint(self: "Office", request: Request) -> Response:
        try:
            return JSONResponse(await run(self, request))
        except (Refused, ValueError, TypeError, KeyError, AttributeError) as fault:
            return JSONResponse({"error": str(fault)}, status_code=400)

    return endpoint


class Office:
    def __init__(self, service: Server) -> None:
        self.service = service

    def books(self, business: str | None) -> Books:
        """Raises ValueError when there is no such business."""
        if business and business not in self.service.books:
            raise ValueError(
                f"There is no business {business}: the first is {self.service.lead.business.id}."
            )
        return self.service.books[business] if business else self.service.lead

    # ------------------------------------------------------------ records

    @_as_json
    async def records(self, request: Request) -> Any:
        """GET: complete existing rows, with references one level deep (`?deleted=true`: deleted ones too).
        POST saves."""
        resource, books = (
            _resource_named(request.path_params["resource"]),
            self.books(request.query_params.get("business")),
        )
        if request.method == "POST":
            return [self.save(books, resource, one) for one in _listed(await request.json())]
        rows = (
            books.every(resource.name)
            if request.query_params.get("deleted") == "true"
            else books.live(resource.name)
        )
        return [self.shown(books, resource, row) for row in rows]

    def shown(self, books: Books, resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
        found = resource.shape(books, row, {"show_payments_allocations": "true", "show_balance": "true"})
        return expanded(books, found) if resource.name in ("contacts", "contact_persons") else found

    def save(self, books: Books, resource: Resource, given: Mapping[str, Any]) -> str:
        """The id of the record created or changed. Raises Refused."""
        body = {name: value for name, value in given.items() if name != "id"}
        key = str(given.get("id") or "") or None
        with books.undone_when_refused():
            if key is None or books.stored(resource.name, key) is None:
                if resource.create is None:
                    raise ValueError(f"Nobody can make {resource.name} here.")
                return str(resource.create(books, body, key)["id"])
            if resource.update is None:
                raise ValueError(f"Nobody can change {resource.name} here.")
            self._change(books, resource, key, body)
            return key

    def _change(self, books: Books, resource: Resource, key: str, body: dict[str, Any]) -> None:
        """A person's form always contains the names that a nested PUT must send."""
        record = books.find(resource.name, key)
        reconciled = body.pop("tax_reconciled", None)
        if isinstance(reconciled, bool):
            books.change(record, {"tax_reconciled": reconciled})
        if resource.name == "contacts":
            for part, name, extra in (
                ("main_address", "main_address_id", {}),
                ("main_contact_person", "main_person_id", {"is_main_contact": True}),
            ):
                if body.get(part):
                    stored = books.stored(
                        "addresses" if part == "main_address" else "contact_persons", record[name]
                    )
                    body[part] = {"name": (stored or {}).get("name"), **extra, **body[part]}
            if body.get("delivery_address"):
                body["delivery_address"] = {"name": "Delivery Address", **body["delivery_address"]}
        if body and resource.update:
            resource.update(books, record, body)

    @_as_json
    async def remove(self, request: Request) -> Any:
        resource, books = (
            _resource_named(request.path_params["resource"]),
            self.books(request.query_params.get("business")),
        )
        with books.undone_when_refused():
            record = books.find(resource.name, request.path_params["key"])
            if resource.delete is None:
                raise ValueError(f"Nobody can delete {resource.name} here.")
            resource.delete(books, record, {"void_reason": "Voided by a person", **request.query_params})
        return record["id"]

    @_as_json
    async def act(self, request: Request) -> Any:
        """`release`, `void` {"void_reason"}, or what `settling.py` lists, such as `pay` {"amount"}."""
        books = self.books(request.query_params.get("business"))
        body = await request.json() if await request.body() else {}
        return self.do(books, request.path_params["key"], request.path_params["action"], body)

    def do(self, books: Books, key: str, action: str, body: Mapping[str, Any]) -> Any:
        with books.undone_when_refused():
            record = books.find("sales_invoices", key)
            if action in SETTLING:
                SETTLING[action](books, record, body)
            elif action == "release":
                invoices.release(books, record)
            elif action == "void":
                invoices.void(books, record, {"void_reason": body.get("void_reason") or "Voided by a person"})
            else:
                raise ValueError(f"An invoice can: release, void, {', '.join(SETTLING)}.")
            return invoices.shape(books, record, {})

    @_as_json
    async def quoted(self, request: Request) -> Any:
        """`invoice` {"date", "draft"}: an invoice of this quote. `decline`."""
        books = self.books(request.query_params.get("business"))
        body = await request.json() if await request.body() else {}
        with books.undone_when_refused():
            record = books.find(quotes.QUOTES, request.path_params["key"])
            if request.path_params["action"] == "invoice":
                return invoices.shape(books, quotes.invoice(books, record, body), {})
            if request.path_params["action"] == "decline":
                books.change(record, {"declined": True})
                return quotes.shape(books, record, {})
        raise ValueError("A quote can: invoice, decline.")

    @_as_json
    async def exchange_rates(self, request: Request) -> Any:
        """POST {"EUR": "0.87"} changes the service's rate: base units for one of that currency."""
        if request.method == "POST":
            for code, rate in (await request.json()).items():
                self.service.options.exchange_rates[code] = str(Decimal(str(rate)))
        return rates.listed(self.books(request.query_params.get("business")), "exchange_rates")

    # ------------------------------------------------------------ the emulator itself

    @_as_json
    async def calls(self, request: Request) -> Any:
        """How many calls each "METHOD /resource" has had; DELETE starts again."""
        return _emptied(request, self.service.calls, dict(self.service.calls))

    @_as_json
    async def writes(self, request: Request) -> Any:
        """What was written through the API, not by a person."""
        return _emptied(request, self.service.writes, list(self.service.writes))

    @_as_json
    async def overlaps(self, request: Request) -> Any:
        return _emptied(request, self.service.overlaps, list(self.service.overlaps))

    @_as_json
    async def violations(self, request: Request) -> Any:
        return _emptied(request, self.service.violations, list(self.service.violations))

    @_as_json
    async def options(self, request: Request) -> Any:
        if request.method == "POST":
            self.service.options.change(await request.json())
        return self.service.options.shown()

    @_as_json
    async def clock(self, request: Request) -> Any:
        """`{"shift_seconds": n}`, `{"freeze": "2026-11-21T10:00:00Z"}` or `{"freeze": null}`."""
        clock = self.service.clock
        if request.method == "POST":
            body = await request.json()
            clock.shift = timedelta(seconds=float(body.get("shift_seconds", clock.shift.total_seconds())))
            if "freeze" in body:
                clock.freeze(body["freeze"])
        return {"now": clock.stamp()}

    @_as_json
    async def tokens(self, request: Request) -> Any:
        which = (await request.json()).get("expire", "all")
        self.service.sign_in.expire(which)
        return {"expired": which}

    @_as_json
    async def grant(self, request: Request) -> Any:
        """A pair of tokens without the browser; {"scope": "readonly"} for one that cannot write."""
        body = await request.json() if await request.body() else {}
        return self.service.sign_in.grant(body.get("scope", "full_access"))

    @_as_json
    async def reset(self, request: Request) -> Any:
        """New books, no counters, no faults; sign-ins and options stay."""
        service = self.service
        service.open()
        service.idempotency.clear()
        service.faults.clear()
        for one in (service.calls, service.writes, service.overlaps, service.violations):
            one.clear()
        return sorted(RESOURCES)


def _emptied(request: Request, kept: Any, answer: Any) -> Any:
    if request.method == "DELETE":
        kept.clear()
    return answer


def _resource_named(name: str) -> Resource:
    if name not in RESOURCES:
        raise ValueError(f"There is no {name}: use one of {', '.join(sorted(RESOURCES))}.")
    return RESOURCES[name]


def _listed(body: Any) -> list[dict[str, Any]]:
    found = body if isinstance(body, list) else [body]
    if not all(isinstance(one, dict) for one in found):
        raise ValueError("Send one JSON object or a list of them.")
    return found
