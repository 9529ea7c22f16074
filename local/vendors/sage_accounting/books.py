"""The records of one business, by resource and id, with their times; a refused call leaves them as they
were."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from local.vendors.sage_accounting import seed
from local.vendors.sage_accounting.clock import Clock
from local.vendors.sage_accounting.errors import Refused, not_found
from local.vendors.sage_accounting.options import Business, SageAccountingOptions

Record = dict[str, Any]

_ALSO = {"products": ("products", "stock_items")}
"""A stock item is also a product: it is listed, read and referred to as one."""


class Books:
    """Change records only through `insert`, `change` and `remove`, inside `undone_when_refused`."""

    def __init__(self, options: SageAccountingOptions, business: Business, clock: Clock) -> None:
        self.options = options
        self.business = business
        self.clock = clock
        self.tables: dict[str, dict[str, Record]] = {}
        self.invoice_settings: Record = seed.invoice_settings()
        self.financial_dates = {"accounts_start_date": "2020-01-01", "year_end_lockdown_date": ""}
        self.own_rates: dict[str, Record] = {}
        self._undo: list[Callable[[], object]] = []

    # ------------------------------------------------------------ reading

    def table(self, resource: str) -> dict[str, Record]:
        return self.tables.setdefault(resource, {})

    def stored(self, resource: str, key: object) -> Record | None:
        """Includes deleted ones."""
        for name in _ALSO.get(resource, (resource,)):
            if str(key) in self.table(name):
                return self.table(name)[str(key)]
        return None

    def find(self, resource: str, key: object) -> Record:
        """Raises Refused when it does not exist or is deleted."""
        record = self.stored(resource, key)
        if record is None or record["deleted_at"]:
            raise not_found()
        return record

    def live(self, resource: str) -> list[Record]:
        return [record for record in self.every(resource) if not record["deleted_at"]]

    def every(self, resource: str) -> list[Record]:
        return [record for name in _ALSO.get(resource, (resource,)) for record in self.table(name).values()]

    def has(self, resource: str, key: str) -> bool:
        if resource == "catalog_item_types":
            return key in self.options.catalog_types.values()
        if resource in seed.STATIC:
            return key in seed.STATIC[resource]
        record = self.stored(resource, key)
        return record is not None and not record["deleted_at"]

    def must_exist(self, resource: str, key: str) -> None:
        """Raises Refused as Sage does for a bad reference in a body."""
        if not self.has(resource, key):
            raise not_found(self.options.bad_reference_status)

    def display(self, resource: str, key: str) -> str:
        if resource == "catalog_item_types":
            return "Non-stock" if key == "PRODUCT" else key.replace("_", " ").title()
        if resource in seed.STATIC:
            return seed.static_text(resource, key)
        record = self.stored(resource, key)
        return str(record["displayed_as"]) if record else ""

    def reference(self, resource: str, key: str | None) -> Record | None:
        if not key:
            return None
        return {"id": key, "displayed_as": self.display(resource, key), "$path": f"/{resource}/{key}"}

    @property
    def multi_currency(self) -> bool:
        return self.options.plan == "Plus"

    # ------------------------------------------------------------ writing

    def insert(self, resource: str, values: Mapping[str, Any], key: str | None = None) -> Record:
        now = self.clock.stamp()
        record = {
            "id": key or uuid4().hex,
            "created_at": now,
            "updated_at": now,
            "deleted_at": None,
            **values,
        }
        table = self.table(resource)
        table[record["id"]] = record
        self._undo.append(lambda: table.pop(record["id"], None))
        return record

    def change(self, record: Record, values: Mapping[str, Any], touch: bool = True) -> None:
        self._remember(record)
        changed = any(record.get(name) != value for name, value in values.items())
        record.update(values)
        if touch and (changed or self.options.unchanged_put_touches):
            record["updated_at"] = self.clock.stamp()

    def remove(self, record: Record) -> None:
        self.change(record, {"deleted_at": self.clock.stamp()})

    def set(self, settings: Record, values: Mapping[str, Any]) -> None:
        self._remember(settings)
        settings.update(values)

    def _remember(self, record: Record) -> None:
        before = dict(record)

        def undo() -> None:
            record.clear()
            record.update(before)

        self._undo.append(undo)

    @contextmanager
    def undone_when_refused(self) -> Iterator[None]:
        self._undo.clear()
        try:
            yield
        except Refused:
            for undo in reversed(self._undo):
                undo()
            raise
        finally:
            self._undo.clear()
