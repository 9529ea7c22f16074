"""JSON as vendors send it: numbers with a point as Decimal, and no number that is none.

A number such as 1e200000000 is short on the wire and takes gigabytes once it is written out. It comes as
the text that it was, as NaN and Infinity do: a field that should hold a number then says that it cannot be
read, and names the text.
"""

import json
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
