"""Turns the piece of MySQL that a v4_1 client sends as `query` into SQLite.

Quoting and escapes are translated; what the server's own check refuses (sub-selects, unions, comments,
several statements) raises `Refused`; what MySQL could not parse raises `Broken`. Everything else is left to
the database."""

import re

_TOKEN = re.compile(
    r"""
      (?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
    | (?P<name>`[^`]+`|[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<comment>--\s|\#|/\*)
    | (?P<blank>\s+)
    | (?P<other><=>|<>|!=|<=|>=|&&|\|\||[-+*/%=<>(),.!;])
""",
    re.X | re.S,
)
_REFUSED = {
    "select",
    "union",
    "into",
    "insert",
    "update",
    "delete",
    "drop",
    "outfile",
    "load_file",
    "benchmark",
    "sleep",
}
_OTHER = {"&&": " AND ", "||": " OR ", "!": " NOT ", "<=>": " IS "}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "Z": "\x1a"}


class Refused(Exception):
    """Error 40 of the service."""


class Broken(Exception):
    """Not SQL: a database failure."""


def translate(query: str) -> str:
    """The same condition for SQLite; `1` for a blank query."""
    if not query.strip():
        return "1"
    parts: list[str] = []
    place, liking = 0, False
    while place < len(query):
        found = _TOKEN.match(query, place)
        if not found:
            raise Broken(f"cannot read {query[place : place + 20]!r}")
        place = found.end()
        parts.append(_token(found, liking))
        if found.lastgroup != "blank":
            liking = found[0].lower() == "like"
    return _balanced("".join(parts))


def _token(found: re.Match[str], liking: bool) -> str:
    text = found[0]
    if found.lastgroup == "text":
        literal = "'" + _plain(text).replace("'", "''") + "'"
        return literal + " ESCAPE '\\'" if liking else literal
    if found.lastgroup == "comment" or text == ";" or text.lower() in _REFUSED:
        raise Refused(text)
    if found.lastgroup == "name":
        return '"' + text[1:-1].replace('"', "") + '"' if text[0] == "`" else text
    return _OTHER.get(text, text)


def _plain(literal: str) -> str:
    """What a MySQL literal means. `\\%` and `\\_` keep their backslash, for LIKE."""
    quote, inner = literal[0], literal[1:-1].replace("\0", "")

    def escaped(found: re.Match[str]) -> str:
        char = found[0][-1]
        if found[0] == quote * 2:
            return quote
        return found[0] if char in "%_" else _ESCAPES.get(char, char)

    return re.sub(r"\\.|" + quote * 2, escaped, inner, flags=re.S)


def _balanced(text: str) -> str:
    """A stray bracket must not close the one that the list query puts around the condition."""
    depth = 0
    for char in re.sub(r"'(?:[^']|'')*'", "", text):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            raise Broken("a bracket is closed that was never opened")
    if depth:
        raise Broken("a bracket is not closed")
    return text
