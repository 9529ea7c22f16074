"""What all requests of the emulated Sage Accounting share: the books of each business, the sign-ins and the
counters."""

import asyncio
from collections import Counter
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.vendors._faults import Faults
from local.vendors._replay import execute
from local.vendors._serve import App, Scope
from local.vendors.sage_accounting import company
from local.vendors.sage_accounting.books import Books
from local.vendors.sage_accounting.clock import Clock
from local.vendors.sage_accounting.errors import Refused, denied, error, not_found, unexpected
from local.vendors.sage_accounting.idempotency import Idempotency
from local.vendors.sage_accounting.oauth import SignIn, Token
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.service import Call, answer

if TYPE_CHECKING:
    from local.vendors.sage_accounting.spec import SpecCheck

_ACCOUNT = ("businesses", "user")


class Server:
    """The state shared by all requests: the books of each business, the sign-ins and the counters.

    `inner` is the application without its middleware. `violations` are sentences about calls that Sage's
    swagger does not allow, `overlaps` about parallel POSTs.
    """

    def __init__(self, options: SageAccountingOptions, check: "SpecCheck | None" = None) -> None:
        self.options = options
        self.check = check
        self.clock = Clock()
        self.sign_in = SignIn(options, self.clock)
        self.idempotency = Idempotency(self.clock)
        self.calls: Counter[str] = Counter()
        self.running: Counter[tuple[str, str]] = Counter()
        self.overlaps: list[str] = []
        self.violations: list[str] = []
        self.writes: list[dict[str, Any]] = []
        self.faults = Faults({"late_500": self.failed_after, "too_many": self.too_many})
        self.inner: App
        self.open()

    def open(self) -> None:
        """New books, as on the first day."""
        self.books = {
            one.id: company.open_books(self.options, one, self.clock) for one in self.options.businesses
        }

    @property
    def lead(self) -> Books:
        return next(iter(self.books.values()))

    async def failed_after(self, scope: Scope, body: bytes) -> Response:
        """The call is executed, and the service fails while it answers."""
        await execute(self.inner, scope, body)
        return JSONResponse(unexpected(), status_code=500, headers={"x_request_id": uuid4().hex})

    async def too_many(self, scope: Scope, body: bytes) -> Response:
        """A 429 in Sage's own form, with or without Retry-After."""
        headers = {"Retry-After": str(self.options.retry_after)} if self.options.retry_after else {}
        return JSONResponse(
            [error("Too many requests.", "", "TooManyRequests")], status_code=429, headers=headers
        )

    async def perform(self, scope: Scope, body: bytes) -> Response:
        if self.options.delay_seconds:
            await asyncio.sleep(self.options.delay_seconds)
        request = Request(scope)
        try:
            reply = self._answer(request, body)
        except Refused as reason:
            reply = JSONResponse(reason.errors, status_code=reason.status)
        reply.headers["x_request_id"] = uuid4().hex
        reply.headers["Date"] = format_datetime(self.clock.now(), usegmt=True)
        if self.check:
            self.violations += self.check.exchange(request, body, reply)
        return reply

    def _answer(self, request: Request, body: bytes) -> Response:
        parts = segments(request.scope)
        if parts[:1] != ["v3.1"] or len(parts) < 2:
            raise not_found()
        token = self._signed_in(request)
        if token.scope == "readonly" and request.method != "GET":
            raise denied()
        if request.method in ("POST", "PUT") and body and not _is_json(request):
            raise Refused(
                415, [error("The content type must be application/json.", "", "UnsupportedMediaType")]
            )
        if parts[1] in _ACCOUNT:
            return JSONResponse(self._account(request, parts[1:]))
        books = self._books(request.headers.get("X-Business"))
        call = Call(
            books,
            self.idempotency,
            request.method,
            parts[1],
            tuple(parts[2:]),
            request.query_params,
            body,
            "application/pdf" in request.headers.get("Accept", ""),
            self.writes,
        )
        return _response(*answer(call), business=books.business.id)

    def _signed_in(self, request: Request) -> Token:
        found = self.sign_in.bearer(request.headers.get("Authorization", ""))
        if found is None:
            raise Refused(
                401,
                [error("The access token is invalid or has expired.", "", self.options.unauthorised_code)],
            )
        if not self.options.subscription_active:
            raise Refused(401, [error("No active subscription. (MSE)", "", "AuthorizationFailure")])
        return found

    def _books(self, wanted: str | None) -> Books:
        """The business named in X-Business; else the user's lead business."""
        if wanted is None:
            return self.lead
        if wanted not in self.books:
            raise denied() if self.options.unknown_business_status == 403 else not_found()
        return self.books[wanted]

    def _account(self, request: Request, parts: list[str]) -> Any:
        if request.method != "GET":
            raise Refused(
                405, [error("The method is not allowed for this endpoint.", "", "MethodNotAllowed")]
            )
        if parts == ["user"]:
            return company.shape_user()
        found = [company.shape_business(self.options, books.business) for books in self.books.values()]
        if parts == ["businesses"]:
            return {
                "$total": len(found),
                "$page": 1,
                "$next": None,
                "$back": None,
                "$items_per_page": 2147483647,
                "$items": found,
            }
        key = self.lead.business.id if parts[1] == "lead" else parts[1]
        chosen = next((one for one in found if one["id"] == key and len(parts) == 2), None)
        if chosen is None:
            raise not_found()
        return chosen


def segments(scope: Scope) -> list[str]:
    """Path segments, unquoted one by one."""
    raw = scope.get("raw_path") or scope["path"].encode()
    return [unquote(part) for part in raw.decode("ascii", "replace").partition("?")[0].split("/") if part]


def _is_json(request: Request) -> bool:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"


def _response(status: int, body: Any, business: str) -> Response:
    headers = {"X-Business": business}
    if body is None:
        return Response(status_code=status, headers=headers)
    if isinstance(body, bytes):
        return Response(body, status, headers, media_type="application/pdf")
    return JSONResponse(body, status, headers)
