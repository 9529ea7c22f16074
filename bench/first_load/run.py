"""A first load of customers, contacts and products from Sage 50 into Sage Sales Management, over real HTTP to
the emulated vendors, in batches of the size that the template gives the queues. Counted are the CRM's calls;
then the same with the worker killed at one point after the other.

Pictures are apart: one read at Sage and two calls here for each, which is counted on a few products; so is
how often the unchanged ones are looked at in a further cycle.
"""

import base64
import time
from collections.abc import Mapping

from bench.figures import Figures, at_most, exactly, told
from bench.first_load.kills import POINTS, killed
from bench.first_load.world import BATCH, Load
from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as sage_app
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_sales_management.app import build_app as sales_app
from local.vendors.sage_sales_management.options import SalesOptions

TARGET = 0.02
_PICTURES = 5
_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


def run(customers: int = 10_000, contacts: int = 10_000, products: int = 5_000) -> Figures:
    crm, sage = serve(sales_app(SalesOptions())), serve(sage_app(HyperOptions()))
    try:
        figures = _plain(Load(crm, sage), customers, contacts, products)
        for point in POINTS:
            figures |= killed(Load(crm, sage), point, 3 * BATCH)
        return figures
    finally:
        crm.close()
        sage.close()


def _plain(load: Load, customers: int, contacts: int, products: int) -> Figures:
    load.fill(customers, contacts, products)
    for number in range(_PICTURES):
        body = {"stockCode": f"W{number:05}", "name": f"{number}.png", "content": _PNG}
        load.ask(load.sage, "POST", "pictures", body)
    began = time.monotonic()
    cycles, minutes = load.load(), (time.monotonic() - began) / 60
    calls = load.calls()
    written, read = _by_kind(calls)
    pictures = _of_pictures(calls)
    records = customers + contacts + products
    missing = records - len(load.rows("accounts")) - len(load.rows("contacts")) - len(load.rows("products"))
    load.poll()
    load.drain()
    name = f"first load, {customers} customers, {contacts} contacts, {products} products"
    return {
        f"{name}: CRM write calls per record": at_most(
            round(written / records, 4), TARGET, "calls", f"batches of {BATCH}; pictures apart"
        ),
        f"{name}: CRM read calls per record": told(
            round(read / records, 3), "calls", "each is looked for before it is made"
        ),
        f"{name}: CRM calls per picture": exactly(pictures / _PICTURES, 2, "calls"),
        f"{name}: CRM calls for unchanged pictures in a further cycle": exactly(
            _of_pictures(load.calls()) - pictures, 0, "calls"
        ),
        f"{name}: records lost": exactly(missing, 0, "records"),
        f"{name}: cycles of 15 minutes": told(cycles, "cycles", "the last one finds nothing"),
        f"{name}: time with the emulated vendors": told(round(minutes, 1), "minutes", "on one machine"),
    }


def _of_pictures(calls: Mapping[str, int]) -> int:
    return sum(count for call, count in calls.items() if "documents" in call or "_bucket" in call)


def _by_kind(calls: Mapping[str, int]) -> tuple[int, int]:
    """(writes, reads) of records; signing in and pictures are neither."""
    own = {
        call: count
        for call, count in calls.items()
        if not any(one in call for one in ("login", "documents", "_bucket"))
    }
    written = sum(count for call, count in own.items() if not call.startswith("GET"))
    return written, sum(own.values()) - written
