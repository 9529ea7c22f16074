"""A live integration between an emulated SugarCRM whose accounts have the fields of the credit position, and
an emulated Sage 50, over real HTTP: only what the credit position needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from bench.site import Site, open_site
from local.vendors._serve import Served, serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import CREDIT_FIELDS, SugarOptions
from shared.domain.run_ids import new_run_id
from shared.operations.connect import check_system
from shared.operations.poll import poll
from shared.operations.poll_tasks import CREDIT, PollTask
from shared.ports import Finding

FIELDS = CREDIT_FIELDS


class CreditSite:
    """`site`: the integration and what people do; a pass is what a poll of the balances does."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def customer(self, reference: str, **values: Any) -> None:
        self.site.post(self.site.sage, "customers", {"accountRef": reference, "name": reference, **values})

    def account(self, name: str, reference: str, **values: Any) -> None:
        row = {"id": name, "name": name, "sales_account_ref_c": reference, **values}
        self.site.post(self.site.sugar, "accounts", [row])

    def owe(self, reference: str, amount: str, days: int = 0, kind: str = "SI") -> None:
        """A posting, dated so many days ago."""
        day = (self.site.clock.now() - timedelta(days=days)).date().isoformat()
        body = {"accountRef": reference, "amount": amount, "type": kind, "date": day}
        self.site.post(self.site.sage, "postings", body)

    def follow(self, cause: Any = "poll") -> str:
        """One pass; what its run says."""
        services = self.site._services()
        try:
            task = PollTask("main", CREDIT, "sage_50", cause, new_run_id(self.site.clock.now()))
            polled = poll(services, task)
        finally:
            services.close()
        return polled.stopped or "; ".join(polled.notes)

    def later(self, **span: float) -> None:
        """Time passes, here and in Sage."""
        self.site.clock.sleep(timedelta(**span).total_seconds())
        shift = self.site.clock._skipped.total_seconds()
        self.site.post(self.site.sage, "clock", {"shift_seconds": shift})

    def row(self, account: str) -> dict[str, Any]:
        rows = self.site.get(self.site.sugar, "accounts")
        return dict(next(one for one in rows if one["id"] == account))

    def check(self, system: str) -> list[Finding]:
        services = self.site._services()
        try:
            return check_system(services, system)
        finally:
            services.close()

    def shown(self, account: str) -> dict[str, str]:
        """What the account shows: filled fields only, amounts with pence."""
        row = self.row(account)
        return {
            name.removeprefix("sage_").removesuffix("_c"): f"{row[name]:.2f}"
            if kind == "currency"
            else str(row[name])
            for name, kind in FIELDS
            if row.get(name) not in (None, "", 0) or (kind == "currency" and row.get(name) is not None)
        }

    def calls(self) -> tuple[dict[str, int], dict[str, int]]:
        """SugarCRM's and Sage's since the last time."""
        found = self.site.sugar_calls(), self.site.sage_calls()
        self.site.forget_calls()
        return found


@cache
def _vendors(fields: tuple[tuple[str, str], ...]) -> tuple[Served, Served]:
    options = SugarOptions(cron_seconds=0, extra_account_fields=fields)
    return serve(sugarcrm(options)), serve(hyperaccounts(HyperOptions()))


@contextmanager
def credit_site(api: str = "v11", fields: tuple[tuple[str, str], ...] = FIELDS) -> Iterator[CreditSite]:
    """On empty stores between two empty vendors."""
    crm, ledger = _vendors(fields)
    made = CreditSite(open_site((crm.url, ledger.url), api))
    for vendor in (crm.url, ledger.url):
        made.site.post(vendor, "reset", {})
    made.site.post(ledger.url, "clock", {"shift_seconds": 0})
    made.site.forget_calls()
    yield made


def with_rules(site: CreditSite, text: str) -> None:
    """Rules of the integration's own, laid over the flow."""
    store = site.site.world.integrations
    mine = store.load("main")
    store.save(replace(mine, rules={"flows/sugarcrm--sage_50.toml": text}))
