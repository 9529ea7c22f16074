"""A million lines of invoices, half of them from each system: what is written has the same total there, to
the penny.

The real way: the connector's lines, the compiled reader, the flow's requirements, `figures.settle`, the
compiled writer. What the other system then makes of it is worked out by `books.py`, which shares no
arithmetic with any of that. A record whose totals would differ must have been refused, and one that was
refused for its total must be one that would have differed.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from typing import Any

from bench.figures import Figures, exactly, told
from bench.invoices import books, sample
from shared.domain.rules import Rule
from shared.mapping.check import refuse
from shared.mapping.compile import compile_flow
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.mapping.figures import settle
from shared.mapping.model import EntityFlow
from shared.systems.vtiger.lines import deducted_tax, read_lines, shipping_tax

CRM, SAGE = "vtiger", "sage_accounting"
Values = Mapping[str, Any]


def run(lines: int = 1_000_000, processes: int = 2) -> Figures:
    parts = [
        (source, lines // 2 // processes, first, processes)
        for source in (CRM, SAGE)
        for first in range(processes)
    ]
    with ProcessPoolExecutor(processes) as pool:
        found = sum(pool.map(_part, parts), Counter[str]())
    refused = {
        name.removeprefix("refused: "): count for name, count in found.items() if name.startswith("refused: ")
    }
    name = f"invoices, {lines} lines"
    return {
        f"{name}: lines checked": told(found["lines"], "lines", "half of them from each system"),
        f"{name}: records written": told(found["written"], "records", f"with {found['lines written']} lines"),
        f"{name}: records refused": told(sum(refused.values()), "records", _listed(refused)),
        f"{name}: records with rounding laid on the tax": told(
            found["laid"], "records", "half a penny a line"
        ),
        f"{name}: records whose totals differ": exactly(found["differ"], 0, "records"),
        f"{name}: refused though the totals agree": exactly(found["agreed"], 0, "records"),
        f"{name}: lines with a wrong tax": exactly(found["tax"], 0, "lines"),
        f"{name}: exceptions": exactly(found["exceptions"], 0, "records", found_fault(found)),
    }


def found_fault(found: Counter[str]) -> str:
    return ", ".join(name for name in sorted(found) if name.startswith("exception "))


def _listed(refused: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(refused.items(), key=lambda item: -item[1]))


def _part(part: tuple[str, int, int, int]) -> Counter[str]:
    """Every n-th invoice of one system, until there are enough lines."""
    source, lines, number, step = part
    found: Counter[str] = Counter()
    while found["lines"] < lines:
        native = NATIVE[source](number)
        found["lines"] += len(native[LINES[source]])
        try:
            _check(source, native, found)
        except Exception as fault:  # what is counted here is what nobody expected
            found["exceptions"] += 1
            found[f"exception {type(fault).__name__}: {fault}"[:120]] += 1
        number += step
    return found


def _check(source: str, native: Values, found: Counter[str]) -> None:
    try:
        view = _read(source, native)
        settled = _settle(source, view)
        _judge(source, native, _write(source, view, settled), found)
    except (RuleRefused, FieldUnreadable, LinkMissing) as no:
        found[f"refused: {getattr(no, 'rule', 'link')}"] += 1
        if isinstance(no, RuleRefused) and no.rule == Rule.TOTALS:
            free = {**view, "amount": None}
            payload = _write(source, view, _settle(source, free))
            found["agreed"] += _explained(source, payload, _totals(source, native, payload)[0])


def _judge(source: str, native: Values, payload: Values, found: Counter[str]) -> None:
    difference, moved = _totals(source, native, payload)
    laid = len(moved) == 1 and _explained(source, payload, moved[0])
    found["written"] += 1
    found["lines written"] += len(native[LINES[source]])
    found["differ"] += difference != 0
    found["tax"] += 0 if laid else len(moved)
    found["laid"] += laid


def _explained(source: str, payload: Values, pence: int) -> bool:
    """Whether rounding explains the difference: none, or half a penny a line where Sage rounds each and there
    is tax enough to take it."""
    if source != CRM or not pence:
        return not pence
    taxes = [abs(books.scaled(line["tax_amount"], books.PENCE)) for line in payload[LINES[SAGE]]]
    return abs(pence) * 2 <= len(taxes) and abs(pence) <= max(taxes)


def _read(source: str, native: Values) -> dict[str, Any]:
    """The canonical view, after everything that the flow asks of it."""
    flow = _flow()
    view = flow.maps[source].read(native, _tables(source))
    asked = [one for one in flow.requirements if one.source in (None, source)]
    refuse(asked, view, {"organisation": {"currency": "GBP"}})
    return view


def _settle(source: str, view: Values) -> list[dict[str, Any]]:
    figures, target = _flow().figures, _other(source)
    assert figures is not None
    return settle(view, figures, source, target, by_line=target == SAGE)


def _write(source: str, view: Values, settled: list[dict[str, Any]]) -> Values:
    target = _flow().maps[_other(source)]
    going = {
        name: value for name, value in view.items() if name in _flow().fields and name in target.writable
    }
    return target.write({**going, "lines": settled}, _tables(_other(source)), [], True)


def _totals(source: str, native: Values, payload: Values) -> tuple[int, list[int]]:
    """Pence by which the systems' totals differ, and by which lines have another tax than their rate's."""
    if source == CRM:
        shown = books.half_up(books.scaled(native["hdnGrandTotal"], 10**8), 10**6)
        lines = payload["invoice_lines"]
        taxes = (
            books.scaled(line["tax_amount"], books.PENCE)
            - books.sage_tax(books.sage_net(line), sample.CODES[line["tax_rate_id"]])
            for line in lines
        )
        made = books.sage_total(lines, payload.get("shipping_net_amount"))
        return shown - made, [pence for pence in taxes if pence]
    return (
        books.scaled(native["total_amount"], books.PENCE)
        - books.vtiger_shown(payload["LineItems"], payload.get("hdnS_H_Amount"))
    ), []


def _vtiger(number: int) -> Values:
    """As the connector hands it over."""
    raw = sample.vtiger_invoice(number)
    return {
        **raw,
        "LineItems": read_lines(raw, "26", lambda item: frozenset(sample.RATES)),
        "shipping_tax": shipping_tax(raw),
        "deducted_tax": deducted_tax(raw),
    }


NATIVE: dict[str, Callable[[int], Values]] = {CRM: _vtiger, SAGE: sample.sage_invoice}
LINES = {CRM: "LineItems", SAGE: "invoice_lines"}


def _other(system: str) -> str:
    return SAGE if system == CRM else CRM


@cache
def _flow() -> EntityFlow:
    return compile_flow("vtiger--sage_accounting").entities["invoice"]


@cache
def _tables(system: str) -> Mapping[str, Mapping[str, Any]]:
    account, product, service = ("11x1", "14x{}", "26x{}") if system == CRM else ("c1", "p{}", "s{}")
    links = {"account": {account: "A"}}
    for entity, pattern in (("product", product), ("service", service)):
        links[entity] = {pattern.format(one): f"{entity} {one}" for one in range(1, sample.PRODUCTS + 1)}
    made: dict[str, Mapping[str, Any]] = {
        "currencies": {"21x1": "GBP", "GBP": "GBP", "": "GBP"},
        "tax_codes": {code: Decimal(rate) for code, rate in sample.CODES.items()},
    }
    for entity, known in links.items():
        made |= {
            f"link.{entity}": known,
            f"native.{entity}": {link: native for native, link in known.items()},
        }
    return made
