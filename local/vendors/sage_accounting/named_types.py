"""Price types and rate types: a name and whether it is in use."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import invalid
from local.vendors.sage_accounting.fields import BodyContext, read
from local.vendors.sage_accounting.tables import NAMED_TYPE


def create(
    resource: str, wrapper: str, books: Books, body: Mapping[str, Any], key: str | None = None
) -> Record:
    values = read(BodyContext(books, wrapper, True), NAMED_TYPE, body)
    return books.insert(resource, {**values, "displayed_as": values["name"]}, key)


def update(resource: str, wrapper: str, books: Books, record: Record, body: Mapping[str, Any]) -> None:
    values = read(BodyContext(books, wrapper, False), NAMED_TYPE, body)
    books.change(record, {**values, "displayed_as": values.get("name", record["name"])})


def delete(resource: str, books: Books, record: Record, query: Mapping[str, str]) -> None:
    if record["active"] or len(books.live(resource)) < 2:
        raise invalid("Only an inactive type can be deleted, and not the last one.")
    books.remove(record)
