"""The five emulated vendors, each served once for all tests of a run, with what a test must know to start one
anew: its options, its clock and how a connection signs in."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache, partial
from typing import Any

from local.vendors._serve import Served, serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_accounting.app import build_app as sage_accounting
from local.vendors.sage_accounting.options import SageAccountingOptions
from local.vendors.sage_accounting.spec import SpecCheck
from local.vendors.sage_sales_management.app import build_app as sales_management
from local.vendors.sage_sales_management.options import SalesOptions
from local.vendors.sugarcrm.app import build_app as sugarcrm
from local.vendors.sugarcrm.options import CREDIT_FIELDS, QUOTING_FIELDS, SugarOptions
from local.vendors.vtiger.app import build_app as vtiger
from local.vendors.vtiger.options import VtigerOptions
from tests.contract.sage_accounting_bench import SPECS
from tests.e2e.pair_people import Clerk

_FIXED = {"public_key", "private_key", "key_user", "first_id", "businesses", "users"}


@cache
def served(system: str) -> tuple[Served, Any]:
    """The server and its application; both end with the process."""
    app = {
        "sugarcrm": lambda: sugarcrm(
            SugarOptions(
                extra_opportunity_fields=QUOTING_FIELDS, extra_account_fields=CREDIT_FIELDS, cron_seconds=0
            )
        ),
        "vtiger": lambda: vtiger(VtigerOptions(version="8.1.0")),
        "sage_sales_management": lambda: sales_management(SalesOptions()),
        "sage_50": lambda: hyperaccounts(HyperOptions()),
        "sage_accounting": lambda: sage_accounting(
            SageAccountingOptions(), check=SpecCheck(SPECS) if SPECS.is_dir() else None
        ),
    }[system]()
    return serve(app), app


def emptied(system: str, switches: Mapping[str, Any]) -> Clerk:
    """A desk of the vendor, which has no records, the time of day and its default switches but for these."""
    desk = Clerk(served(system)[0].url)
    makers: dict[str, Callable[[], Any]] = {
        "sage_sales_management": SalesOptions,
        "sage_50": HyperOptions,
        "vtiger": partial(VtigerOptions, version="8.1.0"),
        "sage_accounting": SageAccountingOptions,
    }
    fresh = makers.get(system)
    if fresh is not None:
        known = {
            name: one
            for name, one in asdict(fresh()).items()
            if name not in _FIXED and not (system == "sage_50" and isinstance(one, (tuple, dict)))
        }
        desk.post("/options", {**known, **switches})
    desk.post("/reset")
    desk.post("/clock", {"freeze": False} if system == "sugarcrm" else {"shift_seconds": 0, "freeze": None})
    return desk


def set_clock(system: str, desk: Clerk, shift: float) -> None:
    """`shift`: seconds that the vendor's clock is ahead of the real one."""
    if system == "sugarcrm":
        desk.post("/clock", {"freeze": False, "shift": shift})
    else:
        desk.post("/clock", {"shift_seconds": shift})


def options(system: str, desk: Clerk) -> dict[str, str]:
    """What the settings of a connection say."""
    own = {
        "sugarcrm": {"api": "v11", "base_currency": "GBP"},
        "sage_sales_management": {"owner": "emma@example.test"},
        "sage_accounting": {
            "token_url": f"{desk.url}/token",
            "business": SageAccountingOptions().businesses[0].id,
        },
    }
    return {"url": desk.url, **own.get(system, {})}


def secret(system: str, desk: Clerk) -> dict[str, str]:
    known = {
        "sugarcrm": {"user": "sync", "password": "sync-password"},
        "vtiger": {"user": "tieout", "access_key": "TieoutAccessKey1"},
        "sage_sales_management": {"public_key": "demo-public", "private_key": "demo-private"},
        "sage_50": {"token": "demo-token"},
    }
    if system in known:
        return known[system]
    refresh = desk.post("/grant")["refresh_token"]
    return {"client_id": "demo-client", "client_secret": "demo-secret", "refresh_token": refresh}


def violations(system: str) -> list[str]:
    """What broke the vendor's own description."""
    found: list[str] = served(system)[1].state.service.violations if system == "sage_accounting" else []
    return found
