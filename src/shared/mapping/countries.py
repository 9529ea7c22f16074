"""Countries by every English name that people type, by code, and by the name to write.

`countries.json` is made by `make countries` from ISO 3166 and CLDR; it is read when the first country turns
up.
"""

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_DROPPED = re.compile(r"[.'’`´]")
_SEPARATES = re.compile(r"[^\w]+")
_SHORT_SAINT = re.compile(r"\b(st|ste)\b")
DOUBTFUL = frozenset({"na", "ni", "sc"})
"""Codes of Namibia, Nicaragua and the Seychelles, and what people write for "not applicable", Northern
Ireland and Scotland: in a field that people fill in, nobody can tell."""


def code_of(text: str) -> str | None:
    """The two letters of a country, given its name or code in any spelling; None if there is none such."""
    return _names().get(folded(text))


def title_of(code: str) -> str | None:
    """The English name to write, at most 30 characters; it reads as `code` again."""
    names = _table().get(code)
    return names[0] if names else None


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """Without case, accents, dots, punctuation and a leading "the"; "st" is "saint", "&" is "and"."""
    if text.isalpha() and text.isascii():
        return text.casefold()
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    words = _SEPARATES.sub(" ", _DROPPED.sub("", bare.casefold().replace("&", " and "))).strip()
    return _SHORT_SAINT.sub("saint", words.removeprefix("the "))


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    made: dict[str, list[str]] = json.loads(Path(__file__).with_name("countries.json").read_text("utf-8"))
    return made


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    named = {name: code for code, (_, *others) in _table().items() for name in others}
    return named | {folded(names[0]): code for code, names in _table().items()} | _codes()


def _codes() -> dict[str, str]:
    return {code.casefold(): code for code in _table()}
