"""Edits of lines that tell a broken engine from a whole one."""

from tests.properties.lines import check
from tests.stories.drafts import Invoices

ROWS = [("W", 1, 10, "a"), ("C", 2, 20, "b"), ("B", 3, 30, "c")]
ACCOUNTS = ["4001", "4900", "4000"]


def a_line_above() -> None:
    check(Invoices(), "inv", ROWS, ACCOUNTS, [("Z", 1, 5, "new"), *ROWS])


def one_of_two_equal_lines_gone() -> None:
    here, twice = Invoices(), [*ROWS[:2], ROWS[0]]
    assert check(here, "inv", twice, ["4001", "4900", "4002"], ROWS[:2]), "S13: which of the two was guessed"
    assert not check(here, "other", twice, ["4001", "4900", "4001"], ROWS[:2]), "S13: it makes no difference"
