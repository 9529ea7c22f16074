"""Whether a limit is enough for the polls, and how long a first load takes under it."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.domain.call_costs import of_new_record
from shared.mapping.compile import compile_flow
from shared.operations.call_limits import enough_for_polls, long_it_takes, quiet_calls
from shared.settings import EVERY, Connection, Integration
from shared.stores.memory import MemoryWorld
from shared.sync.engine.preview import Forecast
from tests.properties.ports import Ticker

TWO_WAY, ORDERS = "vtiger--sage_accounting", "sugarcrm--sage_50"


def services(flow: str, intervals: dict[str, int] | None = None, **options: Any) -> Any:
    """`options`: system -> its settings."""
    clock = Ticker()
    compiled = compile_flow(flow)
    connections = {name: Connection(name, options.get(name, {})) for name in (compiled.crm, compiled.sage)}
    return SimpleNamespace(
        flow=compiled,
        integration=Integration("main", flow, connections, intervals=intervals or {}),
        stores=MemoryWorld(clock.now).stores("main"),
        clock=clock,
    )


def new(count: int, system: str = "sage_accounting", entity: str = "account") -> list[tuple[str, Forecast]]:
    return [(entity, Forecast(str(n), "", "create", "", {system: {"name": "x"}})) for n in range(count)]


def test_every_list_counts_with_its_own_calls_and_interval() -> None:
    assert quiet_calls(services(TWO_WAY), "sage_accounting") == 96 * (4 + 2 + 4 + 2 + 2 + 1)
    assert quiet_calls(services(TWO_WAY), "vtiger") == 96 * 5
    hourly = services(TWO_WAY, {EVERY: 60, "invoice": 15})
    assert quiet_calls(hourly, "sage_accounting") == 24 * (4 + 2 + 4 + 2 + 1) + 96 * 2
    often = services(TWO_WAY, {EVERY: 5})
    assert quiet_calls(often, "vtiger") == 288 * 5, "the clock ticks as often as the smallest interval"
    assert quiet_calls(services(ORDERS), "sugarcrm") == 96


@pytest.mark.parametrize(
    ("daily", "says"),
    [
        ("1000", "more than the 1000 of daily_calls, so nothing else can be done"),
        ("1440", "more than the 1440"),
        ("2500", "of the 2500 of daily_calls 1060 are left for records"),
        ("2900", ""),
        ("", ""),
    ],
)
def test_check_warns_of_a_limit_that_barely_covers_the_polls(daily: str, says: str) -> None:
    found = enough_for_polls(services(TWO_WAY, sage_accounting={"daily_calls": daily}), "sage_accounting")
    assert bool(found) == bool(says)
    for one in found:
        assert (one.level, one.subject) == ("warning", "daily_calls")
        assert says in one.message and "about 1440 calls in 24 hours" in one.message
        assert "Sage Accounting" in one.message and "intervals" in one.message


def test_the_other_direction_and_another_flow_are_warned_of_too() -> None:
    crm = services(TWO_WAY, vtiger={"daily_calls": "500"})
    assert "480 calls" in enough_for_polls(crm, "vtiger")[0].message
    assert enough_for_polls(crm, "sage_accounting") == []
    assert enough_for_polls(services(ORDERS, sugarcrm={"daily_calls": "100"}), "sugarcrm")
    assert enough_for_polls(services(ORDERS, sugarcrm={"daily_calls": "1000"}), "sugarcrm") == []


def test_preview_says_how_long_a_first_load_takes_under_the_limits() -> None:
    here = services(TWO_WAY, sage_accounting={"daily_calls": "2500", "per_minute": "100"})
    (said,) = long_it_takes(here, new(1000) + new(1000, entity="contact") + new(300, entity="product"))
    assert "about 2760 calls to Sage Accounting" in said and "100 calls a minute and 2500 in 24 hours" in said
    assert "polling takes 1440 of them" in said and said.endswith("at least 3 days.")


def test_what_was_called_today_is_not_there_any_more_and_minutes_count_alone() -> None:
    here = services(TWO_WAY, sage_accounting={"per_minute": "60"})
    (said,) = long_it_takes(here, new(1000))
    assert said.endswith("at least 20 minutes.") and "polling" not in said
    none = services(TWO_WAY, sage_accounting={"daily_calls": "1000"})
    (never,) = long_it_takes(none, new(1))
    assert never.endswith("polling alone takes 1440 of them a day, so it would not end.")


@pytest.mark.parametrize(
    ("system", "entity", "flow"),
    [
        ("sage_50", "sales_order", ORDERS),
        ("vtiger", "account", TWO_WAY),
        ("sage_accounting", "invoice", TWO_WAY),
    ],
)
def test_every_system_is_told_by_its_own_calls(system: str, entity: str, flow: str) -> None:
    here = services(flow, None, **{system: {"per_minute": "10"}})
    (said,) = long_it_takes(here, new(100, system, entity))
    assert f"about {int(100 * of_new_record(system, entity))} calls" in said


def test_without_a_limit_or_without_anything_to_write_nothing_is_said() -> None:
    assert long_it_takes(services(TWO_WAY), new(1000)) == []
    limited = services(TWO_WAY, sage_accounting={"per_minute": "60"})
    assert long_it_takes(limited, []) == []
    assert long_it_takes(limited, new(10, "vtiger")) == []
    update = [("account", Forecast("1", "", "update", "", {"sage_accounting": {"name": "x"}}))]
    assert "about 2 calls" in long_it_takes(limited, update)[0]
