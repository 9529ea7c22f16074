"""The log goes back to its first row: by search, filters and pages, all of them in the address."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.console.pages import export
from shared.domain.link import LogRow, Outcome, OutcomeKind
from shared.domain.run_ids import hook_run_id, new_run_id
from shared.ports import Run
from tests.browser.console_world import Console
from tests.stories.orders import SUGAR, Orders


class Logged:
    """A console whose log holds what a test puts there."""

    def __init__(self) -> None:
        here = Orders()
        self.console, self.rig = Console(here.rig), here.rig
        self.count = 0

    def row(
        self, name: str, kind: OutcomeKind = "skipped", run: str = "", ago: float = 0, **parts: str
    ) -> None:
        at = self.rig.clock.now() - timedelta(minutes=ago)
        self.count += 1
        entity, rule = parts.get("entity", "sales_order"), parts.get("rule", "")
        outcome = Outcome(kind, f"because of {name}", rule)  # type: ignore[arg-type]
        records = {"sage_50": ("id-" + name, parts.get("number", ""), "")}
        made = LogRow(
            at,
            run or new_run_id(at),
            SUGAR,
            entity,
            "record-" + "i" * self.count,
            "poll",
            outcome,
            label=name,
            records=records,
        )
        self.rig.stores.log.append([made])

    def names(self, **query: str) -> list[str]:
        """All that the pages of this search show, one after another."""
        found, address = list[str](), self.console.get("log", **query)
        while True:
            found += re.findall(r'class="name" href="[^"]*"[^>]*>([^<]*)</a>', address.body)
            older = re.search(r'class="button" href="([^"]*)"', address.body)
            if older is None:
                return found
            page, _, asked = older[1].replace("&amp;", "&").partition("?")
            from urllib.parse import parse_qsl

            address = self.console.ask("GET", page, query=dict(parse_qsl(asked)))


@pytest.fixture
def log() -> Logged:
    return Logged()


def test_f4_every_row_ever_logged_can_be_reached(log: Logged) -> None:
    for number in range(130):
        log.row(f"deal {number:03}", ago=number)
    assert log.names() == [f"deal {number:03}" for number in range(130)]
    assert log.names(q="12") == ["deal 012", "deal 112", *[f"deal 12{n}" for n in range(10)]]


def test_k1_what_came_by_webhook_is_on_the_first_page(log: Logged) -> None:
    """However many rows polls have written since the hour of the webhooks began."""
    now = log.rig.clock.now()
    for number in range(80):
        log.row(f"polled {number}", ago=1 + number)
    log.row("Guiseley Garden Centre", "created", run=hook_run_id(now, SUGAR, "sales_order"))
    assert "Guiseley Garden Centre" in log.console.get("log").body
    assert log.names()[0] == "Guiseley Garden Centre"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "FENW"}, ["Fenwick two", "Fenwick one"]),
        ({"q": "id-Otley"}, ["Otley"]),
        ({"q": "SO-77"}, ["Otley"]),
        ({"outcome": "held"}, ["Fenwick two"]),
        ({"entity": "account"}, ["Acme"]),
        ({"rule": "amount_size"}, ["Fenwick one"]),
        ({"q": "fenwick", "outcome": "created"}, []),
        ({"since": "2026-11-22", "until": "2026-11-22"}, ["Otley"]),
        ({"until": "2026-11-21"}, ["Acme"]),
    ],
)
def test_search_and_filters_narrow_it_down(log: Logged, query: dict[str, str], found: list[str]) -> None:
    assert f"{log.rig.clock.now():%Y-%m-%d}" == "2026-11-23"
    log.row("Acme", "created", entity="account", ago=3 * 24 * 60)
    log.row("Otley", "created", number="SO-77", ago=24 * 60)
    log.row("Fenwick one", rule="amount_size", ago=2)
    log.row("Fenwick two", "held", ago=1)
    assert log.names(**query) == found
    assert "Nothing in the log is like this" in log.console.get("log", q="nowhere").body


def test_a_search_that_finds_nothing_soon_says_how_far_it_looked(
    log: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.console.pages import log as page
    from shared.operations.log_search import search

    monkeypatch.setattr(page, "search", lambda log, wanted, before: search(log, wanted, before, look=20))
    for number in range(70):
        log.row(f"deal {number:02}", ago=number)
    log.row("the first", ago=100)
    assert "Looked back to" in log.console.get("log", q="the first").body
    assert log.names(q="the first") == ["the first"]


def test_a_number_of_a_run_opens_its_records(log: Logged) -> None:
    run = new_run_id(log.rig.clock.now())
    log.rig.stores.log.put_run(Run(run, "poll", "sales_order", SUGAR, log.rig.clock.now(), state="done"))
    log.rig.stores.log.count(run, {"held": 1, "skipped": 2})
    log.row("mine", "held", run=run)
    log.row("another", "held")
    body = log.console.get("runs").body
    assert f'/demo/log?run={run}&amp;outcome=held">' in body and "2 skipped" in body
    assert log.names(run=run, outcome="held") == ["mine"]


def test_quiet_runs_are_one_line_and_older_ones_are_behind_a_link(log: Logged) -> None:
    for number in range(150):
        at = log.rig.clock.now() - timedelta(minutes=number)
        log.rig.stores.log.put_run(
            Run(new_run_id(at), "poll", "sales_order", SUGAR, at, at, "done", f"run {number}.")
        )
    first = log.console.get("runs").body
    assert "100 readings found nothing new" in first and "run 149" not in first.lower()
    before = re.search(r'before=([^"]*)"', first)
    assert before and "50 readings found nothing new" in log.console.get("runs", before=before[1]).body


def test_files_hold_what_the_page_shows_and_all_pages_of_it(log: Logged) -> None:
    for number in range(70):
        log.row(f"deal {number}", "held" if number % 2 else "skipped", ago=number)
    rows = list(csv.DictReader(io.StringIO(log.console.get("log.csv", outcome="held").body.lstrip("\ufeff"))))
    assert [row["name"] for row in rows] == [f"deal {number}" for number in range(1, 70, 2)]
    told = json.loads(log.console.get("log.json", q="deal 69").body)
    assert told["rows"][0]["reason"] == "because of deal 69" and told["more"] is False
    reply = log.console.get("log.csv").payload()
    assert 'filename="tieout-demo-log-' in reply["headers"]["Content-Disposition"]
    assert log.console.get("log.csv", outcome="nonsense").status == 404


def test_echoes_are_left_out_until_they_are_asked_for(log: Logged) -> None:
    log.row("echo", "unchanged")
    log.row("news", "updated")
    assert log.names() == ["news"] and log.names(outcome="unchanged") == ["echo"]


def test_a_file_that_holds_not_all_says_so(log: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 5)
    for number in range(6):
        log.row(f"deal {number}", ago=number)
    assert log.console.get("log.csv").body.splitlines()[-1] == export.MORE
    assert json.loads(log.console.get("log.json").body)["more"] is True
    assert "narrow" not in log.console.get("log.csv", q="deal 1").body


@pytest.mark.parametrize("page", ["log", "log.csv", "log.json", "api/log"])
@pytest.mark.parametrize("day", ["9999-12-31", "0000-01-01", "2026-02-30", "today"])
def test_a_day_that_cannot_be_is_not_found(log: Logged, page: str, day: str) -> None:
    assert log.console.get(page, until=day).status == 404


def test_a_file_looks_through_so_many_rows_and_no_more(log: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "LOOK", 20)
    for number in range(40):
        log.row(f"deal {number}", ago=number)
    walked, plain = [0], log.rig.stores.log.walk

    def walk(**how: Any) -> Iterator[Any]:
        for one in plain(**how):
            walked[0] += 1
            yield one

    monkeypatch.setattr(log.rig.stores.log, "walk", walk)
    found = json.loads(log.console.get("log.json", q="deal 3").body)
    assert [row["name"] for row in found["rows"]] == ["deal 3"] and found["more"] is True
    assert walked[0] <= 21
    assert log.console.get("log.csv", q="deal 39").body.splitlines()[-1] == export.MORE
