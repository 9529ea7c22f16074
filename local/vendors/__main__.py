"""`python -m local.vendors NAME --port N`: one emulated vendor on loopback until it is told to stop.

Prints its address as the first line. Where TIEOUT_ADMIN_TOKEN is set, its pages ask for that token. Ends
on SIGTERM, on Ctrl-C, or with `--watch` at the end of its standard input, so that it never outlives what
started it.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable

from local.vendors._serve import App, serve


def _sugarcrm() -> App:
    """With the fields of the credit position, as all CRMs here have them."""
    from local.vendors.sugarcrm.app import build_app
    from local.vendors.sugarcrm.options import CREDIT_FIELDS, SugarOptions

    return build_app(SugarOptions(extra_account_fields=CREDIT_FIELDS))


def _sugarcrm_quoting() -> App:
    """With the custom fields that it needs beside Sage Accounting."""
    from local.vendors.sugarcrm.app import build_app
    from local.vendors.sugarcrm.options import CREDIT_FIELDS, QUOTING_FIELDS, SugarOptions

    options = SugarOptions(extra_account_fields=CREDIT_FIELDS, extra_opportunity_fields=QUOTING_FIELDS)
    return build_app(options)


def _hyperaccounts() -> App:
    from local.vendors.hyperaccounts.app import build_app

    return build_app()


def _sage_accounting() -> App:
    from local.vendors.sage_accounting.app import build_app

    return build_app()


def _sage_sales_management() -> App:
    from local.vendors.sage_sales_management.app import build_app

    return build_app()


def _vtiger() -> App:
    from local.vendors.vtiger.app import build_app
    from local.vendors.vtiger.options import CREDIT_FIELDS, CUSTOM_FIELDS, VtigerOptions

    fields = {**CUSTOM_FIELDS, "Accounts": [*CUSTOM_FIELDS["Accounts"], *CREDIT_FIELDS]}
    return build_app(VtigerOptions(custom_fields=fields))


VENDORS: dict[str, Callable[[], App]] = {
    "sugarcrm": _sugarcrm,
    "sugarcrm_quoting": _sugarcrm_quoting,
    "hyperaccounts": _hyperaccounts,
    "sage_accounting": _sage_accounting,
    "sage_sales_management": _sage_sales_management,
    "vtiger": _vtiger,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.vendors", description=__doc__)
    parser.add_argument("name", choices=sorted(VENDORS))
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--watch", action="store_true", help="end when standard input ends")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.watch:
        threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    with serve(VENDORS[options.name](), options.port, os.environ.get("TIEOUT_ADMIN_TOKEN", "")) as served:
        print(served.url, flush=True)
        stop.wait()
    return 0


def _watch_parent(stop: threading.Event) -> None:
    """Whoever started this keeps the other end of its standard input open for as long as it wants it."""
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
