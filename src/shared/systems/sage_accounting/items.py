"""Products and services. Where the plan has stock, stock items are products too.

The kind of an id never changes, and is kept for a week. /products also lists stock items, without their
stock, so those are skipped there. A quiet poll of products makes two calls (deleted, changed), or four if the
plan has stock; one of services makes two."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shared.errors import RecordRejected
from shared.ports import Snapshot, Values
from shared.systems.sage_accounting import facts, ledgers, prices
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.fields import Kind
from shared.systems.sage_accounting.item_codes import ItemCodes
from shared.systems.sage_accounting.item_fields import PRODUCT, SERVICE, STOCK_ITEM
from shared.systems.sage_accounting.lists import Row
from shared.systems.sage_accounting.prices import PriceList
from shared.systems.sage_accounting.resource import Feed, Resource
from shared.systems.sage_accounting.values import flat, reference, top, writable

_DELETED = {"attributes": "deleted_at"}
_NOT_STOCK = "PRODUCT"
"""The catalogue type that Sage calls “Non-stock”."""


class Services(Resource):
    kind = SERVICE
    lane = "items"
    prices: PriceList = prices.RATES
    searched = {"item_code": "search", "description": "search"}  # noqa: RUF012 - read only

    def __init__(self, context: SageContext) -> None:
        super().__init__(context)
        self._codes = ItemCodes(context.facts, f"/{self.kind.object}")

    def holders(self, codes: Sequence[str]) -> list[str] | None:
        return self._codes.holders(codes)

    def answered(self, body: Row, at: datetime, sent: Mapping[str, Any]) -> Snapshot:
        self._codes.put(str(body["id"]), str(body.get("item_code") or ""))
        return super().answered(body, at, sent)

    def values(self, body: Row) -> Values:
        found = {**flat(self.kind, body), **prices.shown(self.prices, self.context.facts, body)}
        return {**found, "active": True if found.get("active") == "" else found.get("active")}

    def new_body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return self.body_of(self.kind, given, {"sales_ledger_account_id": ledgers.sales})

    def body_of(self, kind: Kind, given: Mapping[str, Any], accounts: Mapping[str, Any]) -> dict[str, Any]:
        body = self._body(kind, given, None)
        return {
            **{
                name: account(self.context, kind.object)
                for name, account in accounts.items()
                if name not in body
            },
            **body,
        }

    def needs(self, given: Mapping[str, Any]) -> bool:
        return self.prices.virtual in given

    def changed_body(self, given: Mapping[str, Any], current: Row | None) -> dict[str, Any]:
        return self._body(self.kind, given, current)

    def _body(self, kind: Kind, given: Mapping[str, Any], current: Row | None) -> dict[str, Any]:
        name = self.prices.virtual
        body = top(kind, given, leave=(name,))
        if name in given:
            code = str(given.get("sales_tax_rate_id") or reference((current or {}).get("sales_tax_rate")))
            body[self.prices.entries] = prices.written(
                self.prices, self.context.facts, current, given[name], code
            )
        return body


class Products(Services):
    kind = PRODUCT
    prices = prices.PRICES

    def values(self, body: Row) -> Values:
        """An item that is not kept in stock has no quantity at all, which is not the same as zero."""
        found = super().values(body)
        return (
            found
            if found.get("quantity_in_stock")
            else {name: value for name, value in found.items() if name != "quantity_in_stock"}
        )

    def feeds(self) -> list[Feed]:
        found = super().feeds()
        if not self.context.facts.has_stock():
            return found
        return [
            found[0],
            Feed("deleted_stock_items", "/stock_items", "gone", _DELETED),
            Feed("stock_items", "/stock_items", "records", self.whole),
            found[1],
        ]

    def sources(self) -> list[str]:
        return ["/stock_items", "/products"] if self.context.facts.has_stock() else ["/products"]

    def snapshots(self, path: str, rows: Sequence[Row], at: datetime) -> list[Snapshot]:
        if path == "/stock_items":
            self._learn({str(row["id"]): "stock_items" for row in rows})
        elif path == "/products" and self.context.facts.has_stock():
            rows = [row for row in rows if self._kind_of_row(row) == "products"]
        return super().snapshots(path, rows, at)

    def fetch(self, record_id: str) -> Row | None:
        known = self._cached_kind(record_id)
        if known is not None:
            return self._at(known, record_id)
        found = self._at("stock_items", record_id)
        kind = "products" if found is None else "stock_items"
        found = found or self._at("products", record_id)
        if found is not None:
            self._learn({record_id: kind})
        return found

    def path(self, record_id: str) -> str:
        return f"/{self._kind(record_id)}/{quote(record_id, safe='')}"

    def wrapper(self, record_id: str) -> str:
        return STOCK_ITEM.wrapper if self._kind(record_id) == "stock_items" else PRODUCT.wrapper

    def create(self, values: Values, key: str) -> Snapshot:
        kind = self._new_kind()
        given = {
            name: value for name, value in writable(kind, values).items() if value is not None and value != ""
        }
        if kind is STOCK_ITEM and not given.get("item_code"):
            raise RecordRejected("A stock item needs a code: enter one for the product")
        self.take()
        made = self.post(
            kind,
            self.body_of(
                kind,
                given,
                {"sales_ledger_account_id": ledgers.sales, "purchase_ledger_account_id": ledgers.purchases},
            ),
            key,
        )
        self._learn({made.id: kind.object})
        return made

    def _new_kind(self) -> Kind:
        if self.context.options.get("new_products", "products") != "stock_items":
            return PRODUCT
        if not self.context.facts.has_stock():
            raise RecordRejected(
                "The setting new_products is stock_items, but this Sage plan has no stock: set it to "
                "products, or change the plan"
            )
        return STOCK_ITEM

    def _kind(self, record_id: str) -> str:
        known = self._cached_kind(record_id)
        if known is None:
            self.fetch(record_id)
        return known or self._cached_kind(record_id) or "products"

    def _kind_of_row(self, row: Row) -> str:
        record_id = str(row["id"])
        if self._cached_kind(record_id) is None:
            stock = (
                reference(row.get("catalog_item_type")) != _NOT_STOCK
                and self._at("stock_items", record_id) is not None
            )
            self._learn({record_id: "stock_items" if stock else "products"})
        return self._cached_kind(record_id) or "products"

    def _cached_kind(self, record_id: str) -> str | None:
        if not self.context.facts.has_stock():
            return "products"
        found = self.context.facts.cached(facts.ITEM, [record_id]).get(record_id)
        return str(found["object"]) if found else None

    def _learn(self, kinds: Mapping[str, str]) -> None:
        self.context.facts.remember(facts.ITEM, {key: {"object": kind} for key, kind in kinds.items()})

    def _at(self, kind: str, record_id: str) -> Row | None:
        found: Row | None = self.context.client.record(
            f"/{kind}/{quote(record_id, safe='')}", f"read product {record_id}"
        )
        return found
