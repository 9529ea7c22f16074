"""S13 under any edit of lines in Vtiger. In a short run all examples share one pair of systems."""

from functools import cache
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.lines import ACCOUNTS, Row, check
from tests.properties.profiles import examples
from tests.stories.drafts import Invoices

ROWS = st.tuples(
    st.sampled_from(["W", "C", "B"]),
    st.integers(1, 3),
    st.sampled_from([10, 20]),
    st.sampled_from(["", "blue"]),
)
_NUMBERS = count()


@cache
def shared() -> Invoices:
    return Invoices()


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Row], list[str], list[Row]]:
    """Lines, their accounts, and the lines after some were edited, deleted, moved or added."""
    rows = draw(st.lists(ROWS, min_size=1, max_size=5))
    accounts = [draw(st.sampled_from(ACCOUNTS)) for _ in rows]
    after = list(rows)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(after) - 1))
        kind = draw(st.sampled_from(["edit", "edit", "delete", "move", "add"]))
        if kind == "edit":
            after[at] = (after[at][0], *draw(ROWS)[1:])
        elif kind == "delete" and len(after) > 1:
            after.pop(at)
        elif kind == "move":
            after.append(after.pop(at))
        elif kind == "add":
            after.insert(at, draw(ROWS))
    return rows, accounts, after


@examples(60)
@given(edits())
def test_no_fact_of_a_line_is_lost_that_neither_side_changed(
    made: tuple[list[Row], list[str], list[Row]],
) -> None:
    rows, accounts, after = made
    check(shared(), f"inv{next(_NUMBERS)}", rows, accounts, after)
