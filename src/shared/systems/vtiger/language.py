"""Vtiger's query language: one table, conditions joined by AND, one column to order by, 100 rows, a
semicolon. Pure.

Quotes are doubled; there is no other escape, no comparison with the empty string, no NULL and no NOT IN.
Addresses are limited to about 8,000 characters, so long lists of values are requested in parts.
"""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote as url_quote

LARGEST_PAGE = 100
_LONGEST_LIST = 4000
_WILD = "\\%\r\n\t;"
_PREFIX = 40


def quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def is_one_of(column: str, values: Sequence[str]) -> str:
    if len(values) == 1:
        return f"{column} = {quote(values[0])}"
    return f"{column} IN ({', '.join(quote(value) for value in values)})"


def begins_like(column: str, value: str) -> str:
    """A condition that `value` meets however it was stored: parts that may have been cut, decoded or escaped
    are left open.

    "" if too little is left to search by.
    """
    plain = value[:_PREFIX]
    for sign in "&<>":
        plain = plain.split(sign)[0]
    for sign in _WILD:
        plain = plain.replace(sign, "_")
    return f"{column} LIKE {quote(plain + '%')}" if len(plain.strip("_ ")) >= 2 else ""


def is_plain(value: str) -> bool:
    """Whether equality can be asked for: the language has no backslashes or line ends."""
    return bool(value) and not any(sign in value for sign in _WILD if sign not in "%;")


def select(
    columns: Iterable[str],
    module: str,
    where: Iterable[str] = (),
    size: int = LARGEST_PAGE,
    order: str = "id",
) -> str:
    """`where` are conditions that all hold. Rows come in the order of their ids."""
    met = " AND ".join(condition for condition in where if condition)
    ordered = f" ORDER BY {order}" if order else ""
    return (
        f"SELECT {', '.join(columns)} FROM {module}{' WHERE ' + met if met else ''}{ordered} LIMIT 0, {size};"  # noqa: S608
    )


def portions(values: Sequence[str], most: int = LARGEST_PAGE) -> Iterator[list[str]]:
    """Lists short enough for one address each."""
    portion: list[str] = []
    length = 0
    for value in values:
        size = len(url_quote(quote(value))) + 6
        if portion and (len(portion) == most or length + size > _LONGEST_LIST):
            yield portion
            portion, length = [], 0
        portion.append(value)
        length += size
    if portion:
        yield portion
