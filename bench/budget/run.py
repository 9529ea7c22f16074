"""First loads under limits of calls, in virtual time: which share of the permitted calls is used, and whether
the vendor ever refuses one."""

import sys
import time

from bench.budget.load import Load
from bench.budget.vendor import DAY, HOUR, MINUTE, Vendor
from bench.figures import Figures, at_least, exactly, told

SHARE = 0.98
FAST, SLOW = (0.2, 0.6), (1.0, 2.0)


def run(records: int = 1_000_000) -> Figures:
    """`records` of the load."""
    return {
        **_load(records, "100/min + 2,500/day", {MINUTE: 100, DAY: 2_500}, _options(100, 2_500), FAST),
        **_load(records, "60/min + 4,000/h", {MINUTE: 60, HOUR: 4_000}, _options(60), FAST),
        **_load(records // 10, "60/min, calls of 1-2 s", {MINUTE: 60}, _options(60), SLOW),
    }


def _options(per_minute: int, daily: int | None = None) -> dict[str, str]:
    return {"per_minute": str(per_minute)} | ({"daily_calls": str(daily)} if daily else {})


def _load(
    records: int, limit: str, limits: dict[int, int], options: dict[str, str], latency: tuple[float, float]
) -> Figures:
    load, begun = Load(records, Vendor(limits), options, latency), time.monotonic()
    load.run()
    vendor, name = load.vendor, f"budget, {records:,} records under {limit}"
    print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    days = (vendor.last - vendor.first) / DAY
    return {
        f"{name}: share of permitted calls used": at_least(
            vendor.share(), SHARE, "", f"{vendor.calls:,} calls in {days:,.1f} days"
        ),
        f"{name}: calls refused (429)": exactly(vendor.refused, 0, "calls"),
        f"{name}: records lost": exactly(records - len(load.made), 0, "records"),
        f"{name}: calls repeated per killed worker": told(
            load.repeated / max(1, load.kills), "calls", f"{load.kills:,} killed"
        ),
        f"{name}: writes of the limit's row per call": told(
            load.calls.writes / vendor.calls, "writes", f"{load.calls.conflicts:,} in vain"
        ),
        f"{name}: records parked per record": told(load.parked / records, "times"),
    }
