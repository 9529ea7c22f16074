"""The lines of an invoice in one form, whichever version and interface they came from. Pure.

A line is {product, service, name, comment, quantity, listprice, discount_amount, tax, row}, all texts, and
`deleted` if the product is deleted. `tax` is the rates included on the line, joined by +. `row` is the id by
which a write finds the line again: Vtiger gives it to another line at the next save, so it is no identity.
`further` has what is filled of the fields without a name of ours.

With individual tax a rate is included only if that tax is switched on for the product, but the line lists it
either way. The subtotal, which then includes the lines' taxes, shows which is the case: the taxes that make
it up are used, first those in the document's own details, then those that the products have now."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.systems.vtiger.modules import LINES
from shared.systems.vtiger.values import decimal_of, native, plain, tax_names

_CENT = Decimal("0.01")
_WORKED_OUT = (
    "id",
    "parent_id",
    "sequence_no",
    "product_name",
    "entity_type",
    "deleted",
    "netprice",
)
_NAMED = (
    "productid",
    "quantity",
    "listprice",
    "discount_percent",
    "discount_amount",
    "comment",
    "incrementondel",
    "image",
    "margin",
    "purchase_cost",
)
"""Fields of ours, and those that follow from the item."""
Row = Mapping[str, Any]
Enabled = Callable[[str], frozenset[str]]
"""Product id -> the taxes that are switched on for it."""


def read_lines(raw: Mapping[str, Any], service_prefix: str, enabled: Enabled) -> list[dict[str, Any]]:
    """`enabled` is called only if the totals do not settle it."""
    rows = _in_order(raw.get(LINES))
    taxes = _counting(raw, rows, enabled)
    return [_line(row, names, service_prefix) for row, names in zip(rows, taxes, strict=True)]


def shipping_tax(raw: Mapping[str, Any]) -> str:
    """Not zero if there is tax on shipping: the sum of the amounts and rates that Vtiger shows."""
    if not decimal_of(raw.get("hdnS_H_Amount")):
        return "0"
    shown = [value for name, value in raw.items() if "_shtax" in name]
    return plain(
        sum(
            (
                decimal_of(value)
                for value in [*shown, raw.get("hdnS_H_Percent"), _final(raw).get("shtax_totalamount")]
            ),
            Decimal(0),
        )
    )


def deducted_tax(raw: Mapping[str, Any]) -> str:
    return plain(decimal_of(_final(raw).get("deductTaxesTotalAmount")))


def net_of(row: Row) -> Decimal:
    return decimal_of(row.get("quantity")) * decimal_of(row.get("listprice")) - decimal_of(discount_of(row))


def discount_of(row: Row) -> str:
    """If both are given, the amount is used; a percentage is rounded half up to whole pence."""
    amount = native(row.get("discount_amount"))
    if decimal_of(amount):
        return amount
    found = by_percent(row, decimal_of(row.get("discount_percent")))
    return native(found) if found else "0"


def by_percent(row: Row, percent: Decimal) -> Decimal:
    """What a percentage comes to on a line with this quantity and price."""
    gross = decimal_of(row.get("quantity")) * decimal_of(row.get("listprice"))
    return (gross * percent / 100).quantize(_CENT, ROUND_HALF_UP)


def _line(row: Row, taxes: Sequence[str], service_prefix: str) -> dict[str, Any]:
    item = native(row.get("productid"))
    service = native(row.get("entity_type")) == "Services" or item.split("x")[0] == service_prefix
    found: dict[str, Any] = {
        "product": "" if service else item,
        "service": item if service else "",
        "name": native(row.get("product_name")),
        "comment": native(row.get("comment")),
        "quantity": native(row.get("quantity")),
        "listprice": native(row.get("listprice")),
        "discount_amount": discount_of(row),
        "tax": "+".join(native(row[name]) for name in taxes),
    }
    found["row"] = native(row.get("id"))
    if further := _further(row):
        found["further"] = further
    return {**found, "deleted": "1"} if native(row.get("deleted")) == "1" else found


def kept_fields(row: Row) -> dict[str, str]:
    """A line as it is sent to stay as it is: without what Vtiger works out."""
    return {name: native(value) for name, value in row.items() if name not in _WORKED_OUT and native(value)}


def _further(row: Row) -> dict[str, str]:
    taxes, found = tax_names(row), kept_fields(row)
    return {
        name: text
        for name, text in found.items()
        if name not in (*_NAMED, *taxes) and (decimal_of(text) or text.strip("0."))
    }


def _in_order(rows: Any) -> list[Row]:
    found = list(rows.values()) if isinstance(rows, Mapping) else rows if isinstance(rows, list) else []
    return sorted(
        (row for row in found if isinstance(row, Mapping)), key=lambda row: decimal_of(row.get("sequence_no"))
    )


def _borne(row: Row) -> tuple[str, ...]:
    return tuple(name for name in tax_names(row) if decimal_of(row[name]))


def _counting(raw: Mapping[str, Any], rows: Sequence[Row], enabled: Enabled) -> list[tuple[str, ...]]:
    """The taxes included on each line. If nothing fits the totals, all that the lines list."""
    borne = [_borne(row) for row in rows]
    if native(raw.get("hdnTaxType")) != "individual" or not any(borne) or _fits(raw, rows, borne):
        return borne
    none: list[tuple[str, ...]] = [() for _ in rows]
    details = [_both(names, _detailed(raw, place)) for place, names in enumerate(borne, 1)]
    for found in (none, details):
        if _fits(raw, rows, found):
            return found
    now = [
        _both(names, enabled(native(row.get("productid")))) for row, names in zip(rows, borne, strict=True)
    ]
    return now if _fits(raw, rows, now) else borne


def _both(borne: Sequence[str], on: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in borne if name in on)


def _detailed(raw: Mapping[str, Any], place: int) -> Collection[str]:
    """The taxes that the document's details name for a line; open source servers list those of the product
    there."""
    details = raw.get(f"{LINES}_FinalDetails")
    line = details.get(str(place)) if isinstance(details, Mapping) else None
    taxes = line.get("taxes") if isinstance(line, Mapping) else None
    found = taxes.values() if isinstance(taxes, Mapping) else taxes if isinstance(taxes, list) else ()
    return {native(tax.get("taxname")) for tax in found if isinstance(tax, Mapping)}


def _fits(raw: Mapping[str, Any], rows: Sequence[Row], taxes: Sequence[Sequence[str]]) -> bool:
    """Whether these lines with these taxes add up to the subtotal, apart from the rounding of each line."""
    total = Decimal(0)
    for row, names in zip(rows, taxes, strict=True):
        rate = sum((decimal_of(row[name]) for name in names), Decimal(0))
        total += net_of(row) * (1 + rate / 100)
    return abs(total - decimal_of(raw.get("hdnSubTotal"))) <= _CENT * (len(rows) + 1)


def _final(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The totals of the document as the user sees them; they are stored with its first line."""
    details = raw.get(f"{LINES}_FinalDetails")
    found = details.values() if isinstance(details, Mapping) else details if isinstance(details, list) else ()
    for line in found:
        final = line.get("final_details") if isinstance(line, Mapping) else None
        if isinstance(final, Mapping):
            return final
    return {}
