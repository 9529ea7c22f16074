"""The fields that a resource accepts, and how a body is read with them: types, lengths, required fields,
references.

A field's `name` is the one written (`currency_id`); `shown` is the one read (`currency`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, malformed
from local.vendors.sage_accounting.values import day, flag, number, rounded

if TYPE_CHECKING:
    from local.vendors.sage_accounting.books import Books

_ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")


@dataclass(frozen=True)
class Field:
    """`kind`: text, choice, amount, number, whole, flag, day, ref, refs, part or raw (read elsewhere). `of`:
    a ref's resource.

    `parts` are the fields of a part, `choices` the values of a choice. Amounts have two decimal places.
    """

    name: str
    kind: str
    limit: int = 0
    required: bool = False
    of: str = ""
    parts: tuple["Field", ...] = ()
    choices: tuple[str, ...] = ()
    empty: Any = None

    @property
    def shown(self) -> str:
        if self.kind == "refs":
            return self.name.removesuffix("_ids") + "s"
        return self.name.removesuffix("_id") if self.kind == "ref" else self.name


def text(name: str, limit: int = 0, required: bool = False, empty: str | None = None) -> Field:
    return Field(name, "text", limit, required, empty=empty)


def ref(name: str, of: str, required: bool = False) -> Field:
    return Field(name, "ref", of=of, required=required)


def amounts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "amount") for name in names)


def flags(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "flag", empty=False) for name in names)


@dataclass(frozen=True)
class BodyContext:
    """`wrapper` names the resource in messages, `prefix` the place of the fields in `$source`."""

    books: "Books"
    wrapper: str
    creating: bool
    prefix: str = ""


def read(context: BodyContext, fields: Sequence[Field], body: Any) -> dict[str, Any]:
    """The given fields, converted. Raises Refused with every field that is wrong."""
    options = context.books.options
    if not isinstance(body, Mapping):
        raise malformed(context.wrapper, context.prefix.rstrip("."), options.validation_status)
    _refuse_unknown(context, fields, body)
    values: dict[str, Any] = {}
    wrong: list[dict[str, Any]] = []
    for field in fields:
        source = context.prefix + field.name
        given = body.get(field.name)
        if field.required and given in (None, "", []) and (context.creating or field.name in body):
            wrong.append(error(REQUIRED, source))
        elif field.name in body:
            values[field.name] = _convert(context, field, given)
            wrong += _too_long(field, values[field.name], source, options.refuse_entities)
    if wrong:
        raise Refused(422, wrong)
    return values


def _refuse_unknown(context: BodyContext, fields: Sequence[Field], body: Mapping[str, Any]) -> None:
    known = {field.name for field in fields} | {"idempotency_id", "id"}
    unknown = sorted(body.keys() - known)
    if unknown and context.books.options.unknown_fields == "refuse":
        raise malformed(context.wrapper, unknown[0], context.books.options.validation_status)


def _too_long(field: Field, value: Any, source: str, refuse_entities: bool) -> list[dict[str, Any]]:
    if field.kind != "text" or not value:
        return []
    if field.limit and len(value) > field.limit:
        return [error(f"This field is too long (maximum is {field.limit} characters).", source)]
    if refuse_entities and field.name == "description" and _ENTITY.search(value):
        return [error("This field contains invalid characters.", source)]
    return []


def _convert(context: BodyContext, field: Field, value: Any) -> Any:
    if field.kind == "part":
        below = BodyContext(
            context.books, context.wrapper, context.creating, f"{context.prefix}{field.name}."
        )
        return None if value is None else read(below, field.parts, value)
    if value is None or (value == "" and field.kind != "text"):
        return field.empty
    try:
        return _CONVERTERS[field.kind](context, field, value)
    except ValueError:
        raise malformed(context.wrapper, field.name, context.books.options.validation_status) from None


def _text(context: BodyContext, field: Field, value: Any) -> str:
    if isinstance(value, (dict, list, bool)):
        raise ValueError("not text")
    return str(value)


def _choice(context: BodyContext, field: Field, value: Any) -> str:
    if value not in field.choices:
        raise ValueError("not a choice")
    return str(value)


def _whole(context: BodyContext, field: Field, value: Any) -> int:
    found = number(value)
    if found != int(found):
        raise ValueError("not whole")
    return int(found)


def _number(context: BodyContext, field: Field, value: Any) -> Decimal:
    found = number(value)
    return rounded(found, 10) if -(found.as_tuple().exponent) > 10 else found  # type: ignore[operator]


def _ref(context: BodyContext, field: Field, value: Any) -> str:
    context.books.must_exist(field.of, str(value))
    return str(value)


def _refs(context: BodyContext, field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("not a list")
    if not all(context.books.has(field.of, one) for one in value):
        raise ValueError("not known")
    return list(value)


_CONVERTERS: dict[str, Callable[[BodyContext, Field, Any], Any]] = {
    "raw": lambda context, field, value: value,
    "text": _text,
    "choice": _choice,
    "whole": _whole,
    "number": _number,
    "ref": _ref,
    "refs": _refs,
    "amount": lambda context, field, value: rounded(number(value)),
    "flag": lambda context, field, value: flag(value),
    "day": lambda context, field, value: day(value),
}
