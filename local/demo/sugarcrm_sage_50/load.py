"""Puts the sample into the emulated SugarCRM and HyperAccounts."""

from collections.abc import Mapping

from local.demo.post import Advance, Plan, client, post, tell
from local.demo.sugarcrm_sage_50.sample import Sample, sample

_ONE_SECOND = "2026-11-20T09:30:00+00:00"


def plan() -> Plan:
    rows = sample()
    size = len(rows.customers) + len(rows.currencies) + len(rows.accounts) + len(rows.opportunities)
    return Plan(size, lambda addresses, advance: load(rows, addresses, advance))


def load(rows: Sample, addresses: Mapping[str, str], advance: Advance) -> None:
    sugarcrm, sage = addresses["sugarcrm"], addresses["sage_50"]
    with client() as opened:
        post(opened, f"{sage}/_admin/customers", rows.customers, advance)
        post(opened, f"{sugarcrm}/_admin/currencies", rows.currencies, advance)
        post(opened, f"{sugarcrm}/_admin/accounts", rows.accounts, advance)
        together = [one.values for one in rows.opportunities if one.state == "same_second"]
        apart = [one.values for one in rows.opportunities if one.state != "same_second"]
        post(opened, f"{sugarcrm}/_admin/opportunities", apart, advance)
        tell(opened, f"{sugarcrm}/_admin/clock", {"freeze": _ONE_SECOND})
        post(opened, f"{sugarcrm}/_admin/opportunities", together, advance)
        tell(opened, f"{sugarcrm}/_admin/clock", {"freeze": False})
