"""What a tenant says of its fields (`/{resource}/schema`), kept for an hour: kinds, lengths, and which
additional
fields (`Z_…`) there are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from shared.domain.record import record
from shared.errors import Unavailable
from shared.ports import Cache, Clock, FieldInfo
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.resources import LINE_RESOURCE, TABLES

Kind = Literal["text", "number", "integer", "boolean", "moment", "reference", "list"]
_CACHE, _KEPT = "sage_sales_management.schema", timedelta(hours=1)
_KINDS: Mapping[str, Kind] = {
    "string": "text",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "object": "reference",
    "array": "list",
}


@record
class Field:
    """`table`: the resource that gives a reference its values."""

    name: str
    kind: Kind
    length: int | None = None
    readonly: bool = False
    table: str = ""


class Fields:
    def __init__(self, api: Api, cache: Cache, clock: Clock) -> None:
        self._api, self._cache, self._clock = api, cache, clock
        self._known: dict[str, Mapping[str, Field]] = {}

    def of(self, resource: str) -> Mapping[str, Field]:
        """Field name -> what is said of it."""
        if resource not in self._known:
            key = f"{self._api.address} {resource}"
            stored = self._cache.get(_CACHE, [key], self._clock.now()).get(key)
            self._known[resource] = _unpacked(stored) if stored else self.fresh(resource)
        return self._known[resource]

    def fresh(self, resource: str) -> Mapping[str, Field]:
        """Read anew, whatever is kept."""
        body = self._api.get(f"{resource}/schema", f"describe {resource}")
        properties = body.get("properties") if isinstance(body, Mapping) else None
        if not isinstance(properties, Mapping) or not properties:
            raise Unavailable(f"Sage Sales Management was asked to describe {resource} and named no fields")
        found = {
            str(name): _field(str(name), one) for name, one in properties.items() if isinstance(one, Mapping)
        }
        if resource == LINE_RESOURCE and "salesorderId" in found:
            # read and written under two spellings
            found.setdefault("salesOrderId", found["salesorderId"])
        self._known[resource] = found
        key = f"{self._api.address} {resource}"
        self._cache.put(_CACHE, {key: _packed(found)}, self._clock.now() + _KEPT)
        return found

    def infos(self, resource: str) -> dict[str, FieldInfo]:
        return {
            name: FieldInfo(name, one.kind, one.length, readonly=one.readonly)
            for name, one in self.of(resource).items()
        }


def _field(name: str, said: Mapping[str, Any]) -> Field:
    types = said.get("type")
    named = types if isinstance(types, list) else [types]
    kind: Kind = next((_KINDS[str(one)] for one in named if one in _KINDS), "text")
    if said.get("format") == "date-time" and kind == "text":
        kind = "moment"
    length = said.get("maxLength")
    table = str(said.get("table") or "") or (
        TABLES.get(name, "users" if name.startswith("salesRepId") else "")
    )
    return Field(
        name,
        kind,
        length if isinstance(length, int) else None,
        bool(said.get("readOnly")),
        table if kind in ("reference", "list") else "",
    )


def _packed(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        "fields": {
            name: [one.kind, one.length or 0, int(one.readonly), one.table] for name, one in fields.items()
        }
    }


def _unpacked(row: Mapping[str, Any]) -> dict[str, Field]:
    return {
        str(name): Field(str(name), kind, int(length) or None, bool(int(readonly)), str(table))
        for name, (kind, length, readonly, table) in row["fields"].items()
    }
