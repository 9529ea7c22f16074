"""Customers abroad whose own tax code does not settle what their orders are charged: named by `check`.

Sage 50 shows the box "Use default" of a customer in the single read only, so this reads each of them once.
"""

from collections.abc import Sequence

from shared.domain.wording import counted
from shared.mapping.abroad import is_abroad
from shared.ports import Finding, Gone, Snapshot
from shared.systems.sage_50.client import Client
from shared.systems.sage_50.reader import Reader
from shared.systems.sage_50.reference import tax_codes
from shared.systems.sage_50.search import KEPT
from shared.systems.sage_50.tables import CUSTOMER

SUBJECT = "customers abroad"
BOX = "defTaxCodeUseDefault"
MOST = 100
"""Customers read singly in one check; the rest are counted."""


def findings(client: Client, reader: Reader) -> list[Finding]:
    """Raises the SyncErrors of the client."""
    company = client.get("/api/company", "read the company")
    home = str((company if isinstance(company, dict) else {}).get("countryCode") or "GB")
    rows = reader.search(CUSTOMER, [{"field": "COUNTRY_CODE", "type": "ne", "value": home}, KEPT])
    there = sorted(
        (one for one in rows if is_abroad(_text(one, "countryCode").strip().upper(), home)),
        key=lambda one: one.id,
    )
    read = [reader.single(CUSTOMER, one.id) for one in there[:MOST]]
    return _told([one for one in read if not isinstance(one, Gone)], len(there), _rates(client))


def _told(read: Sequence[Snapshot], of: int, rates: dict[str, str]) -> list[Finding]:
    loose = [_named(one) for one in read if not one.values.get(BOX)]
    charged = [_named(one) for one in read if rates.get(_text(one, "defTaxCode"), "0") != "0"]
    found = []
    if loose:
        found.append(
            Finding(
                "warning",
                SUBJECT,
                f"“Use default” is not ticked for the tax code of {', '.join(loose)}: a line with a product "
                "of its own takes the product's code, not theirs. Tick it in Sage 50 where theirs is right.",
            )
        )
    if charged:
        found.append(
            Finding(
                "warning",
                SUBJECT,
                f"The tax code of {', '.join(charged)} charges VAT: correct it in Sage 50 where none is due.",
            )
        )
    if of > len(read):
        left = counted(of - len(read), "more customer")
        found.append(
            Finding("warning", SUBJECT, f"{left} abroad were not looked at: look at them in Sage 50.")
        )
    return found or [Finding("ok", SUBJECT, f"{counted(of, 'customer')}, each with a tax code that counts.")]


def _rates(client: Client) -> dict[str, str]:
    return {row["id"]: row["rate"] for row in tax_codes(client)}


def _named(one: Snapshot) -> str:
    return f"{one.id} ({_text(one, 'countryCode')}, T{_text(one, 'defTaxCode')})"


def _text(one: Snapshot, name: str) -> str:
    return str(one.values.get(name) or "")
