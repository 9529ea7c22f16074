"""What is sent when an invoice is written: its lines, and with them all amounts of the header.

Vtiger replaces all lines at once, and resets each amount of the header that is not sent with them. With
individual tax a line may only have a tax that is switched on for its product; with group tax all lines have
the same."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.errors import RecordRejected
from shared.systems.vtiger.lines import by_percent, kept_fields
from shared.systems.vtiger.modules import LINES
from shared.systems.vtiger.reader import Raw, Reader
from shared.systems.vtiger.reference import Reference, Tax
from shared.systems.vtiger.taxes import rates_of
from shared.systems.vtiger.values import decimal_of, native, plain, sendable, tax_names

_HEADER = (
    "hdnTaxType",
    "currency_id",
    "conversion_rate",
    "hdnDiscountPercent",
    "hdnDiscountAmount",
    "txtAdjustment",
    "hdnS_H_Amount",
)
_BROKEN_SINCE = (8, 3)


def refuses_lines(version: str, cloud: bool, choice: str) -> str:
    """Why lines cannot be written, or "". `choice` is the setting line_writes: auto, yes or no."""
    if choice == "no":
        return (
            "the setting line_writes of the Vtiger connection is “no”: invoices with lines are not written "
            "to Vtiger"
        )
    if choice == "yes" or cloud:
        return ""
    found = re.match(r"(\d+)\.(\d+)", version)
    if found is not None and (int(found[1]), int(found[2])) < _BROKEN_SINCE:
        return ""
    return (
        f"Vtiger {version or 'of an unknown version'} cannot take invoices with lines through its API: from "
        "8.3 on it refuses new ones and damages changed ones. Enter the invoice in Vtiger by hand, or, once "
        'the server is fixed, set line_writes = "yes" for this connection'
    )


class Documents:
    def __init__(self, reader: Reader, reference: Reference) -> None:
        self._reader, self._reference = reader, reference

    def money(self, element: Mapping[str, Any], lines: Any, before: Raw | None) -> dict[str, Any]:
        """What goes with `element` when lines are written. `before` is the document as it is now, None for a
        new one."""
        if not isinstance(lines, list) or not lines:
            raise RecordRejected("Vtiger does not accept an invoice without lines")
        old = {name: native(before.get(name)) for name in _HEADER} if before else {}
        header = {name: value for name, value in old.items() if value}
        header |= {name: element[name] for name in _HEADER if name in element}
        header["hdnTaxType"] = header.get("hdnTaxType") or "individual"
        header["currency_id"] = header.get("currency_id") or native(self._reference.base_currency().get("id"))
        header["conversion_rate"] = (
            header.get("conversion_rate") or self._reference.currency_rate(header["currency_id"]) or "1"
        )
        rows = self._rows(lines, header["hdnTaxType"], self._there(before))
        street = (
            {} if before or element.get("ship_street") else {"ship_street": element.get("bill_street", "")}
        )
        return {**header, **street, "productid": rows[0]["productid"], LINES: rows}

    def _there(self, before: Raw | None) -> dict[str, tuple[Raw, Mapping[str, Any]]]:
        """Id of a line -> the line as it stands in Vtiger, and as a snapshot shows it."""
        raw = before.get(LINES) if before else None
        rows = {native(row.get("id")): row for row in raw or () if isinstance(row, Mapping)}
        shown = self._reader.lines(before) if before and rows else []
        return {one["row"]: (rows[one["row"]], one) for one in shown if one["row"] in rows}

    def _rows(
        self, lines: Sequence[Any], tax_type: str, there: Mapping[str, tuple[Raw, Mapping[str, Any]]]
    ) -> list[dict[str, str]]:
        taxes = self._reference.taxes()
        rates = [rates_of(line.get("tax")) for line in lines]
        if tax_type == "group" and any(sorted(found) != sorted(rates[0]) for found in rates):
            raise RecordRejected(
                "the lines of this invoice have different tax rates, and in Vtiger its tax mode is Group, "
                "which has one rate for all lines: set its tax mode to Individual"
            )
        return [
            self._row(number, line, found, taxes, tax_type, there.get(native(line.get("row"))))
            for number, (line, found) in enumerate(zip(lines, rates, strict=True), 1)
        ]

    def _row(
        self,
        number: int,
        line: Mapping[str, Any],
        rates: Sequence[Decimal],
        taxes: Sequence[Tax],
        tax_type: str,
        there: tuple[Raw, Mapping[str, Any]] | None,
    ) -> dict[str, str]:
        """A line that Vtiger has goes back with all its fields, changed where it differs from what is shown
        of it."""
        item = native(line.get("product")) or native(line.get("service"))
        if not item:
            raise RecordRejected(
                f"line {number} ({native(line.get('comment'))[:60] or 'without text'}) has no product or "
                "service, and Vtiger has no text-only lines: choose an item for it in the other system"
            )
        row = {
            "productid": item,
            "quantity": native(line.get("quantity")),
            "listprice": native(line.get("listprice")),
        }
        if native(line.get("comment")):
            row["comment"] = sendable(line.get("comment"))
        if there is not None:
            return self._kept(number, item, {**line, **row}, rates, taxes, tax_type, *there)
        if decimal_of(line.get("discount_amount")):
            row["discount_amount"] = native(line.get("discount_amount"))
        further = {name: sendable(value) for name, value in (line.get("further") or {}).items()}
        return {**further, **row, **self._taxes(number, item, rates, taxes, tax_type)}

    def _kept(
        self,
        number: int,
        item: str,
        line: Mapping[str, Any],
        rates: Sequence[Decimal],
        taxes: Sequence[Tax],
        tax_type: str,
        raw: Raw,
        shown: Mapping[str, Any],
    ) -> dict[str, str]:
        row = {**kept_fields(raw), "productid": item}
        for name in ("quantity", "listprice"):
            if decimal_of(line.get(name)) != decimal_of(raw.get(name)):
                row[name] = native(line.get(name))
        if native(line.get("comment")) != native(raw.get("comment")):
            row["comment"] = sendable(line.get("comment"))
        off, percent = decimal_of(line.get("discount_amount")), decimal_of(raw.get("discount_percent"))
        if decimal_of(raw.get("discount_amount")) or by_percent(line, percent) != off:
            row |= {"discount_amount": native(line.get("discount_amount")) or "0", "discount_percent": "0"}
        if sorted(rates) != sorted(rates_of(shown["tax"])) or item != native(raw.get("productid")):
            row |= self._taxes(number, item, rates, taxes, tax_type)
        return row

    def _taxes(
        self, number: int, item: str, rates: Sequence[Decimal], taxes: Sequence[Tax], tax_type: str
    ) -> dict[str, str]:
        off = dict.fromkeys(self._reference.tax_names(), "0")
        spread = (
            _spread(rates, taxes) if tax_type == "group" else self._individual(number, item, rates, taxes)
        )
        return {**off, **spread}

    def _individual(
        self, number: int, item: str, rates: Sequence[Decimal], taxes: Sequence[Tax]
    ) -> dict[str, str]:
        raw = self._reader.item(item)
        on = tax_names(raw)
        able = sorted(
            (tax for tax in taxes if tax.name in on), key=lambda tax: decimal_of(raw[tax.name]) not in rates
        )
        wanted = [rate for rate in rates if rate]
        if len(able) < len(wanted):
            name = native(raw.get("productname") or raw.get("servicename")) or item
            needs = "+".join(plain(rate) for rate in wanted)
            raise RecordRejected(
                f"line {number}: no tax that fits {needs} % is switched on for “{name}” in Vtiger, and "
                "Vtiger would leave it out of the total: tick the tax in that item's Pricing block, then "
                "retry"
            )
        return _spread(wanted, able)


def _spread(rates: Sequence[Decimal], taxes: Sequence[Tax]) -> dict[str, str]:
    """taxN -> rate: each rate goes to a tax with exactly that percentage if there is one, otherwise to the
    first unused tax."""
    chosen: dict[str, str] = {}
    for rate in (rate for rate in rates if rate):
        free = [tax for tax in taxes if tax.name not in chosen]
        if not free:
            raise RecordRejected(
                f"Vtiger has no active tax that fits {plain(rate)} %: add one under Settings > "
                "Tax Calculations"
            )
        exact = [tax for tax in free if tax.rate == rate]
        chosen[(exact or free)[0].name] = plain(rate)
    return chosen
