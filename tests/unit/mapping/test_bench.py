"""The benchmark's contestants agree; its speeds are measured elsewhere, on a quiet machine."""

import pytest

pytest.importorskip("lxml")

from bench.mapping.run import run


def test_contestants_agree_and_money_is_exact() -> None:
    figures = run(rounds=1, count=300, money_lines=2000)
    assert figures["mapping, money lines wrong of 2000"]["ok"]
    assert len(figures) == 5
