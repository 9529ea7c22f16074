"""Intervals in the settings file: per edition of Sage, per integration and per entity."""

from pathlib import Path

import pytest

from local.settings_file import Settings, parse
from shared.errors import RuleInvalid

ONE = """\
[integration.{name}]
flow = "sage_sales_management--sage_50"

[integration.{name}.sage_sales_management]
owner = "office@example.com"
public_key = "p"
private_key = "k"

[integration.{name}.sage_50]
url = "http://127.0.0.1:8080"
token = "t0ken"
"""


def read(text: str, *names: str) -> Settings:
    whole = text + "".join(ONE.format(name=name) for name in names or ("main",))
    return parse(whole, Path("settings.toml"), {})


def intervals(found: Settings) -> dict[str, dict[str, int]]:
    return {one.integration.name: dict(one.integration.intervals) for one in found.integrations}


def test_without_intervals_every_list_is_polled_at_every_tick_of_fifteen_minutes() -> None:
    found = read("")
    assert intervals(found) == {"main": {}} and found.parameters == {"PollMinutes": "15"}


def test_an_interval_of_an_edition_is_for_every_integration_of_that_edition() -> None:
    editions = "[interval.uk]\nproduct = 60\n[interval.es]\ndefault = 30\n"
    spanish = '[integration.es.interval]\nedition = "es"\nproduct = 120\n'
    assert intervals(read(editions + spanish, "main", "es")) == {
        "main": {"product": 60},
        "es": {"default": 30, "product": 120},
    }


def test_the_clock_ticks_at_the_smallest_interval_and_the_rest_stays_at_fifteen_minutes() -> None:
    fast = "[integration.fast.interval]\nquotation = 5\ninvoice = 60\n"
    found = read(fast, "fast", "slow")
    assert found.parameters == {"PollMinutes": "5"}
    assert intervals(found) == {
        "fast": {"default": 15, "quotation": 5, "invoice": 60},
        "slow": {"default": 15},
    }


def test_longer_intervals_leave_the_clock_alone() -> None:
    found = read("[integration.main.interval]\ndefault = 60\ncredit_position = 240\n")
    assert found.parameters == {"PollMinutes": "15"}
    assert intervals(found) == {"main": {"default": 60, "credit_position": 240}}


@pytest.mark.parametrize(
    "table, line, words",
    [
        ("[interval.de]\nproduct = 60\n", 1, "editions are uk, es, fr"),
        ("[interval.uk]\nprodcut = 60\n", 2, "there is no list 'prodcut'"),
        ("[interval.uk]\nproduct = 4\n", 2, "write minutes, 5 to 1440"),
        ("[integration.main.interval]\nproduct = 1441\n", 2, "write minutes, 5 to 1440"),
        ("[integration.main.interval]\nservice = 30\n", 2, "there is no list 'service'"),
        ('[integration.main.interval]\nedition = "it"\n', 2, "editions are uk, es, fr"),
        ('[integration.main.interval]\nproduct = "hourly"\n', 2, "'hourly' is no interval"),
    ],
)
def test_a_fault_names_line_and_what_is_allowed(table: str, line: int, words: str) -> None:
    with pytest.raises(RuleInvalid, match=words) as caught:
        read(table)
    assert f"line {line}" in str(caught.value)
