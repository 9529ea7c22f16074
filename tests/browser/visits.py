"""Every page of the console, by the name of its picture."""

from collections.abc import Mapping
from urllib.parse import urlencode

from tests.browser.console_world import KEY
from tests.integration.browser import Page
from tests.properties.rig import NAME

RECORD = {"system": "sugarcrm", "entity": "sales_order"}
OPEN = {"kind": "skipped", "entity": "sales_order", "rule": "amount", "field": "amount"}
ORDERS: Mapping[str, str] = {
    "home": "",
    "open-group": "open?" + urlencode(OPEN),
    "log": "log",
    "log-search": "log?" + urlencode({"q": "fenwick", "outcome": "created"}),
    "runs": "runs",
    "record-created": "record?" + urlencode({**RECORD, "record": "opp-3"}),
    "record-held": "record?" + urlencode({**RECORD, "record": "refund"}),
    "record-long": "record?" + urlencode({**RECORD, "record": "long"}),
    "preview": "preview",
    "preview-records": "preview?entity=sales_order",
    "sync": "sync?done=polling&n=1",
    "dead-letters": "dead-letters",
    "connections": "connections",
    "connection-keys": "connection?system=sugarcrm",
    "connection-disconnect": "connection?system=sage_50&ask=disconnect",
    "health": "health",
    "days": "days",
    "trail": "trail",
    "settings": "settings",
    "mapping": "mapping?entity=sales_order&edit=order_date",
    "mapping-conditions": "mapping?entity=sales_order&open=where:sugarcrm",
    "versions": "versions?done=settings-saved",
    "version": "version",
    "not-found": "nowhere",
}
ACCOUNT = {"system": "vtiger", "entity": "account"}
ALIKE = {"kind": "held", "entity": "account", "rule": "match", "field": "vat_number"}
CUSTOMERS: Mapping[str, str] = {
    "two-way-home": "",
    "two-way-log": "log",
    "two-way-settings": "settings",
    "two-way-mapping": "mapping?entity=account",
    "two-way-record": "record?" + urlencode({**ACCOUNT, "record": "11x1"}),
    "two-way-held": "record?" + urlencode({**ACCOUNT, "record": "11x3"}),
    "two-way-conflict": "record?" + urlencode({**ACCOUNT, "record": "11x4"}),
    "two-way-left-out": "record?" + urlencode({**ACCOUNT, "record": "11x5"}),
    "two-way-preview": "preview?entity=account&would=update",
    "two-way-look-alikes": "open?" + urlencode(ALIKE),
    "two-way-connections": "connections",
    "connection-sage": "connection?system=sage_accounting",
    "connection-new-sage": "connection?system=vtiger",
}


def sign_in(page: Page, address: str) -> None:
    """A cookie knows no port: whoever has signed in to one console here has signed in to the next."""
    page.open(f"{address}/{NAME}/")
    page.run(f"document.cookie = 'tieout={KEY}; path=/'")
    page.open(f"{address}/{NAME}/")
    page.until("document.querySelector('nav a')")


def visit(page: Page, address: str, path: str) -> None:
    """Waits for what the script adds."""
    page.open(f"{address}/{NAME}/{path}")
    page.until("!document.querySelector('[data-fetch] > p > a')")
