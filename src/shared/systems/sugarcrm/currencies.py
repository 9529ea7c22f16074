"""The `currencies` table, the same for both APIs: id, iso, rate (foreign units per base unit), base."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.errors import RuleInvalid
from shared.systems.sugarcrm.records import text

BASE_ID = "-99"


def currency_rows(records: Sequence[Mapping[str, Any]], base: Callable[[], str]) -> list[dict[str, str]]:
    """The base currency first; `base` gives its ISO code. Raises RuleInvalid when nothing names it."""
    listed = {text(record.get("id")): record for record in records}
    iso = text(listed[BASE_ID].get("iso4217")) if BASE_ID in listed else ""
    iso = iso or base()
    if not iso:
        raise RuleInvalid(
            "SugarCRM does not say what its base currency is: set base_currency to its three letters "
            "(such as GBP) in the settings of the SugarCRM connection"
        )
    rows = [{"id": BASE_ID, "iso": iso.upper(), "rate": "1", "base": "1"}]
    for record_id, record in listed.items():
        if record_id != BASE_ID:
            rows.append(
                {
                    "id": record_id,
                    "iso": text(record.get("iso4217")).upper(),
                    "rate": text(record.get("conversion_rate")),
                    "base": "0",
                }
            )
    return rows
