"""Account references by a mask: `@` is a letter of the name, `#` a digit of a running number, and everything
else stands as it is. `@@@@####` makes ACME0001 of "Acme Ltd"."""

import re
from collections.abc import Iterator
from unicodedata import normalize

_TAKEN = re.compile(r"[A-Z0-9@#./\-_&]+")
_LETTER, _DIGIT = "@", "#"
_FILLED = "X"
"""For letters that a short name does not have."""


def fault_of(mask: str) -> str:
    """What is wrong with a mask, or "": one digit at least, all in one place, in at most 8 signs."""
    if not 1 <= len(mask) <= 8:
        return f'"{mask}" has {len(mask)} signs: an account reference has 1 to 8'
    if not _TAKEN.fullmatch(mask):
        return f'"{mask}" has a sign that no account reference takes: use capitals, digits, @ and #'
    if not re.fullmatch("[^#]*#+[^#]*", mask):
        return f'"{mask}" needs its digits (#) in one place, so that a running number fits in'
    return ""


def candidates(mask: str, name: str) -> Iterator[str]:
    """Every reference of the mask for this name, in the order of their numbers, from 1."""
    letters = _letters(name)
    filled = "".join(next(letters) if sign == _LETTER else sign for sign in mask)
    places = filled.count(_DIGIT)
    for number in range(1, 10**places):
        yield filled.replace(_DIGIT * places, f"{number:0{places}}")


def _letters(name: str) -> Iterator[str]:
    """The letters of the name without accents, in capitals, then filling."""
    plain = normalize("NFKD", name).upper()
    yield from (sign for sign in plain if "A" <= sign <= "Z")
    while True:
        yield _FILLED
