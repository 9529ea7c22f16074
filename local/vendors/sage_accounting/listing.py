"""Lists: which rows a query asks for, in which order, which page of them, and how much of each row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import Refused, error
from local.vendors.sage_accounting.values import flag, moment

Query = Mapping[str, str]
_BASE = ("id", "displayed_as", "$path")
LARGEST = 200


def bad_parameter(books: Books, name: str) -> Refused:
    return Refused(books.options.validation_status, [error(f"{name} is invalid", "", "Validation")])


def changed(books: Books, rows: Sequence[Record], query: Query, feeds: Sequence[str]) -> list[Record]:
    """Existing rows changed since (that second included), or rows deleted after."""
    since = {name: _moment(books, name, query[name]) for name in feeds if query.get(name)}
    if "deleted_since" in since:
        return [row for row in rows if row["deleted_at"] and row["deleted_at"] > since["deleted_since"]]
    first = since.get("updated_or_created_since", "")
    return [row for row in rows if not row["deleted_at"] and row["updated_at"] >= first]


def _moment(books: Books, name: str, value: str) -> str:
    try:
        return moment(value)
    except ValueError:
        raise bad_parameter(books, name) from None


def wanted(books: Books, query: Query, name: str) -> bool | None:
    """A true/false parameter; None when it was not given."""
    if not query.get(name):
        return None
    try:
        return flag(query[name])
    except ValueError:
        raise bad_parameter(books, name) from None


def ordered(books: Books, rows: list[Record], query: Query, sortable: Sequence[str]) -> list[Record]:
    """By `sort=attribute:desc` if the resource supports it; otherwise in the order set in the options."""
    if books.options.list_order == "id":
        rows = sorted(rows, key=lambda row: str(row["id"]))
    if not query.get("sort") or not sortable:
        return rows
    name, _, way = query["sort"].partition(":")
    if name not in sortable or way not in ("", "asc", "desc"):
        raise bad_parameter(books, "sort")
    return sorted(rows, key=lambda row: str(row.get(name) or ""), reverse=way == "desc")


def envelope(
    books: Books, resource: str, query: Query, rows: Sequence[Any], show: Callable[[Any], Record]
) -> Record:
    """A page of rows. A page beyond the last gives the last again."""
    size = _whole(books, query, "items_per_page", 20)
    if size > LARGEST:
        raise bad_parameter(books, "items_per_page")
    last = max(1, -(-len(rows) // size))
    page = min(_whole(books, query, "page", 1), last)
    chosen = rows[(page - 1) * size : page * size]
    return {
        "$total": len(rows),
        "$page": page,
        "$next": _link(resource, query, page + 1, size) if page < last else None,
        "$back": _link(resource, query, page - 1, size) if page > 1 else None,
        "$itemsPerPage": size,
        "$items": [trimmed(show(row), query.get("attributes", "")) for row in chosen],
    }


def _whole(books: Books, query: Query, name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise bad_parameter(books, name)
    return int(text)


def _link(resource: str, query: Query, page: int, size: int) -> str:
    rest = {name: value for name, value in query.items() if name not in ("page", "items_per_page")}
    return f"/{resource}?{urlencode({'page': page, 'items_per_page': size, **rest})}"


def trimmed(row: Record, attributes: str, default: str = "") -> Record:
    """id, displayed_as and $path, and the attributes that were asked for."""
    asked = {name.strip() for name in (attributes or default).split(",")}
    if "all" in asked:
        return row
    return {name: value for name, value in row.items() if name in _BASE or name in asked}
