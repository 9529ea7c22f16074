"""The query language: one module, conditions with AND and OR, one column of order, a limit, and a
semicolon."""

import re
from dataclasses import dataclass, field

from local.vendors.vtiger.errors import VtigerError

_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(<=|>=|!=|[=<>,;*()])|([^\s'<>=!,;*()]+)|(\S))")
_WORDS = {"select", "from", "where", "and", "or", "order", "by", "asc", "desc", "limit", "in", "like"}
_OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "like", "in")


@dataclass(frozen=True)
class Condition:
    """`joined` is how it is connected to the previous one: and, or."""

    joined: str
    column: str
    operator: str
    values: tuple[str, ...]


@dataclass
class Query:
    """`columns` is empty for `*`, and `("count(*)",)` for a count."""

    module: str = ""
    columns: tuple[str, ...] = ()
    conditions: list[Condition] = field(default_factory=list)
    order: str = ""
    descending: bool = False
    offset: int = 0
    limit: int = 100


def parse(text: str) -> Query:
    """Raises VtigerError: QUERY_SYNTAX_ERROR, or INTERNAL_SERVER_ERROR for a comparison with the empty
    text."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [match.group().strip() for match in _TOKEN.finditer(text)]
        self.place = 0

    def query(self) -> Query:
        query = Query()
        self._word("SELECT")
        query.columns = self._columns()
        self._word("FROM")
        query.module = self._name("MODULENAME")
        if self._take("where"):
            self._conditions(query)
        if self._take("order"):
            self._word("BY")
            query.order = self._name("COLUMNNAME")
            query.descending = self._take("desc") or (self._take("asc") and False)
        if self._take("limit"):
            self._limit(query)
        self._word(";")
        if self.place < len(self.tokens):
            self._fail("the end")
        return query

    def _columns(self) -> tuple[str, ...]:
        if self._take("*"):
            return ()
        if self._peek() == "count":
            self._word("count")
            for part in "(*)":
                self._word(part)
            return ("count(*)",)
        names = [self._name("COLUMNNAME")]
        while self._take(","):
            names.append(self._name("COLUMNNAME"))
        return tuple(names)

    def _conditions(self, query: Query) -> None:
        joined = "and"
        while True:
            query.conditions.append(self._condition(joined))
            joined = self._peek()
            if joined not in ("and", "or"):
                return
            self.place += 1

    def _condition(self, joined: str) -> Condition:
        name = self._name("COLUMNNAME")
        operator = self._peek()
        if operator not in _OPERATORS:
            self._fail("=, !=, <, >, <=, >=, LIKE, IN")
        self.place += 1
        return Condition(joined, name, operator, self._list() if operator == "in" else (self._value(),))

    def _list(self) -> tuple[str, ...]:
        self._word("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._word(")")
        return tuple(values)

    def _value(self) -> str:
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        if token[:1] == "'" and len(token) > 1:
            value = token[1:-1].replace("''", "'")
        elif re.fullmatch(r"-?\d+(\.\d+)?", token):
            value = token
        else:
            self._fail("VALUE")
        self.place += 1
        if not value:
            raise VtigerError("INTERNAL_SERVER_ERROR", "Unknown Error while processing request")
        return value

    def _limit(self, query: Query) -> None:
        first = self._integer()
        if self._take(","):
            query.offset, query.limit = first, self._integer()
        else:
            query.limit = first

    def _integer(self) -> int:
        if not self._peek().isdigit():
            self._fail("INTEGER")
        self.place += 1
        return int(self.tokens[self.place - 1])

    def _name(self, expected: str) -> str:
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        if not re.fullmatch(r"[A-Za-z_][\w&]*", token) or token.lower() in _WORDS:
            self._fail(expected)
        self.place += 1
        return token

    def _peek(self) -> str:
        return self.tokens[self.place].lower() if self.place < len(self.tokens) else ""

    def _take(self, word: str) -> bool:
        if self._peek() != word:
            return False
        self.place += 1
        return True

    def _word(self, word: str) -> None:
        if not self._take(word.lower()):
            self._fail(word)

    def _fail(self, expected: str) -> None:
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        kind = f"Unexpected Unknown({token})" if token else "Unexpected Input"
        message = f"Syntax Error on line 1: token '{token}' {kind}, expected one of: {expected}"
        raise VtigerError("QUERY_SYNTAX_ERROR", message)
