"""What both SugarCRM APIs share about records: which fields to ask for, which ids can exist, how times are
written.

Pure. Times in and out are timezone-aware UTC.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from shared.errors import Halt, Unavailable
from shared.ports import Native, ObjectSpec, Related, Values

MODIFIED = "date_modified"
LOOKED_OVER = 300
"""How many records one list may be asked for by their ids; a server that gives fewer is asked again."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_T = TypeVar("_T")


def possible_id(record_id: str) -> bool:
    """Sugar's ids are opaque but contain only these characters; anything else cannot be the id of a
    record."""
    return _ID.fullmatch(record_id) is not None


def chunks(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def wanted_fields(spec: ObjectSpec) -> list[str]:
    """Top-level field names of the record itself, id and date_modified first, each once."""
    named = (
        spec.entered_path,
        spec.version_path,
        spec.key_path,
        spec.natural_path,
        spec.number_path,
        *spec.label_paths,
    )
    own = [path for path in (*spec.fields, *(name for name in named if name)) if not is_related(spec, path)]
    links = [item.id_field for item in spec.related if item.id_field and not item.many]
    return list(dict.fromkeys(["id", MODIFIED, *(path.split(".")[0] for path in own), *links]))


def is_related(spec: ObjectSpec, path: str) -> bool:
    """`account.name` belongs to the related record `account`; with many, `lines` alone does too."""
    head = path.split(".")[0]
    return any(item.name == head and (item.many or path != head) for item in spec.related)


def related_fields(related: Related) -> list[str]:
    return list(dict.fromkeys(["id", *(path.split(".")[0] for path in related.fields)]))


def related_values(related: Related, found: Sequence[Mapping[str, Any]]) -> Values:
    """`name.field` of the first related record (None each where there is none), or the list of all under
    `name`."""
    if related.many:
        return {related.name: [{name: row.get(name) for name in related_fields(related)} for row in found]}
    first: Mapping[str, Any] = found[0] if found else {}
    return {f"{related.name}.{name}": first.get(name) for name in related_fields(related)}


def text(value: Any) -> str:
    return "" if value is None else str(value)


def group(values: Iterable[str], rows: Iterable[_T], field: Any) -> dict[str, list[_T]]:
    """Rows by the value they were searched with. Sugar's databases ignore case when comparing text, and so
    does this."""
    answer: dict[str, list[_T]] = {value: [] for value in values}
    by_form: dict[str, list[str]] = {}
    for value in answer:
        by_form.setdefault(value.casefold().strip(), []).append(value)
    for row in rows:
        for value in by_form.get(text(field(row)).casefold().strip(), ()):
            answer[value].append(row)
    return answer


def decimal_of(value: Native) -> Decimal | None:
    """The exact number that a value stands for; None if it is not a number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def parse_time(value: str) -> datetime:
    """ISO 8601 with any offset (v11), or `YYYY-MM-DD HH:MM:SS`, which v4_1 always gives in UTC. Raises
    Unavailable."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Unavailable(f"SugarCRM gave '{value[:40]}' where a date and time was expected") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def page_size(options: Mapping[str, str]) -> int:
    """How many rows to request at once. Raises Halt unless it is a number from 1 to 1000."""
    size = options.get("page_size", "100")
    if not size.isascii() or not size.isdigit() or not 1 <= int(size) <= 1000:
        raise Halt(
            f"page_size of the SugarCRM connection is '{size}': write a number from 1 to 1000, such as 100"
        )
    return int(size)


def settle_seconds(options: Mapping[str, str]) -> float:
    """Raises Halt for what is no number."""
    text = options.get("settle_seconds", "120")
    if not text.isascii() or not text.isdigit():
        raise Halt(
            f"settle_seconds of the SugarCRM connection is '{text}': write a number of seconds, such as 120"
        )
    return float(text)
