"""The calls under /v3.1: from method, path, query and body to a status and what the answer holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from local.vendors.sage_accounting import company, credit_notes, invoices, listing, rates, seed
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import Refused, denied, error, malformed, not_found
from local.vendors.sage_accounting.idempotency import Idempotency, key_of
from local.vendors.sage_accounting.resources import PLUS_ONLY, RESOURCES, Resource

SETTINGS = ("business_settings", "financial_settings", "invoice_settings")
RATES = ("exchange_rates", "live_exchange_rates", "business_exchange_rates")
_VOIDED = ("sales_invoices", "sales_credit_notes")
"""Released, marked as sent, and voided instead of deleted."""
_STATIC = (*seed.STATIC, "catalog_item_types")
_NO_METHOD = [error("The method is not allowed for this endpoint.", "", "MethodNotAllowed")]

Answer = tuple[int, Any]
"""(status, body); a body of None is no content, bytes are a PDF."""


@dataclass(frozen=True)
class Call:
    """`rest` are the path segments after the resource; `pdf` says that the caller accepts a PDF."""

    books: Books
    idempotency: Idempotency
    method: str
    resource: str
    rest: tuple[str, ...]
    query: Mapping[str, str]
    body: bytes = b""
    pdf: bool = False
    writes: list[dict[str, Any]] = field(default_factory=list)


def answer(call: Call) -> Answer:
    """Raises Refused for what Sage would refuse."""
    if f"{call.method} {call.resource}" in call.books.options.denied:
        raise denied()
    if call.resource in PLUS_ONLY and call.books.options.plan != "Plus":
        raise denied()
    with call.books.undone_when_refused():
        if call.resource in RESOURCES:
            return _records(call, RESOURCES[call.resource])
        if call.resource in SETTINGS and not call.rest:
            return _settings(call)
        if call.resource in RATES and len(call.rest) < 2:
            return _rates(call)
        if call.resource in _STATIC and len(call.rest) < 2:
            return _static(call)
        raise not_found()


# ---------------------------------------------------------------- records


def _records(call: Call, resource: Resource) -> Answer:
    one, books = len(call.rest) == 1, call.books
    if call.rest[1:] == ("release",) and resource.name in _VOIDED:
        return _release(call, resource)
    if len(call.rest) > 1:
        raise not_found()
    if call.method == "GET":
        return _read(call, resource) if one else (200, _list(call, resource))
    if call.method == "POST" and not one and resource.create:
        return _once(call, resource, lambda body: (201, resource.create(books, body)))
    if call.method == "PUT" and one and resource.update:
        record = books.find(resource.name, call.rest[0])
        return _once(call, resource, partial(_update, call, resource, record))
    if call.method == "DELETE" and one and resource.delete:
        return _delete(call, resource, books.find(resource.name, call.rest[0]))
    raise Refused(405, _NO_METHOD)


def _update(call: Call, resource: Resource, record: Record, body: Mapping[str, Any]) -> tuple[int, Record]:
    assert resource.update is not None
    resource.update(call.books, record, body)
    return 200, record


def _once(call: Call, resource: Resource, write: Any) -> Answer:
    """A write, or the first answer again when its idempotency_id was seen."""
    books = call.books
    body = unwrapped(books, call.body, resource.one)
    key = key_of(body)
    kept = call.idempotency.find(books.business.id, resource.name, key, books.options.idempotency_status)
    if kept:
        return kept.status, kept.body
    try:
        status, record = write(body)
    except Refused as refused:
        if books.options.refusals_kept:
            call.idempotency.keep(books.business.id, resource.name, key, refused.status, refused.errors)
        raise
    shown = resource.shape(books, record, call.query)
    call.idempotency.keep(books.business.id, resource.name, key, status, shown)
    _log(call, record["id"], body)
    return status, shown


def unwrapped(books: Books, body: bytes, wrapper: str) -> Record:
    """The contents under the singular name. Raises Refused."""
    try:
        sent = json.loads(body or b"null", parse_float=Decimal)
    except ValueError:
        raise Refused(400, [error("The request body is not valid JSON.", "", "Validation")]) from None
    if not isinstance(sent, dict) or not isinstance(sent.get(wrapper), dict):
        raise malformed(wrapper, "", books.options.validation_status)
    return dict(sent[wrapper])


def _read(call: Call, resource: Resource) -> Answer:
    books = call.books
    record = books.stored(resource.name, call.rest[0])
    if record is None or (record["deleted_at"] and books.options.deleted_get == 404):
        raise not_found()
    if resource.name in _VOIDED:
        if _marks(call):
            invoices.mark_sent(books, record)
        if call.pdf:
            return 200, b"%PDF-1.4\n% " + str(record["displayed_as"]).encode() + b"\n%%EOF\n"
    shown = resource.shape(books, record, call.query)
    if call.query.get("nested_attributes") == "all" and "single" in resource.nested:
        shown = expanded(books, shown)
    return 200, listing.trimmed(shown, call.query.get("attributes", ""), default="all")


def _marks(call: Call) -> bool:
    acts = call.pdf or call.books.options.mark_as_sent_on == "all"
    return acts and listing.wanted(call.books, call.query, "mark_as_sent") is not False


def expanded(books: Books, shown: Record) -> Record:
    """The first level of references as whole records, where the record is kept here."""
    found = dict(shown)
    for name, value in shown.items():
        if isinstance(value, dict) and str(value.get("$path", "")).startswith("/"):
            resource, _, key = value["$path"][1:].partition("/")
            record = books.stored(resource, key) if resource in RESOURCES else None
            if record is not None and set(value) == {"id", "displayed_as", "$path"}:
                found[name] = RESOURCES[resource].shape(books, record, {})
    return found


def rows(books: Books, resource: Resource, query: Mapping[str, str]) -> list[Record]:
    found = listing.changed(books, books.every(resource.name), query, resource.feeds)
    if query.get("search") and resource.searched:
        text = query["search"].lower()
        found = [
            row
            for row in found
            if any(text in str(row.get(name) or "").lower() for name in resource.searched)
        ]
    found = [row for row in found if resource.keep(books, row, query)]
    return listing.ordered(books, found, query, resource.sortable)


def _list(call: Call, resource: Resource) -> Record:
    books, nested = call.books, call.query.get("nested_attributes") == "all" and "list" in resource.nested

    def show(record: Record) -> Record:
        shown = resource.shape(books, record, call.query)
        return expanded(books, shown) if nested else shown

    return listing.envelope(books, resource.name, call.query, rows(books, resource, call.query), show)


def _release(call: Call, resource: Resource) -> Answer:
    if call.method != "POST":
        raise Refused(405, _NO_METHOD)
    record = call.books.find(resource.name, call.rest[0])
    (invoices if resource.name == "sales_invoices" else credit_notes).release(call.books, record)
    _log(call, record["id"], {"release": True})
    return 201, resource.shape(call.books, record, call.query)


def _delete(call: Call, resource: Resource, record: Record) -> Answer:
    assert resource.delete is not None
    query = dict(call.query)
    if resource.name in _VOIDED:
        query["void_reason"] = _void_reason(call)
    resource.delete(call.books, record, query)
    _log(call, record["id"], {name: value for name, value in query.items() if value})
    if resource.name in _VOIDED:
        return 200, resource.shape(call.books, record, call.query)
    return 204, None


def _void_reason(call: Call) -> str:
    """The swagger has it in the query, the guide in a body."""
    try:
        sent = json.loads(call.body or b"{}")
    except ValueError:
        sent = {}
    in_body = str(sent.get("void_reason") or "") if isinstance(sent, dict) else ""
    in_query = call.query.get("void_reason") or ""
    return {"query": in_query, "body": in_body}.get(call.books.options.void_reason_in, in_query or in_body)


def _log(call: Call, key: str, body: Mapping[str, Any]) -> None:
    result = json.loads(json.dumps(body, default=str))
    call.writes.append(
        {
            "at": call.books.clock.stamp(),
            "method": call.method,
            "resource": call.resource,
            "id": key,
            "business": call.books.business.id,
            "body": result,
        }
    )


# ---------------------------------------------------------------- fixed lists, rates, settings


def _static(call: Call) -> Answer:
    books = call.books
    if call.method != "GET":
        raise Refused(405, _NO_METHOD)
    names = dict(seed.STATIC.get(call.resource) or dict.fromkeys(books.options.catalog_types.values(), ""))
    if call.rest:
        if call.rest[0] not in names:
            raise not_found()
        return 200, books.reference(call.resource, call.rest[0])
    return 200, listing.envelope(
        books, call.resource, call.query, list(names), lambda key: books.reference(call.resource, key) or {}
    )


def _rates(call: Call) -> Answer:
    books, key = call.books, call.rest[0] if call.rest else None
    own = call.resource == "business_exchange_rates"
    if call.method == "GET" and key:
        return 200, rates.shape(books, call.resource, key)
    if call.method == "GET":
        found = rates.listed(books, call.resource)
        return 200, listing.envelope(books, call.resource, call.query, found, lambda row: row)
    if call.method == ("PUT" if key else "POST") and own:
        code = rates.save(books, unwrapped(books, call.body, "business_exchange_rate"), key)
        return 200 if key else 201, rates.shape(books, call.resource, code)
    if call.method == "DELETE" and own and key:
        rates.remove(books, key)
        return 204, None
    raise Refused(405, _NO_METHOD)


def _settings(call: Call) -> Answer:
    if call.method == "PUT":
        company.change_settings(call.books, call.resource, unwrapped(call.books, call.body, call.resource))
    elif call.method != "GET":
        raise Refused(405, _NO_METHOD)
    return 200, company.settings(call.books, call.resource)
