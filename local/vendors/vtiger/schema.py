"""Modules and fields of one installation, from fields.json (taken from describe answers of real servers).

A field's flags: M mandatory, R read-only, N not nullable, U unique, u not unique (neither where the server
says nothing about it), S a field of taxes and prices, whose truth values are "1" and "".
"""

import json
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

INVENTORY = ("Quotes", "SalesOrder", "Invoice", "PurchaseOrder")
PRICED = ("Products", "Services")
LINE_FIELDS = (
    "productid",
    "quantity",
    "listprice",
    "comment",
    "discount_amount",
    "discount_percent",
    "tax1",
    "tax2",
    "tax3",
    "image",
    "purchase_cost",
    "margin",
)
NUMBER_FIELDS = {
    "Accounts": ("account_no", "ACC"),
    "Contacts": ("contact_no", "CON"),
    "Products": ("product_no", "PRO"),
    "Services": ("service_no", "SER"),
    "Invoice": ("invoice_no", "INV"),
    "Quotes": ("quote_no", "QUO"),
    "SalesOrder": ("salesorder_no", "SO"),
    "PurchaseOrder": ("purchaseorder_no", "PO"),
    "Vendors": ("vendor_no", "VEN"),
    "Documents": ("note_no", "DOC"),
}
NUMERIC = ("currency", "double", "integer")
_NO_DEFAULT = object()
_DECIMALS = {
    **dict.fromkeys(
        ("conversion_rate", "salescommission", "exciseduty", "hdnDiscountPercent", "commissionrate"), 3
    ),
    **dict.fromkeys(("qtyinstock", "quantity", "discount_percent"), 3),
    "qty_per_unit": 2,
}
_SHORT = {
    40: "firstname productcode",
    80: "lastname",
    250: "street",
    30: "city state code zip country pobox fax",
}
_WIDE = ("mailingcity", "mailingcountry", "othercity", "othercountry")


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    type: str
    flags: str = "u"
    values: tuple[Any, ...] | None = None
    first: Any = None
    refers: tuple[str, ...] | None = None
    upload: int | None = None
    default: Any = ""

    @property
    def mandatory(self) -> bool:
        return "M" in self.flags

    @property
    def editable(self) -> bool:
        return "R" not in self.flags

    @property
    def length(self) -> int | None:
        """Characters the column holds; longer text is cut. From the public database schema; None is no
        limit."""
        if self.type not in ("string", "phone", "url", "email", "text") or self.name in (
            "description",
            "terms_conditions",
        ):
            return None
        if self.type == "phone":
            return 50 if self.name in ("homephone", "otherphone", "mobile", "assistantphone") else 30
        for length, endings in _SHORT.items():
            if self.name.endswith(tuple(endings.split())):
                return 40 if self.name in _WIDE else length
        return None if self.type == "text" else 100

    def decimals(self, module: str) -> int:
        if self.type == "integer":
            return 0
        if self.name.startswith("cf_"):
            return 2
        if self.name == "hdnS_H_Percent":
            return 8 if module == "Invoice" else 0
        return 8 if self.type == "currency" else _DECIMALS.get(self.name, 2)

    def described(self, date_format: str) -> dict[str, Any]:
        kind: dict[str, Any] = {"name": self.type}
        if self.values is not None:
            pairs = [(value, value) if isinstance(value, str) else tuple(value) for value in self.values]
            kind = {
                "picklistValues": [{"label": one, "value": two} for one, two in pairs],
                "defaultValue": self.first,
                **kind,
            }
        if self.refers is not None:
            kind = {"refersTo": list(self.refers), **kind}
        if self.type == "date":
            kind = {"format": date_format, **kind}
        if self.upload is not None:
            kind = {"maxUploadFileSize": self.upload, **kind}
        told: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "mandatory": self.mandatory,
            "type": kind,
        }
        if "u" in self.flags.lower():
            told["isunique"] = "U" in self.flags
        told |= {"nullable": "N" not in self.flags, "editable": self.editable}
        if "S" in self.flags:
            told |= {name: "1" if told[name] else "" for name in ("mandatory", "nullable", "editable")}
        return told if self.default is _NO_DEFAULT else {**told, "default": self.default}


@dataclass(frozen=True)
class Module:
    """`fields` is None for a module that is listed only."""

    name: str
    label: str
    singular: str
    entity: bool
    described: str = ""
    label_fields: str = ""
    duplicates: bool | None = None
    fields: dict[str, Field] | None = None

    @cached_property
    def stored(self) -> dict[str, Field]:
        """The fields kept on the record itself: not those of its lines, charges, taxes and prices, and not
        its id."""
        skip = {"id", *(LINE_FIELDS if self.name in INVENTORY else ())}
        if self.name in PRICED:
            skip |= {"tax1", "tax2", "tax3", "currency1"}
        return {
            name: field
            for name, field in (self.fields or {}).items()
            if name not in skip and "shipping_&" not in name
        }


@lru_cache(maxsize=1)
def _facts() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "fields.json").read_text(encoding="utf-8"))
    return loaded


def related(module: str) -> list[list[str]]:
    """(label, module) of each relation."""
    return list(_facts()["related"].get(module, []))


def modules(old: bool, custom: dict[str, list[Any]]) -> dict[str, Module]:
    changed = _facts()["in_8_1"] if old else {}
    found = {}
    for name, facts in _facts()["modules"].items():
        rows = facts.get("fields")
        fields = None if rows is None else _fields(rows, changed.get(name, {}), custom.get(name, []))
        found[name] = Module(
            name=name, fields=fields, **{key: value for key, value in facts.items() if key != "fields"}
        )
    return found


def _fields(rows: list[dict[str, Any]], changed: dict[str, Any], custom: list[Any]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for row in rows:
        fields[row["name"]] = _field({**row, **changed.get(row["name"], {})})
        if row["name"] == "tags":
            for name, label, kind, *default in custom:
                listed, refers = (
                    () if "picklist" in kind else None,
                    ("Accounts",) if kind == "reference" else None,
                )
                fields[name] = Field(
                    name, label, kind, values=listed, refers=refers, default=(*default, "")[0]
                )
    return fields


def _field(row: dict[str, Any]) -> Field:
    default = row.get("default", "")
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("values", "refers") if name in row}
    facts: dict[str, Any] = {"flags": "", **row, **lists}
    return replace(Field(**facts), default=_NO_DEFAULT if default is False else default)
