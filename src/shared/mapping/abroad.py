"""Which lines of a customer abroad got a tax code that the ledger's records do not really settle."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.domain.outcomes.coding import abroad_at_a_rate, abroad_by_item
from shared.mapping.coding import item_of
from shared.mapping.faults import shown
from shared.mapping.tax_codes import tax_name

View = Mapping[str, Any]

_ONE_VAT_AREA = {"GB": frozenset({"GB", "IM", "XI"})}
"""Home -> the codes of addresses that its VAT treats as home: the Isle of Man, and Northern Ireland's own."""


def is_abroad(country: str | None, home: str) -> bool:
    """A blank country is home: people leave it out there."""
    return bool(country) and country not in _ONE_VAT_AREA.get(home, {home})


def told_abroad(priced: Sequence[View], asked: Sequence[View], customer: View, home: str) -> Iterator[str]:
    """A sentence for lines coded by their items, and one for lines that took a charging code of the
    customer's. A code that the CRM's line states, or that the customer's record settles, is not named."""
    country = customer.get("billing_country")
    if not is_abroad(country, home):
        return
    name, own = str(customer.get("reference") or customer.get("name") or ""), customer.get("tax_code")
    own = tax_name(own) if own else None
    by_item, charged = [], {}
    for number, (line, stated) in enumerate(zip(priced, asked, strict=True), 1):
        if stated.get("tax_code") or "tax_rate" not in line:
            continue
        code, rate = line["tax_code"], line["tax_rate"]
        if item_of(line) and not customer.get("tax_code_always") and (rate or code != own):
            by_item.append(f"line {number}: {code}")
        elif not item_of(line) and rate:
            charged[code] = rate
    if by_item:
        yield abroad_by_item(name, str(country), own, by_item)
    for code, rate in charged.items():
        yield abroad_at_a_rate(name, str(country), code, shown(rate))
