"""Lines of quotations and orders: records of their own at the vendor, a list inside the document here. Pure.

The vendor neither multiplies nor adds up: `total` is whatever was written, so it is written with each line
and never read. It has four discounts beside each other: they are read as one, and written as the first, with
nothing in the others.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from shared.domain.record import record
from shared.errors import RecordRejected
from shared.systems.sage_sales_management.values import Row, native, record_id

BEING_WRITTEN = "Tieout is writing this document."
"""The internal comment of a document whose lines are not complete yet."""
_READ = ("productId", "description", "quantity", "price", "discount1")
DISCOUNTS = ("discount1", "discount2", "discount3", "discount4")
"""In per cent, on lines and on headers."""
_CENT, _RATE = Decimal("0.01"), Decimal("0.0001")
Line = Mapping[str, Any]


@record
class LinePlan:
    """What makes the lines of a document those that are wanted. `changed`: (id, what is written)."""

    made: tuple[dict[str, Any], ...] = ()
    changed: tuple[tuple[str, dict[str, Any]], ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.made or self.changed or self.gone)


def read_line(row: Row) -> dict[str, Any]:
    values = {name: native(row, name) for name in _READ}
    return {"id": record_id(row), **values, "discount1": discount_of(row)}


def discount_of(row: Row) -> Any:
    """The four discounts as one, each off what the one before it left. One alone is read as it is."""
    given = [name for name in DISCOUNTS if row.get(name)]
    if not given or given == ["discount1"]:
        return native(row, "discount1")
    left = Decimal(1)
    for name in given:
        left *= 1 - Decimal(str(row[name])) / 100
    return whole(((1 - left) * 100).quantize(_RATE, ROUND_HALF_UP).normalize())


def line_body(line: Line, place: int) -> dict[str, Any]:
    """What is written of a line, with its place (from 1) and its total. Raises RecordRejected for a line
    that the
    vendor would refuse."""
    product = str(line.get("productId") or "")
    if not product.isdigit():
        raise RecordRejected(
            f"line {place} names no product: Sage Sales Management takes no line without one"
        )
    quantity, price = _number(line, "quantity", place), _number(line, "price", place)
    if quantity is None or price is None:
        raise RecordRejected(
            f"line {place} has no {'quantity' if quantity is None else 'price'}: Sage Sales Management "
            "takes no line without one"
        )
    discount = _number(line, "discount1", place) or Decimal(0)
    total = (quantity * price * (1 - discount / 100)).quantize(_CENT, ROUND_HALF_UP)
    extra = {name: value for name, value in line.items() if name not in (*_READ, "id")}
    return {
        **extra,
        "productId": int(product),
        "description": str(line.get("description") or ""),
        "quantity": whole(quantity),
        "price": price,
        **no_discounts(),
        "discount1": discount,
        "total": total,
        "order": place,
    }


def no_discounts() -> dict[str, Any]:
    return {name: Decimal(0) for name in DISCOUNTS}


def whole(number: Decimal) -> Decimal | int:
    """3 and not 3.00, which a field for whole numbers would not take."""
    return int(number) if number == number.to_integral_value() else number


def planned(wanted: Sequence[dict[str, Any]], present: Sequence[Row]) -> LinePlan:
    """Lines that are equal stay, whatever their place was; the others are changed one by one, in their
    order."""
    rest, kept = list(present), dict[int, Row]()
    for place, body in enumerate(wanted):
        same = next((row for row in rest if _equal(body, row)), None)
        if same is not None:
            rest.remove(same)
            kept[place] = same
    made, changed = [], []
    for place, body in enumerate(wanted):
        row = kept.get(place) or (rest.pop(0) if rest else None)
        if row is None:
            made.append(body)
        elif place not in kept or row.get("order") != body["order"]:
            changed.append((record_id(row), body))
    return LinePlan(tuple(made), tuple(changed), tuple(record_id(row) for row in rest))


def _equal(body: Line, row: Row) -> bool:
    numbers = ("quantity", "price", *DISCOUNTS)
    return (
        str(body["productId"]) == native(row, "productId")
        and body["description"] == (row.get("description") or "")
        and all(Decimal(str(body[name])) == Decimal(str(row.get(name) or 0)) for name in numbers)
    )


def _number(line: Line, name: str, place: int) -> Decimal | None:
    value = line.get(name)
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise RecordRejected(f"line {place}: '{value}' is not a number ({name})") from None
