"""JSON as vendors send it: numbers with a point as Decimal, and no number that is none.

A number such as 1e200000000 is short on the wire and takes gigabytes once it is written out. It comes as
the text that it was, as NaN and Infinity do: a field that should hold a number then says that it cannot be
read, and names the text.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_PLACES = 40
"""More before or after the point than any ledger has."""


def loads(body: bytes | str) -> Any:
    """Raises ValueError when it is not JSON, or nested too deeply to be an answer."""
    try:
        return json.loads(body, parse_float=_decimal, parse_int=_integer, parse_constant=str)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _decimal(text: str) -> Decimal | str:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return text
    exponent = found.as_tuple().exponent
    small = isinstance(exponent, int) and abs(exponent) <= _PLACES and found.adjusted() <= _PLACES
    return found if small else text if found else Decimal(0)


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _PLACES else text


def is_torn(body: bytes) -> bool:
    """Whether an answer broke off on its way: JSON or a page that has a beginning and no end. A refusal
    like that proves nothing: the connection is tried again instead of paused until a person comes."""
    text = body.strip()
    if text[:1] == b"<":
        return not text.endswith(b">") or (b"<html" in text.lower() and b"</html" not in text.lower())
    if text[:1] not in (b"{", b"[", b'"'):
        return False
    try:
        loads(text)
    except ValueError:
        return True
    return False


def encode(value: Any) -> bytes:
    """JSON with Decimals written as plain numbers, digit for digit."""
    numbers: list[str] = []
    text = json.dumps(_mark(value, numbers), ensure_ascii=False, separators=(",", ":"))
    return _MARK.sub(lambda found: numbers[int(found[1])], text).encode()


_MARK = re.compile(r'"\\u0000(\d+)\\u0000"')


def _mark(value: Any, numbers: list[str]) -> Any:
    """The standard encoder cannot write Decimals: each becomes a mark that no text can contain once NULs are
    removed."""
    if isinstance(value, Decimal):
        numbers.append(format(value, "f"))
        return f"\0{len(numbers) - 1}\0"
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, Mapping):
        return {key: _mark(item, numbers) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mark(item, numbers) for item in value]
    return value
