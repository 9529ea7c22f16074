"""A page of the console costs what is on it, however many polls found nothing to do in the meantime."""

import pytest

from bench.console import PAGES, Stored, _page


@pytest.mark.parametrize("page", PAGES)
def test_f14_eight_thousand_quiet_runs_cost_no_page_a_read(page: str) -> None:
    """At 3,840 of them the first page took ten seconds once, and a list of failures was not answered."""
    path, query = PAGES[page]
    few, many = (_page(1000, quiet, path, query, rounds=1)[:2] for quiet in (100, 7_680))
    assert many[0] <= few[0] <= 12 and many[1] <= few[1] * 1.5


def test_f14_asking_run_by_run_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own check: a store that looks into every run."""
    plain = Stored._answer

    def each(self: Stored, asked: dict[str, object]) -> dict[str, object]:
        found = plain(self, asked)
        self.requests += self._quiet
        return found

    monkeypatch.setattr(Stored, "_answer", each)
    with pytest.raises(AssertionError):
        test_f14_eight_thousand_quiet_runs_cost_no_page_a_read("log")
