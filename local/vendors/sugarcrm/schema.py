"""The modules of the emulated server: fields, links, and the SQL that reads each field.

The field lists of v4_1 come from `fields.json` (a SuiteCRM 7.14 server's own metadata); what only newer
products have is in `schema_sql` and is visible only through v11. Custom fields get the names set in the
options.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from local.vendors.sugarcrm.options import SugarOptions
from local.vendors.sugarcrm.schema_sql import COMMON_SQL, COMPUTED, JOINS, V11_MODULES, V11_ONLY

NUMERIC = {
    "currency": "REAL",
    "float": "REAL",
    "decimal": "REAL",
    "double": "REAL",
    "int": "INTEGER",
    "bool": "INTEGER",
}
READ_ONLY = {
    "date_entered",
    "date_modified",
    "modified_user_id",
    "created_by",
    "amount_usdollar",
    "base_rate",
}
_NOT_STORED = {
    "modified_by_name",
    "created_by_name",
    "email",
    "email1",
    "email2",
    "invalid_email",
    "email_opt_out",
    "email_addresses_non_primary",
    "full_name",
    "email_and_name1",
    "hide",
    "unhide",
    "accept_status_id",
    "accept_status_name",
    "event_status_name",
    "event_invite_id",
    "event_accept_status",
    "event_status_id",
    "opportunity_role_id",
    "opportunity_role",
    "sync_contact",
    "UserType",
    "email_link_type",
    "editor_type",
}
_CUSTOM = {"Opportunities": "sales_order_no_c", "Accounts": "sales_account_ref_c"}


@dataclass(frozen=True)
class Field:
    """`sql` reads it inside the module's list query; `column` is where it is stored, None when it is
    computed."""

    name: str
    type: str
    length: int | None
    required: bool
    sql: str
    column: str | None
    custom: bool = False
    v4: Mapping[str, Any] | None = None
    """The row of get_module_fields, None for fields only v11 knows."""

    @property
    def stored(self) -> bool:
        """Whether it is in the database; v11's metadata marks all others `source: "non-db"`."""
        return self.column is not None or self.custom


@dataclass(frozen=True)
class Link:
    """`table` joins `here` (our id) and `there` (theirs); a `column` instead is a field of the related or own
    row."""

    name: str
    module: str
    table: str = ""
    here: str = ""
    there: str = ""
    own_column: str = ""
    their_column: str = ""
    single: bool = False


@dataclass(frozen=True)
class Module:
    name: str
    bean: str
    table: str
    fields: Mapping[str, Field]
    joins: str = ""
    links: Mapping[str, Link] = field(default_factory=dict)
    v4_links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    in_v4: bool = True
    writable_v4: bool = True
    listed: str = "1"
    """A condition that hides rows from lists."""

    @property
    def has_custom(self) -> bool:
        return any(item.custom for item in self.fields.values())


_BEANS = {
    "Opportunities": "Opportunity",
    "Accounts": "Account",
    "Contacts": "Contact",
    "Currencies": "Currency",
    "Users": "User",
    "RevenueLineItems": "RevenueLineItem",
    "ProductTemplates": "ProductTemplate",
    "WebLogicHooks": "WebLogicHook",
}
_LINKS: dict[str, tuple[Link, ...]] = {
    "Opportunities": (
        Link("accounts", "Accounts", "accounts_opportunities", "opportunity_id", "account_id", single=True),
        Link("contacts", "Contacts", "opportunities_contacts", "opportunity_id", "contact_id"),
        Link("revenuelineitems", "RevenueLineItems", their_column="opportunity_id"),
        Link("currencies", "Currencies", own_column="currency_id", single=True),
    ),
    "Accounts": (
        Link("opportunities", "Opportunities", "accounts_opportunities", "account_id", "opportunity_id"),
        Link("contacts", "Contacts", "accounts_contacts", "account_id", "contact_id"),
        Link("members", "Accounts", their_column="parent_id"),
        Link("member_of", "Accounts", own_column="parent_id", single=True),
    ),
    "Contacts": (
        Link("accounts", "Accounts", "accounts_contacts", "contact_id", "account_id", single=True),
        Link("opportunities", "Opportunities", "opportunities_contacts", "contact_id", "opportunity_id"),
    ),
    "RevenueLineItems": (
        Link("opportunities", "Opportunities", own_column="opportunity_id", single=True),
        Link("accounts", "Accounts", own_column="account_id", single=True),
        Link("rli_templates_link", "ProductTemplates", own_column="product_template_id", single=True),
    ),
}
LINK_TABLES = {
    "accounts_opportunities": ("opportunity_id", "account_id"),
    "accounts_contacts": ("contact_id", "account_id"),
    "opportunities_contacts": ("opportunity_id", "contact_id"),
}


