"""What it costs to watch orders after they were made, and to look again before each is made.

A day of polls and its sweep are counted over real HTTP, on emulated vendors that hold all orders; the looks
before a create on a ledger that takes as long as a real one, in time that is skipped.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.figures import Figures, at_most, exactly, told
from bench.site import SETTLE_SECONDS, Site, open_site, vendors
from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from shared.bootstrap import REGISTRY
from shared.domain.keys import link_id, target_key
from shared.domain.link import Base, Link, Outcome, Side
from shared.operations.reconcile import sweep
from shared.operations.watch_slice import SLICE
from shared.ports import Commit, System
from shared.sync.engine import watch
from shared.systems._parts import ConnectorParts

POLLS, OPEN_SHARE, BATCH = 96, 50, 50
FIRST_NUMBER = 1001
SEARCHES = 1.2
"""For each hundred orders that are looked at: six or seven blocks of the closed ones, by the day's date."""
LONG_AGO = "2026-01-05 10:00:00"
"""When all of them were entered; what was entered just now would be on the list of changes."""
LISTS = {"v11": "POST /Opportunities/filter", "v4_1": "v4_1 get_entry_list"}

ITEM_OF_ITS_OWN = {"systems/sugarcrm/sales_order.toml": '[line]\nsku = { constant = "BOLT" }\n'}


def run(orders: int = 100_000) -> Figures:
    """Figures by name. One in fifty orders is open, the newest ones."""
    figures: Figures = {}
    for api in ("v11", "v4_1"):
        figures |= _day(api, orders)
    with vendors() as addresses:
        for pace, most in ((0.1, 0.02), (2.0, 0.2)):
            figures |= _looks(addresses, pace, most)
    return figures


def _day(api: str, orders: int) -> Figures:
    name = f"watching {orders} orders of which {orders // OPEN_SHARE} open, {api}: a day's"
    with _filled(api, orders) as here:
        for _ in range(4):  # the list comes to rest
            assert here.tick()
            here.clock.sleep(900)
        here.forget_calls()
        for _ in range(POLLS):
            assert here.tick(), "a poll was stopped"
            here.clock.sleep(900)
        services = here.services(900)
        swept = sweep(services)
        services.close()
        assert not swept.stopped and not swept.note, swept.message()
        assert swept.looked_at >= orders // OPEN_SHARE and swept.queued == 0, swept.message()
        sugar, sage = here.sugar_calls(), here.sage_calls()
    lists = {one: number for one, number in sugar.items() if "login" not in one and "oauth2" not in one}
    words = ", ".join(f"{number} {one}" for one, number in sorted(lists.items()))
    return {
        f"{name} SugarCRM calls": at_most(sum(lists.values()), 120, "calls", words),
        f"{name} Sage searches": at_most(
            sum(sage.values()), round(swept.looked_at / SLICE * SEARCHES), "calls", ", ".join(sorted(sage))
        ),
        f"{name} orders looked at": told(swept.looked_at, "orders", "open ones and a thirtieth of the rest"),
    }


class Watched(Site):
    """A site whose services a benchmark may have."""

    def services(self, seconds: float) -> Any:
        services = self._services()
        services.deadline = self.clock.now() + timedelta(seconds=seconds)
        return services


@contextmanager
def _filled(api: str, orders: int) -> Iterator[Watched]:
    ledger = hyperaccounts(HyperOptions())
    with serve(sugarcrm(SugarOptions(cron_seconds=0))) as crm, serve(ledger) as sage:
        plain = open_site((crm.url, sage.url), api)
        here = Watched(plain.sugar, plain.sage, plain.clock, plain.world, None)
        here.accounts(1)
        here.post(here.sugar, "clock", {"freeze": f"{LONG_AGO.replace(' ', 'T')}+00:00"})
        for start in range(0, orders, 2000):
            _opportunities(here, range(start, min(start + 2000, orders)))
        here.post(here.sugar, "clock", {"freeze": False})
        _orders(ledger.state.service.ledger, orders)
        _links(here, orders)
        yield here


def _opportunities(here: Site, numbers: range) -> None:
    rows = [
        {
            "id": f"opp-{number}",
            "name": f"Shelving, part {number}",
            "amount": "100.00",
            "currency_id": "-99",
            "date_closed": "2026-11-20",
            "date_modified": LONG_AGO,
            "sales_stage": "Closed Won",
            "account_id": "account-0",
            "sales_order_no_c": str(FIRST_NUMBER + number),
        }
        for number in numbers
    ]
    here.post(here.sugar, "opportunities", rows)


