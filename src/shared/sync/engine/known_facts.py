"""The facts of both lists as far as anybody asked for them, and what is made of them: the book of companies,
and who works where. Each follows the rows as they are now, so that what did not change is not made again."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from shared.sync.engine.directory import Directory
from shared.sync.engine.kept_lists import Row
from shared.sync.matching.book import Book
from shared.sync.matching.facts import Facts

Values = Mapping[str, Any]
FactsOf = Callable[[str, Values], Facts]
"""Record id and native values -> facts."""
Make = Callable[[str, Values, str], Facts]
"""The same with the customer a person belongs to."""


class Followed:
    """What was last seen of one list."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._list: Directory | None = None
        self._place = 0

    def news(self, listed: Directory) -> Iterator[tuple[str, Values | None]]:
        """Record id and values of each row that is not the one seen before; None for one that is gone. Of a
        list seen before in this batch only what came in since is looked at, of another one every row."""
        place = len(listed.changed)
        ids = listed.changed[self._place :] if listed is self._list else self._other_rows(listed)
        for one in dict.fromkeys(ids):
            row = listed.rows.get(one)
            if row is None and one in self._rows:
                yield one, None
                del self._rows[one]
            elif row is not None and self._rows.get(one) is not row:
                yield one, row[1]
                self._rows[one] = row  # only now: where making its facts fails, it is news again
        self._list, self._place = listed, place

    def end_batch(self) -> None:
        self._list = None

    def _other_rows(self, listed: Directory) -> Sequence[str]:
        gone = [one for one in self._rows if one not in listed.rows]
        return gone + [one for one, row in listed.rows.items() if self._rows.get(one) is not row]


class Companies:
    """Both lists as one book."""

    def __init__(self) -> None:
        self._book = Book("company", (), ())
        self._followed = (Followed(), Followed())

    def book(self, lists: Sequence[Directory], facts_of: Sequence[FactsOf]) -> Book:
        for side, listed in enumerate(lists):
            for one, values in self._followed[side].news(listed):
                if values is None:
                    self._book.drop(side, one)
                else:
                    self._book.put(side, facts_of[side](one, values))
        return self._book

    def end_batch(self) -> None:
        for one in self._followed:
            one.end_batch()


class Staff:
    """Native id of a customer -> ids of its people, of one list."""

    def __init__(self) -> None:
        self._followed = Followed()
        self._customers: dict[str, str] = {}
        self._staff: dict[str, dict[str, None]] = defaultdict(dict)

    def of(self, listed: Directory, path: str, customer: str) -> Sequence[str]:
        """`path` names the customer in a person's native values."""
        for one, values in self._followed.news(listed):
            self._staff[self._customers.pop(one, "")].pop(one, None)
            if values is not None:
                self._customers[one] = str(values.get(path) or "")
                self._staff[self._customers[one]][one] = None
        return [*self._staff.get(customer, ())]

    def end_batch(self) -> None:
        self._followed.end_batch()


class KnownFacts:
    """`made_with` is what else than a row its facts depend on: where that differs, none of them counts."""

    def __init__(self, made_with: Any) -> None:
        self.made_with = made_with
        self.companies = Companies()
        self.staff: dict[str, Staff] = defaultdict(Staff)
        self._facts: dict[tuple[str, str], tuple[Values, Facts]] = {}

    def of(self, system: str, record_id: str, values: Values, account: str, make: Make) -> Facts:
        """The facts of these very values."""
        known = self._facts.get((system, record_id))
        if known is None or known[0] is not values or known[1].account != account:
            known = self._facts[system, record_id] = (values, make(record_id, values, account))
        return known[1]

    def end_batch(self, lists: Mapping[str, Directory]) -> None:
        """`lists` by system, as they are by now: of who is in none of them nothing is kept."""
        self._facts = {
            (system, one): known
            for (system, one), known in self._facts.items()
            if system in lists and one in lists[system].rows
        }
        self.companies.end_batch()
        for one in self.staff.values():
            one.end_batch()
