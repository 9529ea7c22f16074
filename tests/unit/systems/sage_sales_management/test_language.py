"""Filters: nothing in a text can end it, and long searches are split."""

import pytest

from shared.systems.sage_sales_management import language


@pytest.mark.parametrize(
    "value, condition",
    [
        ("ACME Ltd", "name='ACME Ltd'"),
        ("Ünï", "name='Ünï'"),
        ("O'Neil", "name LIKE 'O%Neil'"),
        ('The "X"', "name LIKE 'The %X%'"),
        ("100% Wool", "name LIKE '100% Wool'"),
        ("under_score", "name LIKE 'under%score'"),
        ("x' OR name<>'", "name LIKE 'x% OR name<>%'"),
    ],
)
def test_a_text_is_searched_without_quotes_of_its_own(value: str, condition: str) -> None:
    assert language.equals("name", value) == condition


def test_many_conditions_are_several_filters_of_which_none_is_long() -> None:
    conditions = [language.is_id("id", str(number)) for number in range(1000, 1500)]
    filters = list(language.any_of(conditions))
    assert len(filters) > 1 and max(map(len, filters)) < 1600
    assert " OR ".join(one[1:-1] for one in filters) == " OR ".join(conditions)
    assert list(language.any_of([])) == []


def test_a_delta_asks_for_three_dates_and_one_known_record() -> None:
    assert language.changed_since("2026-11-21T10:00:00Z", "17") == (
        "(dateCreated>'2026-11-21T10:00:00Z' OR dateUpdated>'2026-11-21T10:00:00Z' "
        "OR dateDeleted>'2026-11-21T10:00:00Z' OR id=17)"
    )
