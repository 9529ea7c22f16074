"""Turns Sage's JSON into snapshot values and back.

Search rows and single reads write the same value in several forms (`"T1"` and 1, "1" and 0, 0/1 and true); a
snapshot has one form: tax codes and currencies as text numbers, flags as bool, amounts as Decimal, dates as
ISO text.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from shared.errors import RecordRejected
from shared.ports import Native, Values
from shared.systems.sage_50.dates import SageDates
from shared.systems.sage_50.fields import Field, Table
from shared.systems.sage_50.own_currency import foreign, in_own_currency, lacks_totals
from shared.systems.sage_50.potentials import Potentials
from shared.systems.sage_50.quote_state import MESSAGE
from shared.systems.sage_50.stock import where_it_applies

_TRUE = {"1", "true", "yes", "y", "-1"}
_CANCELLED = 3
_DIGITS = 15
"""Sage holds doubles, which are exact to fifteen digits."""
_WITHOUT_RECORD = ("M", "S1", "S2", "S3")
"""Codes of lines that need no product's record: messages, and miscellaneous items."""
_WORKED_OUT = ("itemId", "id", "netAmount", "discountAmount")
_OURS = ("productCode", "serviceCode", "discountGiven")
"""Never sent by these names: the two codes are the stock code of a line that states none."""
NO_POTENTIALS = Potentials()
_FALSE = {"0", "false", "no", "n", ""}


