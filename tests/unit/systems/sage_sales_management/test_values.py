"""Rows of the vendor as native values."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.systems.sage_sales_management.values import is_deleted, moment, native, version_of

ROW: dict[str, Any] = {
    "id": 399,
    "countryId": {"id": 112, "value": "Italy"},
    "rateId": None,
    "managerId": {"description": " ", "id": -1},
    "userTypeId": {"description": "Manager", "id": 3},
    "salesRepExtId": "REP1",
    "price": Decimal("10.10"),
    "readOnly": False,
    "dateDeleted": "1899-12-30T00:00:00Z",
    "date": "2018-10-10T00:00:00Z",
}


@pytest.mark.parametrize(
    "path, value",
    [
        ("id", "399"),
        ("countryId", "112"),
        ("countryId/value", "Italy"),
        ("rateId", None),
        ("rateId/value", ""),
        ("managerId", ""),
        ("managerId/value", ""),
        ("userTypeId/value", "Manager"),
        ("salesRepExtId", "REP1"),
        ("price", Decimal("10.10")),
        ("readOnly", False),
        ("dateDeleted", ""),
        ("date", "2018-10-10T00:00:00Z"),
        ("nothing", None),
    ],
)
def test_a_value_as_rules_see_it(path: str, value: Any) -> None:
    assert native(ROW, path) == value


@pytest.mark.parametrize(
    "text, at",
    [
        ("2021-11-25T12:30:31.18Z", datetime(2021, 11, 25, 12, 30, 31, 180000, UTC)),
        ("2021-04-26T16:47:10.1Z", datetime(2021, 4, 26, 16, 47, 10, 100000, UTC)),
        ("2018-10-10T00:00:00Z", datetime(2018, 10, 10, tzinfo=UTC)),
        ("2018-10-10 00:00:00", datetime(2018, 10, 10, tzinfo=UTC)),
        ("1899-12-30T00:00:00Z", None),
        ("1900-01-01T00:00:00Z", None),
        (None, None),
        ("", None),
    ],
)
def test_moments_with_all_their_decimals_and_never(text: Any, at: datetime | None) -> None:
    assert moment(text) == at


def test_what_is_no_moment_is_an_odd_answer() -> None:
    with pytest.raises(Unavailable, match="soon"):
        moment("soon")


@pytest.mark.parametrize(
    "row, deleted",
    [
        ({"deleted": False, "dateDeleted": "1899-12-30T00:00:00Z"}, False),
        ({"deleted": False, "dateDeleted": "2026-01-01T00:00:00Z"}, False),
        ({"deleted": True, "dateDeleted": None}, True),
        ({"deleted": 0}, False),
        ({"deleted": 1}, True),
        ({}, False),
    ],
)
def test_deleted_is_what_the_row_says_and_no_date(row: dict[str, Any], deleted: bool) -> None:
    assert is_deleted(row) == deleted


def test_a_version_is_the_latest_of_all_dates_of_all_rows() -> None:
    head = {"dateCreated": "2026-11-21T10:00:00Z", "dateUpdated": None, "dateDeleted": "1900-01-01T00:00:00Z"}
    line = {"dateCreated": "2026-11-21T10:00:01.5Z"}
    assert version_of(head) == "2026-11-21T10:00:00.000+00:00"
    assert version_of(head, line) == "2026-11-21T10:00:01.500+00:00"
    assert version_of({}) is None
