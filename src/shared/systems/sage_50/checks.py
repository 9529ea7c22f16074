"""What `tieout connect` and `tieout check` report about a Sage 50 connection.

Is it reachable, is it the right company, can it be read and searched, and which fields in the rules does it
lack?
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.domain.wording import counted
from shared.errors import Halt, SyncError, Unavailable
from shared.ports import Finding, ObjectSpec
from shared.systems.sage_50 import abroad
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.contact_type import ContactType
from shared.systems.sage_50.reader import Reader
from shared.systems.sage_50.reference import currencies, tax_codes
from shared.systems.sage_50.search import table_of
from shared.systems.sage_50.tables import ADDRESS, TABLES

_NOBODY, _NO_NUMBER = "TIEOUT00", "0"
"""A reference that no customer has, and a number that no document has: searching for it proves the right to
search without reading the ledger."""


def company_fault(status: Mapping[str, Any], expected: str) -> SyncError | None:
    """Why nothing may be written: the service is out of order, or it is another company's ledger."""
    if status.get("sdoStatusOk") is False:
        return Unavailable(
            "The service on the Sage server cannot write to Sage 50 (sdoStatusOk is false). After an "
            "upgrade of Sage the two must have matching versions.",
            900.0,
        )
    found = str(status.get("companyName") or "")
    if expected and found.strip().casefold() != expected.strip().casefold():
        return Halt(
            f"This Sage 50 holds the company {found!r}, but the setting expected_company says {expected!r}: "
            "check the url and token, or the setting."
        )
    return None


def findings(
    client: Client,
    reader: Reader,
    specs: Sequence[ObjectSpec],
    expected: str,
    base: str,
    contacts: ContactType,
) -> list[Finding]:
    """All findings. A connection that does not answer is one finding, not a list of failures."""
    status = tried("connection", lambda: [_status(client, expected)])
    if status[0].level == "error":
        return status
    found = list(status)
    found += tried("tax codes", lambda: [Finding("ok", "tax codes", _codes(client))])
    found += tried("currencies", lambda: [Finding("ok", "currencies", _currencies(client, base))])
    if any(abroad.BOX in spec.fields for spec in specs):
        found += tried(abroad.SUBJECT, lambda: abroad.findings(client, reader))
    if any(spec.object == ADDRESS.object for spec in specs):
        found += tried("contacts", contacts.findings)
    for spec in specs:
        found += tried(spec.entity, lambda spec=spec: _spec(reader, spec))  # type: ignore[misc]
    return found


def tried(subject: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except SyncError as fault:
        return [Finding("error", subject, str(fault))]


def _status(client: Client, expected: str) -> Finding:
    status = client.get("/api/status", "report its status")
    if not isinstance(status, dict):
        return Finding("error", "connection", "The Sage 50 service answered without a status: check the url.")
    fault = company_fault(status, expected)
    if fault is not None:
        return Finding("error", "connection", str(fault))
    if status.get("odbcStatusOk") is False:
        return Finding(
            "error",
            "connection",
            "The service on the Sage server cannot read Sage 50 (odbcStatusOk is "
            "false): ask whoever installed it to check its ODBC connection.",
        )
    return Finding(
        "ok",
        "connection",
        f"Connected to {status.get('companyName')!r}, Sage {status.get('sageVersion')}, "
        f"service {status.get('apiVersion')}.",
    )


def _codes(client: Client) -> str:
    codes = tax_codes(client)
    named = ", ".join(
        f"{row['id']} ({row['rate']} %)" for row in codes if row["rate"] != "0" or row["id"] == "0"
    )
    return f"{len(codes)} tax codes, in use: {named}."


def _currencies(client: Client, base: str) -> str:
    rows = currencies(client, base)
    return (
        ", ".join(f"{row['id']} is {row['iso']}{' (base)' if row['base'] == '1' else ''}" for row in rows)
        + "."
    )


def _spec(reader: Reader, spec: ObjectSpec) -> list[Finding]:
    table = table_of(spec.object, TABLES)
    found = [
        Finding(
            "error", spec.entity, f"Sage 50 has no field {path!r} on a {table.label}: correct the rule file."
        )
        for path in spec.fields
        if table.field(path) is None and path not in table.fields
    ]
    for path in filter(None, (spec.key_path, spec.natural_path)):
        field = table.field(path)
        reader.by_values(table, path, [_NO_NUMBER if field and field.number else _NOBODY])
    if spec.related:
        found.append(
            Finding(
                "error",
                spec.entity,
                "Related records cannot be read from Sage 50: remove [related] from the rule file.",
            )
        )
    return found or [
        Finding(
            "ok",
            spec.entity,
            f"All {counted(len(spec.fields), 'mapped field')} exist, and {table.label}s can be searched.",
        )
    ]
