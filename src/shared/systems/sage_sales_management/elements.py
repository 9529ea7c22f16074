"""Native values as the API takes them: references as bare integers, labels looked up, dates in the vendor's
form.

What the vendor would drop or cut without a word is refused here.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.errors import MissingField, RecordRejected
from shared.mapping.faults import shown
from shared.ports import Values
from shared.systems.sage_sales_management.fields import Field, Fields
from shared.systems.sage_sales_management.labels import Labels
from shared.systems.sage_sales_management.lines import DISCOUNTS, no_discounts, whole
from shared.systems.sage_sales_management.resources import LINES, PICTURE
from shared.systems.sage_sales_management.values import moment

KEYS = ("extId", "extID")
"""Never cut: half a key is another record's."""
KEPT = (*KEYS, "statusId")
"""Never left out: a status says whether an account is a customer, and whether a document is an order."""


class Elements:
    def __init__(self, fields: Fields, labels: Labels) -> None:
        self._fields, self._labels = fields, labels

    def element(self, resource: str, values: Values) -> dict[str, Any]:
        """A custom field that the tenant does not have is left out, as it is when reading. Raises
        MissingField for another one, RecordRejected for values that do not fit, all of them at once."""
        known, made = self._fields.of(resource), dict[str, Any]()
        faults: list[tuple[str, RecordRejected]] = []
        for path, value in values.items():
            name, _, part = path.partition("/")
            if path in (LINES, PICTURE) or (name.startswith("Z_") and name not in known):
                continue
            field = known.get(name)
            if field is None or field.readonly:
                raise MissingField(
                    f"the rules write '{name}' of {resource}, which Sage Sales Management does not have or "
                    "lets nobody write: correct the rule file"
                )
            try:
                made[name] = self._value(resource, field, value, bool(part))
            except RecordRejected as fault:
                faults.append((path, fault))
        if faults:
            raise _all(faults)
        return {**no_discounts(), **made} if DISCOUNTS[0] in made else made

    def _value(self, resource: str, field: Field, value: Any, by_label: bool) -> Any:
        if field.kind == "reference":
            return self._reference(field, value, by_label)
        if isinstance(value, (list, dict)):
            raise MissingField(f"the rules write a list into '{field.name}' of {resource}, which takes none")
        if field.kind == "text":
            return self._text(field, value)
        if value is None or value == "":
            return None
        if field.kind == "moment":
            return _moment(value)
        if field.kind in ("number", "integer"):
            return _number(field, value)
        return value

    def _reference(self, field: Field, value: Any, by_label: bool) -> int | None:
        if value is None or value == "":
            return None
        if by_label:
            return int(self._labels.id_of(field.table, str(value)))
        if not str(value).isdigit():
            raise RecordRejected(
                f"'{value}' is not the id of a record of Sage Sales Management ({field.name}): it takes "
                "numbers alone"
            )
        return int(str(value)) or None

    @staticmethod
    def _text(field: Field, value: Any) -> str:
        text = "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)
        if _too_long(field, text):
            why = "a code is never cut. Shorten" if field.name in KEYS else "shorten"
            raise RecordRejected(
                f"Sage Sales Management keeps {field.length} characters of {field.name}, and '{shown(text)}' "
                f"has {len(text)}: {why} it in the other system"
            )
        return text


def _all(faults: Sequence[tuple[str, RecordRejected]]) -> RecordRejected:
    """Names the fields that the record can do without, where it cannot do without none of these."""
    named = [path for path, _ in faults]
    kept = any(path.partition("/")[0] in KEPT for path in named)
    return RecordRejected([why for _, fault in faults for why in fault.reasons], [] if kept else named)


def _moment(value: Any) -> str:
    """`2018-10-10 00:00:00`."""
    at = moment(value)
    return at.strftime("%Y-%m-%d %H:%M:%S") if at is not None else ""


def _number(field: Field, value: Any) -> Any:
    number = whole(Decimal(str(value))) if not isinstance(value, bool) else value
    if field.kind == "integer" and isinstance(number, Decimal):
        raise RecordRejected(
            f"Sage Sales Management takes whole numbers alone as {field.name}, and this is {value}"
        )
    return number


def _too_long(field: Field, text: str) -> bool:
    return field.length is not None and len(text) > field.length


def check_lines(lines: list[dict[str, Any]], fields: Mapping[str, Field]) -> None:
    """Raises RecordRejected for a number or a text of lines' that the tenant's own schema does not take."""
    for body in lines:
        for name, value in body.items():
            field = fields.get(name)
            if field is not None and field.kind == "integer" and isinstance(value, Decimal):
                raise RecordRejected(
                    f"line {body['order']}: Sage Sales Management takes whole numbers alone as {name}, and "
                    f"this is {value}"
                )
            if field is not None and isinstance(value, str) and _too_long(field, value):
                raise RecordRejected(
                    f"line {body['order']}: Sage Sales Management keeps {field.length} characters of {name}, "
                    f"and this one has {len(value)}: shorten it in the other system"
                )
