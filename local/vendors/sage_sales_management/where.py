"""The filter of a list: `where=(dateCreated>'2026-11-21T10:00:00Z' OR extId='A1') AND deleted=false`.

Parsed into a function of a row. Whatever cannot be read is code 901.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sage_sales_management.tables import Resource
from local.vendors.sage_sales_management.values import Row, moment

Test = Callable[[Row], bool]
Title = Callable[[str, int], str | None]
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign><>|>=|<=|[=<>(),])"""
    r"""|(?P<word>[A-Za-z_]\w*(?:\.[A-Za-z]+)?))"""
)
# known: document - the operators = > LIKE AND OR
# known: seen - the operators <>, NOT IN and gt, parentheses, words in small letters
_DOCUMENTED = {"=", ">", "<>", "LIKE", "NOT IN", "GT"}
_ALL = _DOCUMENTED | {">=", "<", "<=", "IN", "GE", "LT", "LE", "EQ"}
_SIGNS = {"GT": ">", "GE": ">=", "LT": "<", "LE": "<=", "EQ": "="}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def parse(text: str, resource: Resource, options: SalesOptions, title: Title) -> Test:
    """Raises Refused (901)."""
    if len(text) > options.longest_filter:
        raise Refused(901, "the filter is too long")
    return _Parser(_tokens(text, options), resource, options, title).whole()


def _tokens(text: str, options: SalesOptions) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise Refused(901, f"near {text[at : at + 20]!r}")
        kind = str(match.lastgroup)
        value = match[kind]
        if kind == "text":
            # known: seen - single quotes around a text of a filter; known: document - double quotes in one
            #   example
            inner, quote = value[1:-1], value[0]
            if quote * 2 in inner and not options.doubled_quotes:
                raise Refused(901, "a quote inside a text")
            value = inner.replace(quote * 2, quote)
        found.append((kind, value))
        at = match.end()
    return found


class _Parser:
    def __init__(
        self, tokens: list[tuple[str, str]], resource: Resource, options: SalesOptions, title: Title
    ) -> None:
        self._tokens, self._at = tokens, 0
        self._resource, self._options, self._title = resource, options, title

    def whole(self) -> Test:
        test = self._any()
        if self._at < len(self._tokens):
            raise Refused(901, f"unexpected {self._tokens[self._at][1]!r}")
        return test

    def _any(self) -> Test:
        tests = [self._every()]
        while self._word("OR"):
            tests.append(self._every())
        tests = _joined(tests)
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _every(self) -> Test:
        tests = [self._one()]
        while self._word("AND"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._sign("("):
            test = self._any()
            self._need(")")
            return test
        text = self._tokens[self._at][1] if self._at < len(self._tokens) else ""
        get, kind = self._field()
        operator = self._operator()
        if operator not in (_ALL if self._options.operators == "all" else _DOCUMENTED):
            raise Refused(901, f"the operator {operator}")
        operator = _SIGNS.get(operator, operator)
        if operator in ("IN", "NOT IN"):
            values = self._values(kind)
            return lambda row: get(row) is not None and (get(row) in values) == (operator == "IN")
        wanted = self._value(kind)
        if operator == "LIKE":
            pattern = _like(str(wanted), self._options.capitals_count)
            return lambda row: isinstance(get(row), str) and pattern.fullmatch(get(row)) is not None
        if operator == "=":
            return _Equals(text, get, frozenset({wanted}))
        return lambda row: get(row) is not None and _holds(get(row), operator, wanted)

    def _field(self) -> tuple[Callable[[Row], Any], str]:
        kind, text = self._take()
        name, _, part = text.partition(".")
        stored = self._resource.stored_name(name) if kind == "word" else None
        if stored is None or part not in ("", "id", "value", "description"):
            raise Refused(901, f"{text} does not exist")
        found = self._resource.fields.get(stored)
        if part in ("value", "description") and found is not None:
            table, title = found.table, self._title
            return lambda row: self._fold(title(table, row[stored]) if row.get(stored) else None), "text"
        kinds = {"deleted": "bool", "id": "whole"}
        made = found.kind if found else kinds.get(stored, "moment" if stored.startswith("date") else "whole")
        return lambda row: self._fold(row.get(stored)), made

    def _operator(self) -> str:
        _, text = self._take()
        if text.upper() == "NOT":
            self._need_word("IN")
            return "NOT IN"
        return text.upper()

    def _values(self, kind: str) -> list[Any]:
        self._need("(")
        found = [self._value(kind)]
        while self._sign(","):
            found.append(self._value(kind))
        self._need(")")
        return found

    def _value(self, kind: str) -> Any:
        got, text = self._take()
        if kind == "moment":
            # known: seen - dates in a filter are quoted ISO texts in UTC
            if got != "text" or not _DATE.fullmatch(text):
                raise Refused(901, f"{text!r} is not a date")
            return moment(text)
        if kind == "text" and got == "text":
            return self._fold(text)
        if kind == "bool" and got in ("word", "number") and text.lower() in ("true", "false", "0", "1"):
            # known: seen - a filter says deleted=false without quotes
            return text.lower() in ("true", "1")
        if kind in ("number", "whole", "ref") and got == "number":
            return Decimal(text)
        raise Refused(901, f"{text!r} does not fit")

    def _fold(self, value: Any) -> Any:
        return value if self._options.capitals_count or not isinstance(value, str) else value.casefold()

    # tokens

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise Refused(901, "the filter ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _sign(self, sign: str) -> bool:
        return self._skip("sign", sign)

    def _word(self, word: str) -> bool:
        return self._skip("word", word)

    def _skip(self, kind: str, text: str) -> bool:
        got = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if got[0] != kind or got[1].upper() != text:
            return False
        self._at += 1
        return True

    def _need(self, sign: str) -> None:
        if not self._sign(sign):
            raise Refused(901, f"{sign} is missing")

    def _need_word(self, word: str) -> None:
        if not self._word(word):
            raise Refused(901, f"{word} is missing")


@dataclass(frozen=True)
class _Equals:
    """That a field has one of some values."""

    field: str
    get: Callable[[Row], Any]
    wanted: frozenset[Any]

    def __call__(self, row: Row) -> bool:
        found = self.get(row)
        return found is not None and found in self.wanted


def _joined(tests: list[Test]) -> list[Test]:
    """`extId='A1' OR extId='A2' OR ...` looks a value up once: a client asks for a hundred that way, and a
    list has many thousand rows."""
    equal: dict[str, _Equals] = {}
    others = [test for test in tests if not isinstance(test, _Equals)]
    for test in tests:
        if isinstance(test, _Equals):
            known = equal.get(test.field, test)
            equal[test.field] = replace(known, wanted=known.wanted | test.wanted)
    return [*equal.values(), *others]


def _holds(found: Any, operator: str, wanted: Any) -> bool:
    if isinstance(found, datetime) != isinstance(wanted, datetime):
        return False
    made: dict[str, bool] = {
        "<>": found != wanted,
        ">": found > wanted,
        ">=": found >= wanted,
        "<": found < wanted,
        "<=": found <= wanted,
    }
    return made[operator]


def _like(text: str, capitals: bool) -> re.Pattern[str]:
    # known: document - LIKE with %; known: guessed - _ stands for one character, as in SQL
    signs = {"%": ".*", "_": "."}
    return re.compile(
        "".join(signs.get(sign) or re.escape(sign) for sign in text), re.S if capitals else re.S | re.I
    )
