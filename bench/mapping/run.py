"""Compiled rules against a hand-written function and an XSLT style sheet, in one run on the same 10,000
opportunities.

XSLT runs twice: record by record as an event-driven sync would use it (XML text in, XML text out), which is
the target, and over one big document that is parsed already and not written out, for whoever wants to know.
The contestants take turns, each round with another one first, and each ratio is the median of the rounds' own
ratios, so that neither a busy moment nor one lucky round decides. Outputs must be equal first. A million
money lines are checked besides.
"""

import gc
import time
from collections import deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from bench.mapping import by_hand, by_xslt
from bench.mapping.sample import opportunities
from shared.mapping.compile import compile_flow
from shared.mapping.pricing import price
from shared.mapping.rules import Pricing

_TAXED = '[line]\ntax_code = { constant = "T1" }\ntax_rate = { constant = 20 }\n'
_TABLES = {"currencies": {"-99": "GBP", "": "GBP"}}
_LEDGER = {"currencies": {"1": "GBP", "2": "EUR", "": "GBP"}}
_MONEY_LINES = 1_000_000


def run(rounds: int = 15, count: int = 10_000, money_lines: int = _MONEY_LINES) -> dict[str, dict[str, Any]]:
    """Figures by name. Raises AssertionError when the contestants disagree."""
    records = opportunities(count)
    sheet, document = by_xslt.make_sheet(), by_xslt.make_document(records)
    texts = [by_xslt.make_text(record) for record in records]
    made = list(_rules(records))
    assert made == list(_by_hand(records)), "the hand-written function gives other orders than the rules"
    assert made == by_xslt.orders(sheet(document)), "the style sheet gives other orders than the rules"
    del made
    contestants: dict[str, Callable[[], Iterator[Any]]] = {
        "rules": lambda: _rules(records),
        "hand": lambda: _by_hand(records),
        "xslt": lambda: (by_xslt.transform(sheet, text) for text in texts),
        "bulk": lambda: (sheet(document) for _ in range(1)),
    }
    seconds = _race(contestants, rounds)
    hand, xslt, bulk = (_against(seconds[name], seconds["rules"]) for name in ("hand", "xslt", "bulk"))
    wrong = _money(money_lines)
    return {
        "mapping, speed against hand-written Python": _figure(hand, 0.9, "x", hand >= 0.9),
        "mapping, speed against lxml XSLT, record by record": _figure(xslt, 5.0, "x", xslt >= 5.0),
        "mapping, speed against lxml XSLT, one parsed document": {
            "value": round(bulk, 3),
            "target": None,
            "unit": "x",
            "ok": True,
        },
        f"mapping, money lines wrong of {money_lines}": _figure(wrong, 0, "lines", wrong == 0),
        "mapping, time per record": {
            "value": round(median(seconds["rules"]) / count * 1e6, 2),
            "target": None,
            "unit": "us",
            "ok": True,
        },
    }


def _against(peer: list[float], rules: list[float]) -> float:
    return median(theirs / ours for theirs, ours in zip(peer, rules, strict=True))


def _figure(value: float, target: float, unit: str, ok: bool) -> dict[str, Any]:
    return {"value": round(value, 3), "target": target, "unit": unit, "ok": ok}


def _rules(records: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    flow = compile_flow("sugarcrm--sage_50", {"systems/sugarcrm/sales_order.toml": _TAXED})
    maps = flow.entities["sales_order"].maps
    read, write = maps["sugarcrm"].read, maps["sage_50"].write
    return (write(read(record, _TABLES), _LEDGER, [], True) for record in records)


def _by_hand(records: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    numbers = {iso: number for number, iso in _LEDGER["currencies"].items() if number}
    return (by_hand.write(by_hand.read(record, _TABLES["currencies"]), numbers, []) for record in records)


def _race(contestants: dict[str, Callable[[], Iterator[Any]]], rounds: int) -> dict[str, list[float]]:
    """Seconds of processor time of each contestant, round by round. An output is dropped before the next one
    is made, as a handler does: kept by the ten thousand, they would measure the machine's caches."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    order = list(contestants.items())
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            first = turn % len(order)
            for name, work in order[first:] + order[:first]:
                outputs, start = work(), time.process_time()
                deque(outputs, maxlen=0)
                seconds[name].append(time.process_time() - start)
    finally:
        gc.enable()
    return seconds


def _money(count: int) -> int:
    """Lines whose pence differ from whole-number arithmetic: net = pence, tax = a fifth of it rounded half
    up."""
    pricing, rates = Pricing("net", "T1", "flow", "refuse"), {"T1": Decimal(20)}
    line = {"sku": "S1", "quantity": Decimal(1)}
    wrong = 0
    for pence in range(1, count + 1):
        view = {"lines": [{**line, "unit_price": Decimal(pence * 7919 % 9_999_999_999).scaleb(-2)}]}
        done = price(view, pricing, rates, None)[0]["lines"][0]
        net = pence * 7919 % 9_999_999_999
        wrong += int(done["net"].scaleb(2)) != net or int(done["tax"].scaleb(2)) != (net * 20 + 50) // 100
    return wrong


if __name__ == "__main__":
    for name, figure in run().items():
        print(
            f"{name:50} {figure['value']:>10} {figure['unit']:6} target {figure['target']}  {'ok' if figure['ok'] else 'MISSED'}"  # noqa: E501
        )
