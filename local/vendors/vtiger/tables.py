"""Rows of everything that can be queried: records, and the tables behind Users, Currency, Tax, LineItem and
others.

A row is raw: text or NULL, references as bare numbers. `present` turns it into what the API shows.
"""

from collections.abc import Iterable
from typing import Any

from local.vendors.vtiger.schema import INVENTORY, LINE_FIELDS, Module
from local.vendors.vtiger.server import Record, VtigerServer
from local.vendors.vtiger.show import IN_QUERY, fields_of, header_of_line, line_fields
from local.vendors.vtiger.values import number

Row = tuple[int, dict[str, Any], Record | None]
"""(number, raw values, the record behind it)."""

_COMPANY = {
    "organizationname": "vtiger",
    "address": "95, 12th Main Road, 3rd Block, Rajajinagar",
    "city": "Bangalore",
    "state": "Karnataka",
    "country": "India",
    "code": "560010",
    "phone": "+91 9243602352",
    "fax": "+91 9243602352",
    "website": "www.vtiger.com",
    "logoname": "vtiger-crm-logo.png",
    "logo": None,
    "vatid": None,
}
_USER = {
    "is_owner": "1",
    "activity_view": "This Week",
    "lead_view": "Today",
    "hour_format": "12",
    "end_hour": "23:00",
    "start_hour": "00:00",
    "currency_decimal_separator": ".",
    "currency_grouping_separator": ",",
    "internal_mailer": "1",
    "theme": "alphagrey",
    "language": "en_us",
    "reminder_interval": "1 Minute",
    "phone_crm_extension": None,
    "truncate_trailing_zeros": "1",
    "dayoftheweek": "Sunday",
    "callduration": "5",
    "othereventduration": "5",
    "calendarsharedtype": "public",
    "default_record_view": "Summary",
    "leftpanelhide": "0",
    "rowheight": None,
    "defaulteventstatus": "Planned",
    "defaultactivitytype": "Call",
    "hidecompletedevents": None,
    "defaultcalendarview": "MyCalendar",
    "defaultlandingpage": "Home",
    "status": "Active",
}
_SECRET = ("user_password", "confirm_password", "accesskey")


def rows(server: VtigerServer, module: Module, of_line: bool = False) -> list[Row]:
    """`of_line` adds the fields of the last line to those of an inventory record, as its joined tables do."""
    if not module.entity or module.name == "Users":
        return [(place, raw, None) for place, raw in _TABLES.get(module.name, lambda _: [])(server)]
    if not (of_line and module.name in INVENTORY):
        return [(record.number, record.values, record) for record in server.of(module.name)]
    return [(one.number, {**one.values, **_last_line(one)}, one) for one in server.of(module.name)]


def _last_line(record: Record) -> dict[str, Any]:
    line = record.lines[-1] if record.lines else {}
    return {name: line.get(name) for name in LINE_FIELDS}


def present(server: VtigerServer, module: Module, row: Row, of_line: bool) -> dict[str, Any]:
    """A complete row as a query shows it."""
    place, raw, record = row
    if record is not None:
        told = fields_of(server, record, query=True)
        return (
            {**told, **header_of_line(server, record, -1, query=True)}
            if of_line and record.module in INVENTORY
            else told
        )
    if module.name == "LineItem":
        parent = server.records[int(raw["parent_id"])]
        shown = line_fields(server, {**raw, "id": place})
        return {**shown, "parent_id": server.wire(parent.module, parent.number)}
    nothing = "" if server.options.old else None
    told = {name: nothing if value is None else value for name, value in raw.items()}
    for name in ("currency_id",):
        if told.get(name):
            told[name] = server.wire("Currency", told[name])
    return {**told, "id": server.wire(module.name, place)}


def column(name: str) -> str:
    """The raw name of a column that queries show under another one."""
    return next((raw for raw, told in IN_QUERY.items() if told == name), name)


def _users(server: VtigerServer) -> Iterable[tuple[int, dict[str, Any]]]:
    """8.1 shows password hashes and access keys; so does the emulator, with made-up hashes."""
    names = server.modules["Users"].fields or {}
    for user in server.options.users:
        raw = {name: _USER.get(name, "") for name in names if name not in ("id", *_SECRET)}
        raw |= {
            "user_name": user.name,
            "is_admin": "on" if user.is_admin else "off",
            "last_name": user.last_name,
            "date_format": user.date_format,
            "time_zone": user.time_zone,
            "email1": user.email,
            "roleid": "" if server.options.old else "H2",
            "currency_id": str(user.currency or server.options.currencies[0][0]),
            "no_of_currency_decimals": None if user.decimals == 2 else str(user.decimals),
            "userlabel": user.last_name,
        }
        if server.options.old:
            raw |= {
                "user_password": "$1$emulated$hash",
                "confirm_password": "$1$emulated$hash",
                "accesskey": user.access_key,
            }
        yield user.id, raw


def _currencies(server: VtigerServer) -> Iterable[tuple[int, dict[str, Any]]]:
    for place, (key, name, code, symbol, rate) in enumerate(server.options.currencies):
        yield (
            key,
            {
                "currency_name": name,
                "currency_code": code,
                "currency_symbol": symbol,
                "conversion_rate": rate,
                "currency_status": "Active",
                "defaultid": "0" if place else "-11",
                "deleted": "0",
            },
        )


def _taxes(server: VtigerServer) -> Iterable[tuple[int, dict[str, Any]]]:
    for place, (label, rate, *method) in enumerate(server.taxes, 1):
        yield (
            place,
            {
                "taxname": f"tax{place}",
                "taxlabel": label,
                "percentage": rate,
                "deleted": "0",
                "method": method[0] if method else "Simple",
                "type": "Fixed",
                "compoundon": "[]",
                "regions": "[]",
            },
        )


def _lines(server: VtigerServer) -> Iterable[tuple[int, dict[str, Any]]]:
    found = [
        (line, record) for record in server.records.values() if not record.deleted for line in record.lines
    ]
    for line, record in sorted(found, key=lambda pair: number(pair[0]["id"])):
        raw = {name: value for name, value in line.items() if name != "id"}
        yield line["id"], {**raw, "parent_id": str(record.number)}


_TABLES: dict[str, Any] = {
    "Users": _users,
    "Groups": lambda server: [
        (key, {"groupname": name, "description": ""}) for key, name in server.options.groups
    ],
    "Currency": _currencies,
    "Tax": _taxes,
    "LineItem": _lines,
    "CompanyDetails": lambda server: [(1, _COMPANY)],
}
