"""Sales orders of the emulated company: what Sage accepts, what it fills in, and the totals it works out.

Line net is quantity times price less discount, rounded to pence; tax is net times rate, rounded; the header
sums both.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local.vendors.hyperaccounts import filling, quotes
from local.vendors.hyperaccounts.ledger import Ledger, Record
from local.vendors.hyperaccounts.values import Refused, blank

SPECIAL = ("M", "S1", "S2", "S3")
_NEEDED = ("stockCode", "quantity", "unitPrice", "taxRate", "taxCode")
_PENNY = Decimal("0.01")


def order(ledger: Ledger, number: object) -> Record:
    found = ledger.orders.get(int(str(number)) if str(number).isdigit() else 0)
    if found is None:
        raise Refused(f"Sales order {number} not found")
    return found


def create(ledger: Ledger, body: Mapping[str, Any]) -> int:
    """Returns the order's number, the next one in the company's single series."""
    columns = ledger.accept("ORDER", body)
    customer = _customer(ledger, columns.get("ACCOUNT_REF"))
    _same_currency(columns.get("CURRENCY") or 1, customer)
    quotes.begin(ledger, columns)
    lines = _lines(ledger, filling.filled(ledger, customer, body))
    number = ledger.next_order
    filled = _from_customer(customer, columns) | {"ORDER_NUMBER": number, "LINES": lines}
    filled.setdefault("ORDER_DATE", ledger.clock.now().replace(hour=0, minute=0, second=0))
    filled["FOREIGN_RATE"] = columns.get("FOREIGN_RATE") or _rate(ledger, customer["CURRENCY"])
    filled |= _totals(lines, filled["FOREIGN_RATE"])
    ledger.orders[number] = ledger.new("ORDER", filled)
    ledger.next_order += 1
    _name_lines(ledger, ledger.orders[number])
    ledger.log("POST salesOrder", str(number), columns)
    return number


def patch(ledger: Ledger, body: Mapping[str, Any]) -> int:
    """Null and missing leave a value as it is, "" clears it, an array of lines replaces the lines. Refused
    once goods have been allocated."""
    record = order(ledger, body.get("orderNumber"))
    columns = ledger.accept("ORDER", body)
    _customer_unchanged(record, columns)
    _may_change(record)
    quotes.step(ledger, record, columns)
    if body.get("invoiceItems") is not None:
        record["LINES"] = _lines(ledger, body["invoiceItems"])
        _name_lines(ledger, record)
        columns |= _totals(record["LINES"], record["FOREIGN_RATE"])
    ledger.change(record, columns)
    ledger.log("PATCH salesOrder", str(record["ORDER_NUMBER"]), columns)
    return int(record["ORDER_NUMBER"])


def patch_item(ledger: Ledger, body: Mapping[str, Any]) -> int:
    for record in ledger.orders.values():
        for line in record["LINES"]:
            if line["ITEMID"] == body.get("itemId"):
                _may_change(record)
                line["QTY_ORDER"] = Decimal(str(body.get("quantityOnOrder") or 0))
                _work_out(line, ledger.options.discount_by_unit)
                ledger.change(record, _totals(record["LINES"], record["FOREIGN_RATE"]))
                ledger.log("PATCH salesOrderItems", str(line["ITEMID"]), {"QTY_ORDER": line["QTY_ORDER"]})
                return int(line["ITEMID"])
    raise Refused(f"Order item {body.get('itemId')} not found")


def hold(ledger: Ledger, number: object) -> int:
    record = order(ledger, number)
    ledger.change(record, {"ALLOCATED_STATUS_CODE": 4})
    ledger.log("POST salesOrder hold", str(number), {"ALLOCATED_STATUS_CODE": 4})
    return int(record["ORDER_NUMBER"])


def delete(ledger: Ledger, number: object) -> int:
    record = order(ledger, number)
    _may_change(record)
    del ledger.orders[record["ORDER_NUMBER"]]
    ledger.log("DELETE salesOrder", str(number), {})
    return int(record["ORDER_NUMBER"])


def _customer(ledger: Ledger, reference: object) -> Record:
    if not reference:
        raise Refused("customerAccountRef is required")
    customer = ledger.customer(reference)
    if ledger.options.reject_on_hold and customer["ACCOUNT_ON_HOLD"]:
        raise Refused(f"Customer account {reference} is on hold")
    if customer["RECORD_DELETED"]:
        raise Refused(f"Customer account {reference} not found")
    return customer


def _same_currency(number: int, customer: Record) -> None:
    if number != customer["CURRENCY"]:
        raise Refused(
            f"SDO error 34: the currency {number} does not match the currency {customer['CURRENCY']} "
            f"of account {customer['ACCOUNT_REF']}"
        )


def _from_customer(customer: Record, columns: Record) -> Record:
    """The vendor fills in address lines that were left out, but leaves the delivery address blank."""
    own = {f"ADDRESS_{n}": customer[f"ADDRESS_{n}"] for n in range(1, 6)}
    own |= {
        "NAME": customer["NAME"],
        "ACCOUNT_REF": customer["ACCOUNT_REF"],
        "CURRENCY": customer["CURRENCY"],
    }
    return own | columns


def _rate(ledger: Ledger, number: int) -> Decimal:
    return next(Decimal(rate) for id_, _, _, _, rate in ledger.options.currencies if id_ == number)


def _lines(ledger: Ledger, sent: Any) -> list[Record]:
    if not isinstance(sent, list) or not sent:
        raise Refused("invoiceItems must hold at least one item")
    return [_line(ledger, one) for one in sent]


def _line(ledger: Ledger, sent: Any) -> Record:
    if not isinstance(sent, dict):
        raise Refused("An item must be an object")
    code = str(sent.get("stockCode") or "").upper()
    if code != "M":
        lacking = [name for name in _NEEDED if sent.get(name) is None]
        if lacking:
            raise Refused(f"{lacking[0]} is required on an item")
    _known_product(ledger, code)
    line = blank("LINE") | ledger.accept("LINE", sent)
    if line["TAX_CODE"] not in [one[0] for one in ledger.options.tax_codes]:
        raise Refused(f"Tax code T{line['TAX_CODE']} is not set up")
    if line["QTY_ORDER"] < 0 or line["UNIT_PRICE"] < 0:
        raise Refused("An item of a sales order cannot be below zero")
    _work_out(line, ledger.options.discount_by_unit)
    return line


def _known_product(ledger: Ledger, code: str) -> None:
    if code in SPECIAL:
        return
    product = ledger.products.get(code)
    if product is None or product["RECORD_DELETED"] or product["DELETED_FLAG"]:
        raise Refused(f"Stock code {code} not found")
    if ledger.options.reject_inactive_product and product["INACTIVE_FLAG"]:
        raise Refused(f"Stock code {code} is inactive")


def _work_out(line: Record, by_unit: bool) -> None:
    # known: document - a company may take the discount off the unit price and round, or off the line's total
    left = (100 - line["DISCOUNT_RATE"]) / 100
    if by_unit:
        worth = line["QTY_ORDER"] * (line["UNIT_PRICE"] * left).quantize(_PENNY, ROUND_HALF_UP)
    else:
        worth = line["QTY_ORDER"] * line["UNIT_PRICE"] * left
    net = worth.quantize(_PENNY, ROUND_HALF_UP)
    tax = (net * line["TAX_RATE"] / 100).quantize(_PENNY, ROUND_HALF_UP)
    line |= {"NET_AMOUNT": net, "TAX_AMOUNT": tax, "GROSS_AMOUNT": net + tax}


def _sums(lines: list[Record]) -> Record:
    net = sum((line["NET_AMOUNT"] for line in lines), Decimal(0))
    tax = sum((line["TAX_AMOUNT"] for line in lines), Decimal(0))
    return {
        "ITEMS_NET": net,
        "ITEMS_TAX": tax,
        "ITEMS_GROSS": net + tax,
    }


def _totals(lines: list[Record], rate: Decimal) -> Record:
    # known: document - base and foreign amounts are both stored; known: guessed - the rate is foreign units
    #   for one of the base, lines are in the order's own currency, and rows of a search hold base amounts
    #   alone
    own = _sums(lines)
    net, tax = (
        (own[name] / (rate or 1)).quantize(_PENNY, ROUND_HALF_UP) for name in ("ITEMS_NET", "ITEMS_TAX")
    )
    base = {"ITEMS_NET": net, "ITEMS_TAX": tax, "ITEMS_GROSS": net + tax}
    return base | {"FOREIGN_ITEMS_NET": own["ITEMS_NET"], "FOREIGN_ITEMS_TAX": own["ITEMS_TAX"]}


def _name_lines(ledger: Ledger, record: Record) -> None:
    for position, line in enumerate(record["LINES"]):
        line |= {"ITEMID": ledger.next_item, "ITEM_NUMBER": position, "ORDER_NUMBER": record["ORDER_NUMBER"]}
        ledger.next_item += 1


def _customer_unchanged(record: Record, columns: Record) -> None:
    sent = columns.get("ACCOUNT_REF")
    if not sent:
        raise Refused("customerAccountRef is required")
    if sent != record["ACCOUNT_REF"]:
        raise Refused(f"Sales order {record['ORDER_NUMBER']} belongs to account {record['ACCOUNT_REF']}")


def _may_change(record: Record) -> None:
    if record["ALLOCATED_STATUS_CODE"] in (1, 2) or record["DESPATCH_STATUS_CODE"] in (1, 2):
        raise Refused(
            f"Sales order {record['ORDER_NUMBER']} is allocated or despatched and cannot be amended"
        )
