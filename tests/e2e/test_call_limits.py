"""Calls to a vendor that the settings limit: none too many is made, nothing is lost, and whoever looks is
told until when."""

from datetime import timedelta

from local.cli._calls import lines
from shared.operations.call_counts import calls_of
from tests.e2e.sales_world import CRM, SAGE, SalesWorld, sales_world

CUSTOMERS = 60


def fill(here: SalesWorld, customers: int = CUSTOMERS) -> None:
    for number in range(customers):
        here.customer(
            f"C{number:03}", name=f"Customer {number}", address1="1 High St", email=f"c{number}@x.test"
        )


def made(here: SalesWorld, desk: str = "crm") -> int:
    found = getattr(here, desk).ask("GET", "calls")
    return sum(found.get("calls", found).values())


def told(here: SalesWorld) -> list[str]:
    now, integration = here.clock.now(), here.world.integrations.load("main")
    return lines(calls_of(integration, here.stores, here.stores.parks.count(), now))


def test_a_day_that_is_used_up_parks_and_the_next_goes_on() -> None:
    with sales_world(options={CRM: {"daily_calls": "22"}}) as here:
        fill(here)
        here.cycle()
        here.cycle()
        assert made(here) == 22, "no call too many"
        assert len(here.rows("accounts")) < CUSTOMERS
        assert any("10 records with the 22 calls" in line for line in told(here)), told(here)
        gate = here.stores.gate.read([CRM])[CRM]
        assert gate.state == "cooling"
        assert "the 22 calls in 24 hours that the settings allow to Sage Sales Management" in gate.reason
        for days in range(2, 4):
            here.wait(timedelta(hours=25).total_seconds())
            here.cycle()
            assert made(here) <= 22 * days
        assert len(here.rows("accounts")) == CUSTOMERS
        assert here.failed == []


def test_a_minute_that_is_full_is_waited_for_and_every_call_is_counted() -> None:
    with sales_world(options={CRM: {"per_minute": "8"}, SAGE: {"per_minute": "40"}}) as here:
        fill(here, 12)
        here.cycle()
        here.cycle()
        assert len(here.rows("accounts")) == 12
        assert here.stores.gate.read([CRM])[CRM].state == "ok"
        days = {(here.clock.now() - timedelta(days=back)).date().isoformat() for back in (0, 1)}
        assert sum(here.stores.calls.of(day).get(CRM, 0) for day in days) == made(here) > 2 * 8
        assert any("(8 calls a minute allowed)" in line for line in told(here)), told(here)
