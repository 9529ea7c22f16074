"""Webhook to priced quotation back in the CRM, with vendors that answer in 100 ms: what is ours of that wait.

The vendors' share is a tenth of a second for each call that they counted; everything else, their
emulation's own work and the wire included, counts as ours.
"""

import time
from collections import Counter

from bench.figures import Figures, at_most, told
from bench.quotations.office import Office, office

DELAY = 0.1
OURS = 1.0


def run(count: int = 200) -> Figures:
    with office() as here:
        here.stock()
        here.hook(here.quote())  # lists and field names that are kept for an hour
        here.slow(DELAY)
        took, ours, calls = _measured(here, count)
    name = f"{count} quotations of 3 lines"
    each = {one: round(number / count, 2) for one, number in sorted(calls.items())}
    return {
        f"{name}: ours, webhook to priced in the CRM, p95": at_most(
            _p95(ours), OURS, "s", "without the vendors' 0.1 s a call"
        ),
        f"{name}: in all, p95": told(_p95(took), "s", "vendors answering in 0.1 s"),
        f"{name}: vendor calls each": told(
            sum(calls.values()) / count,
            "calls",
            ", ".join(f"{one} {number:g}" for one, number in each.items()),
        ),
    }


def _measured(here: Office, count: int) -> tuple[list[float], list[float], Counter[str]]:
    took, ours, calls = list[float](), list[float](), Counter[str]()
    for _ in range(count):
        order = here.quote()
        here.calls()
        began = time.perf_counter()
        here.hook(order)
        seconds = time.perf_counter() - began
        made = here.calls()
        assert here.is_priced(order), "a quotation did not come back"
        calls.update(made)
        took.append(seconds)
        ours.append(seconds - DELAY * sum(made.values()))
    return took, ours, calls


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]
