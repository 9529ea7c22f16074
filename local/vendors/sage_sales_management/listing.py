"""Lists: a bare array, page by page, newest first."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import Resource
from local.vendors.sage_sales_management.values import Row
from local.vendors.sage_sales_management.where import parse

_DEFAULT = 50


def listed(
    server: SalesServer, resource: Resource, query: Mapping[str, str], headers: Mapping[str, str]
) -> list[Row]:
    """Raises Refused (901)."""
    # known: document - page counts from 0; lists include deleted rows; a page has 50 rows unless told
    #   otherwise
    rows = list(server.rows[resource.name].values())
    if query.get("where"):
        test = parse(query["where"], resource, server.options, server.title)
        rows = [row for row in rows if test(row)]
    rows = _ordered(server, resource, rows, query.get("order", ""))
    size, page = _size(server, query, headers), _whole(query.get("page", "0"))
    return [server.shown(resource, row) for row in rows[page * size : (page + 1) * size]]


def _ordered(server: SalesServer, resource: Resource, rows: list[Row], order: str) -> list[Row]:
    # known: document - order names one attribute, and the newest come first
    name, _, way = order.partition(" ")
    stored = resource.stored_name(name) if name else "id"
    if stored is None or (way.upper() == "ASC" and not server.options.ascending):
        raise Refused(901, f"order {order}")
    made = sorted(rows, key=lambda row: (_key(row.get(stored)), row["id"]))
    return made if way.upper() == "ASC" else made[::-1]


def _key(value: Any) -> Any:
    if value is None:
        return (0, "")
    return (1, value) if not isinstance(value, (str, bool)) else (1, str(value))


def _size(server: SalesServer, query: Mapping[str, str], headers: Mapping[str, str]) -> int:
    # known: document - Count and X-FM-Entity-Count as headers, Count as a query parameter of some lists
    counted = server.options.page_header
    names = ("Count", "X-FM-Entity-Count") if counted == "either" else (counted,)
    asked = next((headers[name] for name in names if headers.get(name)), query.get("Count", ""))
    return max(1, min(_whole(asked) if asked else _DEFAULT, server.options.largest_page))


def _whole(text: str) -> int:
    if not text.strip().isdigit():
        raise Refused(901, f"{text!r} is not a number")
    return int(text)