@cache
def metadata() -> dict[str, Any]:
    """`fields.json`: options lists, the fields and links of five modules, and the list of all modules."""
    text = (Path(__file__).parent / "fields.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def modules(options: SugarOptions) -> dict[str, Module]:
    """All modules that the server has under these options."""
    found = {name: _recorded(name, row, options) for name, row in metadata()["modules"].items()}
    for name, (table, text) in V11_MODULES.items():
        if name == "RevenueLineItems" and not options.revenue_line_items:
            continue
        fields = {item.name: item for item in _declared(name, table, text)}
        found[name] = Module(
            name, _BEANS[name], table, fields, links=_links(name), in_v4=name == "RevenueLineItems"
        )
    return found


def _recorded(name: str, data: Mapping[str, Any], options: SugarOptions) -> Module:
    table = data["table"]
    fields: dict[str, Field] = {}
    for field_name, row in data["fields"].items():
        wanted = _renamed(name, field_name, options)
        if wanted:
            fields[wanted] = _field(
                name,
                table,
                wanted,
                row["type"],
                _length(row.get("len")),
                bool(row.get("required")),
                {**row, "name": wanted},
            )
    for extra in options.extra_opportunity_fields if name == "Opportunities" else ():
        fields[extra] = _field(
            name, table, extra, "varchar", 255, False, {"name": extra, "type": "varchar", "len": "255"}
        )
    for extra, kind in options.extra_account_fields if name == "Accounts" else ():
        row = {"name": extra, "type": kind} | ({"len": "60"} if kind == "varchar" else {})
        fields[extra] = _field(name, table, extra, kind, _length(row.get("len")), False, row)
    fields |= {item.name: item for item in _declared(name, table, V11_ONLY.get(name, ""))}
    return Module(
        name,
        _BEANS[name],
        table,
        fields,
        JOINS.get(name, "").replace("{table}", table),
        _links(name),
        data["links"],
        writable_v4=name != "Users",
        listed="currencies.id <> '-99'" if name == "Currencies" else "1",
    )


def _renamed(module: str, name: str, options: SugarOptions) -> str | None:
    if _CUSTOM.get(module) != name:
        return name
    return options.order_field if module == "Opportunities" else options.account_field


def _length(value: object) -> int | None:
    return int(str(value)) if str(value).isdigit() else None


def _links(module: str) -> dict[str, Link]:
    return {link.name: link for link in _LINKS.get(module, ())}


def _declared(module: str, table: str, text: str) -> list[Field]:
    rows = [(*word.split(":"), "")[:3] for word in text.split()]
    return [
        _field(module, table, name, kind, _length(length), name == "name" and "name:name" in text, None)
        for name, kind, length in rows
    ]


def _field(
    module: str,
    table: str,
    name: str,
    kind: str,
    length: int | None,
    required: bool,
    v4: Mapping[str, Any] | None,
) -> Field:
    custom = name.endswith("_c")
    sql = COMPUTED.get(module, {}).get(name)
    if sql is None and name in COMMON_SQL:
        column, template = COMMON_SQL[name]
        sql = template.replace("{column}", column)
    stored = sql is None and name not in _NOT_STORED and not (kind == "relate" and name != "assigned_user_id")
    if sql is None:
        sql = f"{table}_cstm.{name}" if custom else f"{table}.{name}" if stored else "NULL"
    return Field(
        name, kind, length, required, sql.replace("{table}", table), name if stored else None, custom, v4
    )