class Values50:
    """Both directions for one installation. `release` is Sage's major version, which decides some lengths."""

    def __init__(
        self, dates: SageDates, release: int, base_currency: str, potentials: Potentials = NO_POTENTIALS
    ) -> None:
        self._dates = dates
        self._potentials = potentials
        self._release = release
        self._base_currency = base_currency

    def from_row(self, table: Table, row: Mapping[str, Any]) -> Values:
        """A search row under the names of the single read."""
        values = {
            one.name: self.read(one, row[one.row])
            for one in table.fields.values()
            if one.row is not None and one.row in row
        }
        return self._shown(table, {**values, **self._potentials.in_row(table, row)})

    def from_single(self, table: Table, found: Mapping[str, Any], *, sent: bool = False) -> Values:
        """A single read, or (`sent`) the body of a write, whose currencies count from one."""
        values: Values = {}
        for one in table.fields.values():
            if one.kind == "lines" and isinstance(found.get(one.name), list):
                values[one.name] = [self._line(table, line) for line in found[one.name]]
            elif one.kind != "lines" and one.name in found:
                values[one.name] = self.read(one, found[one.name], 0 if sent else one.offset)
        return self._shown(table, {**values, **self._potentials.in_single(table, found)})

    def _shown(self, table: Table, values: Values) -> Values:
        if "foreign" in table.fields and "currency" in values:
            values["foreign"] = foreign(values, self._base_currency)
        if "cancelled" in table.fields and "allocationStatus" in values:
            values["cancelled"] = values["allocationStatus"] == _CANCELLED
        return in_own_currency(where_it_applies(values), self._base_currency)

    def lacks_totals(self, values: Values) -> bool:
        return lacks_totals(values, self._base_currency)

    def read(self, one: Field, value: Any, offset: int = 0) -> Native:
        """One value as a snapshot holds it. What cannot be read is kept as text, for the rules to name."""
        try:
            return self._read(one, value, offset)
        except (ValueError, InvalidOperation):
            return str(value)

    def _read(self, one: Field, value: Any, offset: int) -> Native:
        if one.kind == "text":
            return "" if value is None else str(value)
        if value is None or value == "":
            return None
        if one.kind == "flag":
            return _flag(value)
        if one.kind in ("date", "time"):
            return self._iso(value, one.kind == "date")
        number = _number(value)
        if one.kind == "decimal":
            return rounded(number, one.places)
        whole = int(number) + offset
        return str(whole) if one.kind in ("tax_code", "currency") else whole

    def _iso(self, value: Any, day_only: bool) -> str | None:
        when = self._dates.read(value)
        return None if when is None else (when.date() if day_only else when).isoformat()

    def _line(self, table: Table, line: Mapping[str, Any]) -> dict[str, Any]:
        made = {one.name: self.read(one, line[one.name]) for one in table.lines.values() if one.name in line}
        code = str(made.get("stockCode") or "")
        own = {"productCode": "" if code in _WITHOUT_RECORD else code, "serviceCode": ""}
        return {**made, **own, "discountGiven": _given(made)}

    def to_body(self, table: Table, values: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
        """The JSON body of a write. Raises RecordRejected naming each field that Sage cannot hold.

        None clears on a change and is left out on a create. The base currency is never sent with an order:
        the vendor counts it differently in the order's own read, and leaving it out is what its samples do.
        """
        faults: dict[str, str] = {}
        body: dict[str, Any] = {}
        values = self._potentials.written(values, creating)
        for name, value in (whole_address(values) if creating and table.lines else values).items():
            one = table.fields.get(name)
            if one is None:
                body[name] = value
            elif one.kind == "lines":
                body[name] = [
                    self._line_body(table, line, n, faults) for n, line in enumerate(value or (), 1)
                ]
            elif not (creating and _blank(one, value)) and not self._left_out(table, one, value):
                body[name] = self._write(one, value, name, faults, changing=not creating)
        if faults:
            own = [name for name in faults if name in table.fields]
            raise RecordRejected([*faults.values()], own if len(own) == len(faults) else ())
        return body

    def _left_out(self, table: Table, one: Field, value: Any) -> bool:
        if one.kind != "currency":
            return False
        return value in (None, "") or (bool(table.lines) and str(value) == self._base_currency)

    def _line_body(
        self, table: Table, line: Mapping[str, Any], n: int, faults: dict[str, str]
    ) -> dict[str, Any]:
        """A line as Sage showed it goes back without its number and what Sage works out from the rest."""
        sent: dict[str, Any] = {"discount": Decimal(0), "departmentNumber": 0}
        if line.get("unitPrice") is None and line.get("stockCode") != MESSAGE:
            del sent["discount"]  # left to Sage with the price
        worked_out = (*_OURS, *_WORKED_OUT) if line.get("itemId") is not None else _OURS
        code = line.get("stockCode") or line.get("productCode") or line.get("serviceCode")
        for name, value in {**line, **({"stockCode": code} if code else {})}.items():
            one = table.lines.get(name)
            if value is not None and name not in worked_out:
                sent[name] = self._write(one, value, f"{name} of line {n}", faults) if one else value
        return sent

    def _write(
        self, one: Field, value: Any, where: str, faults: dict[str, str], changing: bool = False
    ) -> Any:
        try:
            return self._sent(one, value, changing)
        except (ValueError, InvalidOperation) as fault:
            faults[where] = f"{where} cannot be {value!r} in Sage 50: {fault or 'it is not a number'}."
            return None

    def _sent(self, one: Field, value: Any, changing: bool) -> Any:
        if one.kind == "text":
            return self._text(one, value, changing)
        if one.kind == "flag":
            return _flag(value) if value not in (None, "") else False
        if one.kind in ("date", "time"):
            return self._dates.wire(value)
        number = _number(value if value not in (None, "") else 0)
        if one.kind == "decimal" and not one.whole:
            return number
        if number != int(number):
            raise ValueError("only whole numbers are allowed")
        return int(number)

    def _text(self, one: Field, value: Any, changing: bool) -> str:
        words = "" if value is None else str(value)
        if one.upper:
            words = words.strip().upper()
        limit = one.fits(self._release, changing)
        if limit is not None and len(words) > limit:
            when = " when it is changed" if limit == one.changed else ""
            raise ValueError(
                f"it has {len(words)} characters, and Sage takes at most {limit}{when}; shorten it, "
                f"or give the field a max of {limit} in the rule file"
            )
        return words


def whole_address(values: Mapping[str, Any]) -> dict[str, Any]:
    """An order's address is sent completely or not at all: Sage fills in missing lines from the customer,
    which would mix the two."""
    lines = [f"address{n}" for n in range(1, 6)]
    rest = {name: value for name, value in values.items() if name not in lines}
    if not any(values.get(line) for line in lines):
        return rest
    return rest | {line: values.get(line) or "" for line in lines}


def _given(line: Mapping[str, Any]) -> Decimal:
    """What the line's percentage comes to: Sage says how it took it off only by the net amount."""
    quantity, price, net = (line.get(name) for name in ("quantity", "unitPrice", "netAmount"))
    numbers = [one for one in (quantity, price, net) if isinstance(one, Decimal)]
    if len(numbers) < 3 or not line.get("discount"):
        return Decimal(0)
    return rounded(numbers[0] * numbers[1], 2) - numbers[2]


def _blank(one: Field, value: Any) -> bool:
    """A new record has nothing to clear; only a text may be sent empty."""
    return value is None or (value == "" and one.kind != "text")


def rounded(number: Decimal, places: int) -> Decimal:
    """Sage's raw doubles (2.7499999999999996) as a person entered them: at least two decimals, no further
    trailing zeros."""
    exact = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    short = exact.normalize()
    return exact if places <= 2 else short.quantize(Decimal(1).scaleb(min(-2, _exponent(short))))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _number(value: Any) -> Decimal:
    """From a number, its text, or a displayed tax code such as T1."""
    if isinstance(value, bool):
        return Decimal(int(value))
    number = Decimal(str(value).strip().removeprefix("T"))
    if not number.is_finite() or number.adjusted() >= _DIGITS:
        raise ValueError(f"it is not a number below 1 followed by {_DIGITS} zeros")
    return number


def _flag(value: Any) -> bool:
    words = str(value).strip().lower()
    if words in _TRUE:
        return True
    if words in _FALSE:
        return False
    raise ValueError("it is neither yes nor no")
