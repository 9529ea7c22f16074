"""The day of an order that was entered just after midnight of a British summer."""

from datetime import UTC, datetime

from tests.e2e.vtiger_50_offices import offices


def test_an_order_of_the_first_of_july_is_of_july_in_sage() -> None:
    with offices() as here:
        here.product("W1")
        here.pair.settle()
        now = here.pair.clock.now()
        midnight = datetime(now.year + 1, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 on 1 July in London
        here.pair.wait((midnight - now).total_seconds())
        widget = str(here.named("Products", "productcode")["W1"]["id"])
        here.order(here.organisation("Acme"), here.line(widget))
        here.pair.settle()
        [order] = here.orders()
        assert order["orderDate"] == f"01/07/{midnight.year}", here.pair.tell()
        here.pair.day()
        here.pair.settle()