def _orders(ledger: Any, orders: int) -> None:
    """Straight into the emulated company: a person would need years."""
    shape = ledger.new("ORDER", {"ACCOUNT_REF": "CUST0000", "ITEMS_NET": Decimal("100.00"), "LINES": []})
    for number in range(orders):
        key = target_key(link_id("main", "sales_order", "sugarcrm", f"opp-{number}"), 0)
        own = {"ORDER_NUMBER": FIRST_NUMBER + number, "CUST_ORDER_NUMBER": key}
        done = {} if _is_open(number, orders) else {"DESPATCH_STATUS_CODE": 2}
        ledger.orders[FIRST_NUMBER + number] = {**shape, **own, **done}
    ledger.next_order = FIRST_NUMBER + orders


def _is_open(number: int, orders: int) -> bool:
    return number >= orders - orders // OPEN_SHARE


def _links(here: Watched, orders: int) -> None:
    services = here.services(900)
    at, flow = datetime.now(UTC), services.flow
    source = flow.entities["sales_order"].maps["sugarcrm"]
    spec = watch.narrow(flow.entities["sales_order"], source)
    seen = dict(services.systems["sugarcrm"].look_over(spec, ["opp-0"])["opp-0"].values)
    line = {"sku": "S1", "quantity": Decimal(1), "unit_price": Decimal("100.00")}
    for number in range(orders):
        order, key = str(FIRST_NUMBER + number), link_id("main", "sales_order", "sugarcrm", f"opp-{number}")
        sides = {
            "sugarcrm": Side(f"opp-{number}", "1", {**seen, "sales_order_no_c": order}, {"number": 1}),
            "sage_50": Side(
                order, None, {"dispatchStatus": 0 if _is_open(number, orders) else 2}, label=order
            ),
        }
        base = {
            "number": Base(order, 1, "sage_50"),
            "customer_ref": Base("CUST0000", 1, "sugarcrm"),
            "lines": Base([line], 1, "sugarcrm"),
        }
        link = Link(key, "sales_order", "sugarcrm", f"opp-{number}", base=base, sides=sides)
        made = Outcome("created", "made")
        services.stores.links.commit(
            Commit(
                Link(**{**link.__dict__, "outcome": made, "rules_version": flow.version, "updated_at": at}),
                0,
                "bench",
            ),
            at,
        )
    services.close()


class Slow:
    """A ledger that takes `pace` seconds for each create."""

    def __init__(self, system: System, clock: Any, pace: float) -> None:
        self._system, self._clock, self._pace = system, clock, pace

    def create(self, *given: Any) -> Any:
        self._clock.sleep(self._pace)
        return self._system.create(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._system, name)


def _looks(addresses: tuple[str, str], pace: float, most: float) -> Figures:
    """Of the shipped flow, whose lines have no item of their own, and of one that sells an item."""
    name = f"second look before a create, {pace:g} s a create:"
    calls, sugar, sage = _slowly(addresses, pace, 1)
    searches = sum(number for one, number in sage.items() if "search" in one)
    item_calls, _, item_sage = _slowly(addresses, pace, 2 * BATCH, ITEM_OF_ITS_OWN)
    singles = item_sage.get("GET customer", 0) / (2 * BATCH)
    return {
        f"{name} SugarCRM calls per order": at_most(
            calls, most, "calls", f"{sugar} for {2 * BATCH} orders in batches of {BATCH}"
        ),
        f"{name} Sage searches per order": at_most(
            searches / (2 * BATCH), 2 * most, "calls", "what is asked of the customer is two searches a look"
        ),
        f"{name} customers read singly": exactly(
            sage.get("GET customer", 0), 0, "calls", "no line has an item of its own"
        ),
        f"{name} with an item of its own: SugarCRM calls per order": at_most(item_calls, most, "calls"),
        f"{name} with an item of its own: reads per distinct customer and batch": at_most(
            singles, 1, "calls", f"{2 * BATCH} orders of as many customers"
        ),
    }


def _slowly(
    addresses: tuple[str, str], pace: float, customers: int, rules: Mapping[str, str] | None = None
) -> tuple[float, int, dict[str, int]]:
    """SugarCRM's calls for each order, how many they were, and all calls of Sage, for two batches."""
    here = open_site(addresses, "v11", rules=rules)

    def slow(parts: ConnectorParts) -> Any:
        return Slow(REGISTRY["sage_50"](parts), here.clock, pace)

    here._registry = {**{name: REGISTRY[name] for name in REGISTRY}, "sage_50": slow}
    here.accounts(customers)
    here.post(here.sage, "products", [{"stockCode": "BOLT", "taxCode": 1}])
    here.won(2 * BATCH, accounts=customers)
    assert here.tick()
    here.forget_calls()
    made = len(here.orders())
    here.drain(BATCH)
    made = len(here.orders()) - made
    assert made == 2 * BATCH and not here.failed, (made, here.failed)
    assert SETTLE_SECONDS
    calls = here.sugar_calls().get(LISTS["v11"], 0)
    return calls / made, calls, here.sage_calls()
