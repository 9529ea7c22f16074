"""Walking lists that behave badly: no walk loops, none loses a row that was announced."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.systems.sage_accounting.lists import Lists


@dataclass
class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        return None


@dataclass
class Pages:
    """Answers in turn, the last one for ever."""

    answers: list[Any]
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, doing: str, params: dict[str, str]) -> Any:
        self.asked.append(params["page"])
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def page(number: int, total: int | None, *ids: str, more: bool = False) -> dict[str, Any]:
    return {
        "$total": total,
        "$page": number,
        "$next": f"/x?page={number + 1}" if more else None,
        "$items": [{"id": one} for one in ids],
    }


@pytest.mark.parametrize(
    ("answers", "ids", "calls"),
    [
        ([page(1, 0)], [], 1),
        ([page(1, 3, "a", "b", more=True), page(2, 3, "c")], ["a", "b", "c"], 2),
        (
            [page(1, 2, "a", "b", more=True)],
            ["a", "b"],
            1,
        ),  # all announced were met: the next page is not asked for
        ([page(1, None, "a", more=True), page(2, None, "b")], ["a", "b"], 2),
        (
            [page(1, 9, "a", more=True), page(1, 9, "a", more=True)],
            ["a"],
            6,
        ),  # does not advance: three walks, then the end
        ([page(1, 3, "a", "b", more=True), page(2, 2, "c"), page(1, 2, "b", "c")], ["a", "b", "c"], 2),
        (
            [page(1, 3, "a", "b", more=True), page(2, 2), page(1, 2, "b", "c")],
            ["a", "b", "c"],
            3,
        ),  # c moved to page 1
        ([page(1, 3, "a", "b", more=True), page(2, 3, "b", "c")], ["a", "b", "c"], 2),
    ],
)
def test_every_row_is_given_once(answers: list[Any], ids: list[str], calls: int) -> None:
    pages = Pages(answers)
    batches = list(Lists(pages, Clock()).batches("/x", {}, 2))  # type: ignore[arg-type]
    assert [row["id"] for batch in batches for row in batch.rows] == ids and len(pages.asked) == calls
    assert [batch.last for batch in batches] == [False] * (len(batches) - 1) + [True]


@pytest.mark.parametrize("answer", [None, [], {}, {"$items": None}, {"$items": ["a"]}])
def test_an_answer_that_is_no_list_is_not_taken_for_an_empty_one(answer: Any) -> None:
    with pytest.raises(Unavailable):
        Lists(Pages([answer]), Clock()).all("/x", {})  # type: ignore[arg-type]
