"""The taxes of a product or service as one native value, `tax`: the rates that are switched on, joined by +.
Pure.

A tax that is off is absent from the record; one that is on has its own rate. An empty text switches a tax off
on servers that take exactly the taxes sent with a value as the product's. On servers that keep the others
anyway, they get the rate 0, and a rate of 0 beside another is not shown.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.errors import RecordRejected
from shared.systems.vtiger.reference import Tax
from shared.systems.vtiger.values import decimal_of, native, plain, tax_names


def tax_of(raw: Mapping[str, Any]) -> str:
    rates = [native(raw[name]) for name in tax_names(raw)]
    return "+".join(rate for rate in rates if decimal_of(rate)) or (rates[0] if rates else "")


def still_on(sent: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, str]:
    """taxN -> "0", for taxes that were to be switched off but still have a rate in the answer."""
    return {name: "0" for name in tax_names(raw) if sent.get(name) == "" and decimal_of(raw[name])}


def rates_of(tax: Any) -> list[Decimal]:
    """Raises RecordRejected for anything that is not a list of rates."""
    try:
        return [Decimal(part) for part in native(tax).replace("%", "").split("+") if part.strip()]
    except InvalidOperation:
        raise RecordRejected(
            f"'{tax}' is not a tax rate that Vtiger can take: give a number, in per cent"
        ) from None


def switches(wanted: Any, raw: Mapping[str, Any], taxes: Sequence[Tax]) -> dict[str, str]:
    """taxN -> rate, or "" to switch it off: for `wanted` rates on a product that is `raw` now. `taxes`:
    preferred first."""
    on = {name: native(raw[name]) for name in tax_names(raw)}
    rates = rates_of(wanted)
    if sorted(rates) == sorted(rates_of(tax_of(raw))):
        return on
    chosen: dict[str, str] = {}
    for rate in rates:
        chosen[_fitting(rate, on, [tax for tax in taxes if tax.name not in chosen])] = plain(rate)
    return {**dict.fromkeys(on, ""), **chosen}


def _fitting(rate: Decimal, on: Mapping[str, str], taxes: Sequence[Tax]) -> str:
    for tax in taxes:
        if tax.rate == rate:
            return tax.name
    for tax in taxes:
        if tax.name in on and decimal_of(on[tax.name]) == rate:
            return tax.name
    if not taxes:
        raise RecordRejected(
            f"Vtiger has no active tax that fits {plain(rate)} %: add one under Settings > Tax Calculations"
        )
    return taxes[0].name
