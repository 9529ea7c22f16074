"""The one write path under both APIs and the admin page: what every save does, wherever it came from.

A save sets `date_modified` and `modified_user_id`, updates the base-currency amount and the roll-ups, is
written to the log with its changes, and notifies the listeners (web logic hooks)."""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from local.vendors.sugarcrm.amounts import new_row, plain_number, rolled_up_status
from local.vendors.sugarcrm.clock import ServerClock
from local.vendors.sugarcrm.database import Database, Row
from local.vendors.sugarcrm.schema import Link, Module

_QUIET = {"date_modified", "modified_user_id"}
_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class Actor:
    """Who writes. `api` is v4_1, v11 or admin."""

    user_id: str
    api: str
    decimal_comma: bool = False


Listener = Callable[[str, Module, str, dict[str, Any]], None]
"""(event, module, id, details)."""


class Records:
    def __init__(self, database: Database, clock: ServerClock) -> None:
        self.database = database
        self.clock = clock
        self.log: list[dict[str, Any]] = []
        self.listeners: list[Listener] = []

    def create(self, actor: Actor, module: Module, values: Mapping[str, Any], record_id: str = "") -> str:
        """The new id. `values` are stored as they are, by field name. Raises DuplicateId."""
        new = record_id or str(uuid.UUID(int=_RANDOM.getrandbits(128)))
        now = self.clock.stored()
        stamps = {
            "id": new,
            "deleted": 0,
            "date_entered": now,
            "date_modified": now,
            "created_by": actor.user_id,
            "modified_user_id": actor.user_id,
        }
        row = {
            **new_row(module),
            **values,
            **{name: value for name, value in stamps.items() if name in module.fields},
        }
        with self.database.transaction():
            self.database.insert(module, row)
            self._after(actor, module, new, values, created=True)
            self._note(actor, module, new, "create", {}, self.database.row(module, new, deleted=True) or {})
        self._tell("after_save", module, new, {"isUpdate": False})
        return new

    def update(self, actor: Actor, module: Module, record_id: str, values: Mapping[str, Any]) -> bool:
        """False when there is no such row; then only the orphan in the custom table appears."""
        stamps = {"date_modified": self.clock.stored(), "modified_user_id": actor.user_id}
        row = {**values, **{name: value for name, value in stamps.items() if name in module.fields}}
        with self.database.transaction():
            before = self.database.row(module, record_id, deleted=True)
            found = self.database.update(module, record_id, row)
            if found:
                self._after(actor, module, record_id, values)
            after = self.database.row(module, record_id, deleted=True)
            self._note(
                actor, module, record_id, "update" if found else "update_missing", before or {}, after or {}
            )
        if found:
            self._tell("after_save", module, record_id, {"isUpdate": True})
        return found

    def delete(self, actor: Actor, module: Module, record_id: str) -> bool:
        """Marks the row deleted; its values stay."""
        with self.database.transaction():
            before = self.database.row(module, record_id)
            if before is None:
                return False
            self.database.update(
                module,
                record_id,
                {"deleted": 1, "date_modified": self.clock.stored(), "modified_user_id": actor.user_id},
            )
            self._note(actor, module, record_id, "delete", {"deleted": 0}, {"deleted": 1})
            self._roll_up(actor, module, record_id)
        self._tell("after_delete", module, record_id, {})
        return True

    def link(self, actor: Actor, module: Module, record_id: str, link: Link, their_id: str) -> bool:
        """False when either record is missing."""
        other = self.database.modules[link.module]
        if not (self.database.row(module, record_id) and self.database.row(other, their_id)):
            return False
        with self.database.transaction():
            if link.table:
                self.database.relate(link, record_id, their_id)
            elif link.their_column:
                self.database.update(other, their_id, {link.their_column: record_id})
            else:
                self.database.update(module, record_id, {link.own_column: their_id})
            self._note(actor, module, record_id, "link", {}, {link.name: their_id})
        self._tell_both("after_relationship_add", module, record_id, link, their_id)
        return True

    def unlink(self, actor: Actor, module: Module, record_id: str, link: Link, their_id: str) -> bool:
        if their_id not in self.database.linked(module, record_id, link):
            return False
        with self.database.transaction():
            if link.table:
                self.database.unrelate(link, record_id, their_id)
            elif link.their_column:
                self.database.update(self.database.modules[link.module], their_id, {link.their_column: None})
            else:
                self.database.update(module, record_id, {link.own_column: None})
            self._note(actor, module, record_id, "unlink", {link.name: their_id}, {link.name: None})
        self._tell_both("after_relationship_delete", module, record_id, link, their_id)
        return True

    def seed(self, module: Module, row: Row) -> str:
        """Stores one row with its own stamps, unlogged and unannounced."""
        new = str(row.get("id") or uuid.UUID(int=_RANDOM.getrandbits(128)))
        values = {
            **new_row(module),
            **{name: value for name, value in row.items() if name in module.fields},
            "id": new,
        }
        if module.name == "Opportunities":
            values |= self._amounts(values["currency_id"], plain_number(values["amount"]))
        self.database.insert(module, values)
        self._connect(module, new, row)
        if module.name == "RevenueLineItems":
            self._roll_up(Actor("1", "admin"), module, new)
        return new

    # ------------------------------------------------------------ what a save brings with it

    def _after(
        self, actor: Actor, module: Module, record_id: str, values: Mapping[str, Any], created: bool = False
    ) -> None:
        self._connect(module, record_id, values)
        if module.name == "Opportunities":
            self._base_amount(
                module, record_id, actor.decimal_comma and not created and "amount" not in values
            )
        self._roll_up(actor, module, record_id)

    def _connect(self, module: Module, record_id: str, values: Mapping[str, Any]) -> None:
        """Values that are set like fields but stored elsewhere: the account and the primary address."""
        if "account_id" in values and "accounts" in module.links and module.links["accounts"].table:
            account = values["account_id"]
            if account:
                self.database.relate(module.links["accounts"], record_id, str(account))
            else:
                self.database.unrelate(module.links["accounts"], record_id)
        if values.get("email1") is not None and "email1" in module.fields:
            self.database.set_email(record_id, str(values["email1"]))

    def _base_amount(self, module: Module, record_id: str, misread: bool) -> None:
        """`misread`: the server reads its own stored amount with the user's separators, so 1234.56 becomes
        123456."""
        row = self.database.row(module, record_id, deleted=True) or {}
        text = plain_number(row.get("amount"))
        text = text.replace(".", "") if misread else text
        self.database.update(module, record_id, self._amounts(row.get("currency_id"), text))

    def _amounts(self, currency_id: Any, amount: str) -> Row:
        rate = self._rate(currency_id)
        return {"amount_usdollar": float(Decimal(amount or "0") / rate), "base_rate": float(rate)}

    def _rate(self, currency_id: Any) -> Decimal:
        found = self.database.scalar(
            "SELECT conversion_rate FROM currencies WHERE id = ?", (currency_id or "-99",)
        )
        try:
            return Decimal(plain_number(found)) or Decimal(1)
        except InvalidOperation:
            return Decimal(1)

    def _roll_up(self, actor: Actor, module: Module, record_id: str) -> None:
        """Line items determine the amount and the status of their opportunity; without line items it keeps
        its own."""
        lines = self.database.modules.get("RevenueLineItems")
        if lines is None or module.name not in ("RevenueLineItems", "Opportunities"):
            return
        row = self.database.row(module, record_id, deleted=True) or {}
        parent = row.get("opportunity_id") if module is lines else record_id
        found = self.database.select(
            lines, ("likely_case", "sales_stage"), "revenue_line_items.opportunity_id = ?", (parent,)
        )
        if not parent or not found:
            return
        opportunities = self.database.modules["Opportunities"]
        total = sum((Decimal(plain_number(line["likely_case"]) or "0") for line in found), Decimal(0))
        values = {
            "amount": float(total),
            "sales_status": rolled_up_status([str(line["sales_stage"] or "") for line in found]),
        }
        if module is lines:
            values |= {"date_modified": self.clock.stored(), "modified_user_id": actor.user_id}
        self.database.update(opportunities, str(parent), values)
        self._base_amount(opportunities, str(parent), misread=False)

    # ------------------------------------------------------------ log and listeners

    def _note(self, actor: Actor, module: Module, record_id: str, kind: str, before: Row, after: Row) -> None:
        changes = {
            name: [before.get(name), value]
            for name, value in after.items()
            if before.get(name) != value and name not in _QUIET
        }
        self.log.append(
            {
                "n": len(self.log) + 1,
                "at": self.clock.now().isoformat(),
                "api": actor.api,
                "user_id": actor.user_id,
                "module": module.name,
                "id": record_id,
                "kind": kind,
                "changes": changes,
            }
        )

    def _tell(self, event: str, module: Module, record_id: str, details: dict[str, Any]) -> None:
        for listener in self.listeners:
            listener(event, module, record_id, details)

    def _tell_both(self, event: str, module: Module, record_id: str, link: Link, their_id: str) -> None:
        """Relationship hooks run once for each side."""
        other = self.database.modules[link.module]
        back = next((item.name for item in other.links.values() if item.module == module.name), link.name)
        sides = ((module, record_id, link.name, other, their_id), (other, their_id, back, module, record_id))
        for here, own, name, there, related in sides:
            self._tell(
                event,
                here,
                own,
                {
                    "module": here.name,
                    "related_id": related,
                    "related_module": there.name,
                    "link": name,
                    "relationship": link.table or link.name,
                },
            )
