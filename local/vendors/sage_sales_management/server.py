"""One tenant: its rows, their stamps, and the log of writes. The rules of single writes, for the API and for
people alike."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from local.vendors.sage_sales_management import seed
from local.vendors.sage_sales_management.clock import ServerClock
from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sage_sales_management.tables import Resource, resources
from local.vendors.sage_sales_management.values import Row, accepted, shown

Heard = Callable[[str, str, Row, bool], None]
"""(resource, action, row, whether the API did it)."""
PERSON = 52


class SalesServer:
    def __init__(self, options: SalesOptions) -> None:
        self.options = options
        self.clock = ServerClock()
        self.lock = threading.RLock()
        self.heard: list[Heard] = []
        self.calls: Counter[str] = Counter()
        self.resources: dict[str, Resource] = {}
        self.reset()

    def reset(self) -> None:
        """A new tenant, at the real time."""
        self.clock.reset()
        self.calls.clear()
        self.resources = resources(self.options.custom_fields)
        self.rows: dict[str, dict[int, Row]] = {name: {} for name in self.resources}
        self.uploads: dict[str, dict[str, Any]] = {}
        self.hooks: dict[int, dict[str, Any]] = {}
        self.writes: list[dict[str, Any]] = []
        self._ids: dict[str, Any] = {}
        for name, rows in seed.rows().items():
            for row in rows:
                self._put(name, dict(row), PERSON)

    # what there is

    def resource(self, name: str) -> Resource:
        """Raises Refused (910)."""
        # known: guessed - capitals in a path do not matter
        for known, resource in self.resources.items():
            if known.lower() == name.lower():
                return resource
        raise Refused(910)

    def row(self, resource: Resource, row_id: int | str, *, deleted: bool = False) -> Row:
        # known: document - an id that does not exist is HTTP 400, not 404
        found = self.rows[resource.name].get(int(row_id)) if str(row_id).isdigit() else None
        if found is None or (found["deleted"] and not deleted):
            raise Refused(910)
        return found

    def shown(self, resource: Resource, row: Row) -> Row:
        return shown(resource, row, self.title)

    def title(self, table: str, row_id: int) -> str | None:
        """What people call a record."""
        row = self.rows.get(table, {}).get(int(row_id))
        if row is None:
            return None
        if table in ("users", "contacts"):
            first, last = ("name", "lastName") if table == "users" else ("firstName", "lastName")
            return f"{row.get(first) or ''} {row.get(last) or ''}".strip()
        named = ("name", "model", "reference", "descriptionEN", "descriptionES", "description")
        return next((str(row[one]) for one in named if row.get(one)), None)

    # writes

    def create(self, resource: Resource, body: Any, *, by_api: bool = True) -> int:
        row = accepted(resource, body, self.options)
        self._complete(resource, row, {}, by_api=by_api)
        made = self._put(resource.name, row, self.options.key_user if by_api else PERSON)
        self._told("insert", resource, made, row, by_api)
        return int(made["id"])

    def update(self, resource: Resource, row_id: int | str, body: Any, *, by_api: bool = True) -> None:
        # known: document - a PUT changes the attributes that it names, and no others
        row = self.row(resource, row_id)
        changes = accepted(resource, body, self.options)
        if by_api:
            self._refuse_locked(row, changes)
        self._complete(resource, changes, row, by_api=by_api)
        row.update(changes)
        # known: document - dateUpdated is null until the first change
        row["dateUpdated"] = self.clock.now()
        row["salesRepIdUpdated"] = self.options.key_user if by_api else PERSON
        self._touch(resource, row)
        self._told("update", resource, row, changes, by_api)

    def delete(self, resource: Resource, row_id: int | str, *, by_api: bool = True) -> None:
        # known: document - a deleted row stays in lists, with deleted and dateDeleted set and dateUpdated
        #   left alone
        row = self.row(resource, row_id)
        if by_api:
            self._refuse_locked(row, {})
        row["deleted"], row["dateDeleted"] = True, self.clock.now()
        row["salesRepIdDeleted"] = self.options.key_user if by_api else PERSON
        self._touch(resource, row)
        if resource.name == "salesorders" and self.options.lines_die_with_order:
            lines = self.resources["salesordersLines"]
            for line in list(self.rows["salesordersLines"].values()):
                if line["salesOrderId"] == row["id"] and not line["deleted"]:
                    self.delete(lines, line["id"], by_api=by_api)
        self._told("delete", resource, row, {}, by_api)

    # inside

    def _put(self, name: str, row: Row, user: int) -> Row:
        ids = self._ids.setdefault(name, itertools.count(self.options.first_id + 100 * len(self._ids)))
        row_id = int(row.pop("id", 0)) or next(ids)
        # known: document - the fields that every record has
        made: Row = {
            **dict.fromkeys(self.resources[name].fields),
            **row,
            "id": row_id,
            "deleted": False,
            "dateCreated": self.clock.now(),
            "dateUpdated": None,
            "dateDeleted": None,
            "salesRepIdCreated": user,
            "salesRepIdUpdated": None,
            "salesRepIdDeleted": None,
        }
        for field_name in ("readOnly", "notAvailable"):
            if field_name in made and made[field_name] is None:
                made[field_name] = False
        if name == "salesorders" and made["number"] is None:
            # known: document - the number equals the id in the sample
            made["number"] = row_id
        self.rows[name][row_id] = made
        self._touch(self.resources[name], made)
        return made

    def _complete(self, resource: Resource, changes: Row, before: Row, *, by_api: bool) -> None:
        """What must be filled in, and what a reference refers to."""
        needed = {name for name, one in resource.fields.items() if one.required}
        if not self.options.branch_required:
            needed.discard("branchId")
        if resource.name == "salesorders" and self.options.status_required:
            needed.add("statusId")
        if resource.name == "rates" or resource.is_list:
            # known: document - rates need descriptionES; guessed for the lists: descriptionEN
            needed.add("descriptionES" if resource.name == "rates" else "descriptionEN")
        for name in sorted(needed):
            value = changes.get(name) if name in changes else before.get(name)
            missing = value is None or (value == "" and name in ("name", "model", "reference"))
            if missing and (name in changes or not before):
                # known: document - a create without a required attribute is refused (a line without a
                #   price, too)
                raise Refused(901, f"{name} is required")
        for name, one in resource.fields.items():
            known = self.rows.get(one.table) if one.kind == "ref" and changes.get(name) else None
            # known: guessed - a reference to what does not exist is refused
            if known is not None and changes[name] not in known:
                raise Refused(901, f"{name} {changes[name]} does not exist")

    def _refuse_locked(self, row: Row, changes: Row) -> None:
        if not row.get("readOnly") or self.options.read_only == "app":
            return
        if self.options.read_only == "all" or changes.get("readOnly") is not False:
            raise Refused(901, "the record is read-only")

    def _touch(self, resource: Resource, row: Row) -> None:
        if resource.name == "salesordersLines" and self.options.lines_touch_order:
            order = self.rows["salesorders"].get(row.get("salesOrderId") or 0)
            if order is not None:
                order["dateUpdated"] = self.clock.now()

    def _told(self, action: str, resource: Resource, row: Row, changes: Row, by_api: bool) -> None:
        if by_api:
            self.writes.append(
                {"action": action, "resource": resource.name, "id": row["id"], "fields": sorted(changes)}
            )
        for hear in self.heard:
            hear(resource.name, action, row, by_api)
