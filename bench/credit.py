"""The credit position of many customers: what it costs to follow, and whether the CRM shows what the ledger
says.

SugarCRM and Sage 50, emulated, over real HTTP. A posting moves no time stamp of its customer there, which is
the harsher of the two readings of the vendor's silence. And fifty orders of one customer in one batch.
"""

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bench.figures import Figures, at_most, exactly, told
from bench.site import FLOW, Site, open_site
from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import SugarOptions
from shared.domain.run_ids import new_run_id
from shared.operations.poll import poll
from shared.operations.poll_tasks import CREDIT, PollTask

FIELDS = (
    ("sage_balance_c", "currency"),
    ("sage_overdue_c", "currency"),
    ("sage_credit_limit_c", "currency"),
    ("sage_account_status_c", "varchar"),
    ("sage_on_hold_c", "bool"),
)
OWING, PER_CALL, ORDERS = 0.4, 200, 50
"""The share of customers that owe something; customers a Sage call; orders of one customer."""
LIMIT = """
[sales_order.require.within_credit]
rule    = "within_credit"
field   = "customer.balance"
message = "The customer is over the credit limit in Sage."
"""


def run(customers: int = 10_000, postings: int = 2_000) -> Figures:
    options = SugarOptions(cron_seconds=0, extra_account_fields=FIELDS)
    with ExitStack() as stack:
        crm, ledger = (
            stack.enter_context(serve(app)) for app in (sugarcrm(options), hyperaccounts(HyperOptions()))
        )
        here = _Many(open_site((crm.url, ledger.url), "v11"), customers)
        return {**here.followed(postings), **_fifty(here.site)}


class _Many:
    def __init__(self, site: Site, customers: int) -> None:
        self.site, self.count = site, customers
        for start in range(0, customers, 500):
            rows = range(start, min(start + 500, customers))
            site.post(site.sage, "customers", [_customer(one) for one in rows])
            site.post(site.sugar, "accounts", [_account(one) for one in rows])
        self._post([_posting(one, "100.10", 95) for one in range(int(customers * OWING))])

    def followed(self, postings: int) -> Figures:
        name = f"credit position of {self.count} customers"
        first = self._pass()
        first_wrong = self._wrong(95)
        self._post([_posting(one, "20.05", 1) for one in range(0, self.count, self.count // postings)])
        moved = self._pass()
        wrong = self._wrong(95)
        quiet = self._pass()
        self._later(days=30)
        day = self._pass()
        late = self._wrong(125)
        most = self.count // PER_CALL
        return {
            f"{name}: first pass, wrong in the CRM": exactly(first_wrong, 0, "accounts", _told(first)),
            f"{name}: one cycle after {postings} postings, wrong in the CRM": exactly(wrong, 0, "accounts"),
            f"{name}: the same cycle's Sage list calls": at_most(_listed(moved), most, "calls", _told(moved)),
            f"{name}: quiet cycle's Sage calls": at_most(
                sum(quiet[1].values()),
                most,
                "calls",
                f"1 for each 500 customers; CRM {sum(quiet[0].values())}",
            ),
            f"{name}: quiet cycle's CRM calls": exactly(sum(quiet[0].values()), 0, "calls"),
            f"{name}: after the daily pass, wrong in the CRM": exactly(late, 0, "accounts", _told(day)),
            f"{name}: the daily pass's Sage list calls": at_most(_listed(day), most, "calls"),
        }

    def _pass(self) -> tuple[Counter[str], Counter[str]]:
        """Until nothing is left; SugarCRM's and Sage's calls."""
        self.site.forget_calls()
        left = True
        while left:
            services = self.site._services()
            task = PollTask("main", CREDIT, "sage_50", "poll", new_run_id(self.site.clock.now()))
            polled = poll(services, task)
            services.close()
            assert not polled.stopped, polled.stopped
            left = any("left for the next pass" in note for note in polled.notes)
        return Counter(self.site.sugar_calls()), Counter(self.site.sage_calls())

    def _post(self, bodies: list[dict[str, Any]]) -> None:
        for body in bodies:
            body["date"] = (self.site.clock.now() - timedelta(days=body.pop("days"))).date().isoformat()
        for start in range(0, len(bodies), 500):
            self.site.post(self.site.sage, "postings", bodies[start : start + 500])

    def _later(self, days: int) -> None:
        self.site.clock.sleep(days * 86400.0)
        self.site.post(self.site.sage, "clock", {"shift_seconds": self.site.clock._skipped.total_seconds()})

    def _wrong(self, age: int) -> int:
        """Accounts whose balance or overdue amount is not the ledger's, to the penny. `age`: of the oldest
        postings, in days; the others are 94 days younger."""
        owed = {
            str(one["accountRef"]): Decimal(str(one["balance"]))
            for one in self.site.get(self.site.sage, "customers")
        }
        wrong = 0
        for row in self.site.get(self.site.sugar, "accounts"):
            balance = owed[row["sales_account_ref_c"]].quantize(Decimal("0.01"))
            late = balance if age - 94 >= 30 else Decimal("100.10") if balance >= 100 else Decimal(0)
            there = [Decimal(str(row[name])) for name in ("sage_balance_c", "sage_overdue_c")]
            wrong += there != [balance, late]
        return wrong


def _fifty(site: Site) -> Figures:
    """Fifty orders of 120.00 with tax, and credit for ten of them."""
    store = site.world.integrations
    store.save(replace(store.load("main"), rules={f"flows/{FLOW}.toml": LIMIT}))
    site.post(site.sage, "customers", {"accountRef": "LIMIT01", "name": "Limit", "creditLimit": 1250})
    site.post(site.sugar, "accounts", [{**_account(0), "id": "limit", "sales_account_ref_c": "LIMIT01"}])
    row = {"name": "Desks", "amount": "100.00", "currency_id": "-99", "date_closed": "2026-11-20"}
    won = {**row, "sales_stage": "Closed Won", "account_id": "limit"}
    site.post(site.sugar, "opportunities", [won] * ORDERS)
    site.tick()
    site.forget_calls()
    site.drain(ORDERS)
    made = [one for one in site.orders() if one["customerAccountRef"] == "LIMIT01"]
    name = f"{ORDERS} orders of one customer in one batch"
    calls = site.sage_calls()
    return {
        f"{name}: past the credit limit": exactly(max(0, len(made) - 10), 0, "orders", f"{len(made)} made"),
        f"{name}: Sage calls": told(sum(calls.values()), "calls", ", ".join(map(str, sorted(calls.items())))),
    }


def _customer(number: int) -> dict[str, Any]:
    return {"accountRef": f"C{number:05}", "name": f"Customer {number} Ltd", "creditLimit": 5000}


def _account(number: int) -> dict[str, Any]:
    return {
        "id": f"account-{number}",
        "name": f"Customer {number} Ltd",
        "sales_account_ref_c": f"C{number:05}",
    }


def _posting(number: int, amount: str, days: int) -> dict[str, Any]:
    return {"accountRef": f"C{number:05}", "amount": amount, "days": days}


def _listed(calls: tuple[Counter[str], Counter[str]]) -> int:
    return calls[1]["POST searchsalesledger"]


def _told(calls: tuple[Counter[str], Counter[str]]) -> str:
    crm, sage = calls
    asked = f"{_listed(calls)} searches, {sage['GET ageddebtors']} aged debtors"
    return f"Sage {asked}; CRM {sum(crm.values())} calls"
