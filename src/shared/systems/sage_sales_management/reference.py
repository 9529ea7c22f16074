"""The table of currencies: the vendor has labels, the rules have ISO codes. The table of users, by e-mail
address."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shared.systems.sage_sales_management.labels import Labels
from shared.systems.sage_sales_management.reader import Reader
from shared.systems.sage_sales_management.values import folded, is_deleted, record_id

_NAMES = {
    "GBP": (
        "pound",
        "pounds",
        "pound sterling",
        "sterling",
        "british pound",
        "libra",
        "libra esterlina",
        "£",
    ),
    "EUR": ("euro", "euros", "€"),
    "USD": ("dollar", "us dollar", "us dollars", "american dollar", "dólar", "$"),
    "CHF": ("swiss franc", "franc suisse"),
    "CAD": ("canadian dollar",),
    "AUD": ("australian dollar",),
    "SEK": ("swedish krona",),
    "NOK": ("norwegian krone",),
    "DKK": ("danish krone",),
    "PLN": ("zloty", "polish zloty"),
}
_ISO = {name: iso for iso, names in _NAMES.items() for name in (iso.casefold(), *names)}


def currencies(labels: Labels, base: str) -> list[dict[str, str]]:
    """Those whose label is a code or a known name. No rates are kept there: `rate` is 1 for the base
    currency and blank
    for the others."""
    found = []
    for currency, names in labels.of("currencies").items():
        iso = iso_of(names)
        if iso:
            home = iso == base
            found.append(
                {"id": currency, "iso": iso, "rate": "1" if home else "", "base": "1" if home else "0"}
            )
    return found


def users(reader: Reader) -> list[dict[str, str]]:
    """Active users: those who left get nothing more. One call for each page."""
    rows = [
        row for row in reader.all("users", "") if not is_deleted(row) and row.get("isActive") is not False
    ]
    times = Counter(folded(row.get("email")) for row in rows)
    return [
        {
            "id": record_id(row),
            "email": str(row.get("email") or ""),
            "several": "1" if times[folded(row.get("email"))] > 1 else "0",
        }
        for row in sorted(rows, key=lambda row: int(row["id"]))
    ]


def iso_of(labels: Sequence[str], names: Mapping[str, str] = _ISO) -> str:
    """ "" for a currency that nobody here knows."""
    known = [names[folded(label)] for label in labels if folded(label) in names]
    return known[0] if known else ""
