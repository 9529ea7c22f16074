"""Sage's small tables: currencies and tax codes. Both differ between companies, so they are always read."""

from decimal import Decimal
from typing import Any

from shared.errors import MissingField
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.values import rounded


def currencies(client: Client, base: str) -> list[dict[str, str]]:
    """id is the one-based table number that customers and writes use; `base` is the setting's ISO code or "".

    Without the setting, record 1 is the base currency, as Sage sets companies up. Rows without a code are
    unused.
    """
    rows = client.rows("/api/currency", "list its currencies")
    named = [(str(row.get("id")), str(row.get("code") or "").strip().upper(), row) for row in rows]
    used = [one for one in named if one[1]]
    base_id = _base_id(used, base.strip().upper())
    return [
        {
            "id": number,
            "iso": iso,
            "rate": "1" if number == base_id else _rate(row.get("exchangeRate")),
            "base": "1" if number == base_id else "0",
        }
        for number, iso, row in used
    ]


def _base_id(rows: list[tuple[str, str, dict[str, Any]]], base: str) -> str:
    if not base:
        return "1"
    for number, iso, _ in rows:
        if iso == base:
            return number
    raise MissingField(
        f"The setting base_currency of sage_50 is {base!r}, but this company's currency table holds "
        f"{', '.join(iso for _, iso, _ in rows) or 'no currency'}."
    )


def _rate(value: Any) -> str:
    return format(rounded(Decimal(str(value or 0)), 6), "f")


def tax_codes(client: Client) -> list[dict[str, str]]:
    """id is the code's number as it is written (T1 is "1"); rate is a percentage."""
    rows = client.rows("/api/taxCode", "list its tax codes")
    return [
        {
            "id": str(row.get("index", "")).strip().removeprefix("T"),
            "rate": format(Decimal(str(row.get("rate") or 0)).normalize() + 0, "f"),
            "name": str(row.get("description") or ""),
        }
        for row in rows
    ]
