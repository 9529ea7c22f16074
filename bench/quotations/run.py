"""Webhook to priced quotation back in the CRM on the local stack, with vendors that answer in 100 ms: what is
ours of that wait.

The vendors' share is a tenth of a second for each call that they counted until the quotation was back;
everything else counts as ours, their emulation's own work, the queue, the functions and the wire included.
"""

from collections import Counter

from bench.figures import Figures, at_most, told
from bench.quotations.office import Office, office

DELAY = 0.1
OURS = 1.0
WARM = 3
"""Quotations before those that are measured: functions have started, and lists that are kept for an hour are
known."""
WHY = (
    "read 2, prices 3, create and read back 2, edited meanwhile? 2, lines there 2, write back 2, look again 2"
)


def run(count: int = 200) -> Figures:
    with office() as here:
        here.stock()
        for _ in range(WARM):
            here.hook(here.quote())
        here.rest()
        here.slow(DELAY)
        took, ours, back, calls = _measured(here, count)
    name = f"{count} quotations of 3 lines"
    each = {one: round(number / count, 2) for one, number in sorted(calls.items())}
    return {
        f"{name}: ours, webhook to priced in the CRM, p95": at_most(
            _p95(ours), OURS, "s", "local stack; without the vendors' 0.1 s a call"
        ),
        f"{name}: in all, p95": told(_p95(took), "s", "local stack, vendors answering in 0.1 s"),
        f"{name}: vendor calls until it is back": told(sum(back) / count, "calls", "what is waited for"),
        f"{name}: vendor calls each": told(
            sum(calls.values()) / count,
            "calls",
            f"{WHY}; " + ", ".join(f"{one} {number:g}" for one, number in each.items()),
        ),
    }


def _measured(here: Office, count: int) -> tuple[list[float], list[float], list[int], Counter[str]]:
    took, ours, back, calls = list[float](), list[float](), list[int](), Counter[str]()
    for _ in range(count):
        order = here.quote()
        here.calls()
        seconds = here.hook(order)
        until = here.calls()
        here.rest()
        calls.update(until)
        calls.update(here.calls())
        back.append(sum(until.values()))
        took.append(seconds)
        ours.append(seconds - DELAY * back[-1])
    return took, ours, back, calls


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]
