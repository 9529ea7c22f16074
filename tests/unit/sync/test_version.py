"""A version in whole seconds is known once it was seen after its second was over."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.link import Side
from shared.sync.version import known

AT = datetime(2026, 11, 30, 9, 0, 7, tzinfo=UTC)
VERSION = AT.isoformat()


@pytest.mark.parametrize(
    ("seconds", "is_known"), [(-3600, False), (0.4, False), (2, False), (2.1, True), (900, True)]
)
def test_it_is_known_from_the_end_of_its_second(seconds: float, is_known: bool) -> None:
    assert known(Side("14x2", VERSION, observed_at=AT + timedelta(seconds=seconds)), VERSION) is is_known


def test_another_version_a_side_that_is_gone_and_none_at_all_are_not_known() -> None:
    seen = AT + timedelta(minutes=1)
    assert not known(Side("14x2", "2026-11-30T09:00:06+00:00", observed_at=seen), VERSION)
    assert not known(Side("14x2", VERSION, observed_at=seen, gone=True), VERSION)
    assert not known(Side("14x2", VERSION), VERSION)
    assert not known(Side("14x2", None, observed_at=seen), None)
    assert not known(None, VERSION)


def test_a_version_that_is_no_time_is_known_when_seen() -> None:
    assert known(Side("14x2", "7", observed_at=AT), "7")
