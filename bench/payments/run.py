"""A hundred thousand invoices with payments, part payments, payments on account, credit notes, discounts and
refunds: what Vtiger would show as received and outstanding, and what the log would call the rest, to the
penny.

The real way: the connector's reading of rows and allocations, the compiled reader of Sage's rule file, the
compiled writer of Vtiger's. What is right is known by `sample.py`, which made the books. Peer: the total less
what is outstanding, as Sage's own `total_paid` has it, taken for money.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from bench.figures import Figures, exactly, told
from bench.payments import sample
from shared.mapping.compile import compile_flow
from shared.mapping.model import EntityFlow
from shared.stores.memory import MemoryWorld
from shared.systems.sage_accounting.addresses import AddressBook
from shared.systems.sage_accounting.contacts import Contacts
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.customer_codes import CustomerCodes
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.invoices import Invoices
from shared.systems.sage_accounting.search import Search

CRM, SAGE = "vtiger", "sage_accounting"
AT = datetime(2026, 11, 1, tzinfo=UTC)
_STATUS = {
    "DRAFT": "Created",
    "UNPAID": "Approved",
    "PART_PAID": "Approved",
    "PAID": "Paid",
    "VOID": "Cancel",
}
_TABLES: dict[str, Any] = {"currencies": {}, "tax_codes": {}}
_EMPTY: dict[str, Any] = {
    f"{way}.{one}": {} for way in ("link", "native") for one in ("account", "product", "service")
}
Values = Mapping[str, Any]


def run(invoices: int = 100_000, processes: int = 2) -> Figures:
    parts = [(invoices // processes, first, processes) for first in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        found = sum(pool.map(part, parts), Counter[str]())
    name = f"payments, {invoices} invoices"
    return {
        f"{name}: settled by": told(found["settled"], "amounts", _listed(found)),
        f"{name}: wrongly split": exactly(found["wrong"], 0, "invoices", _faults(found)),
        f"{name}: amounts that do not add up to the total": exactly(found["sum"], 0, "invoices"),
        f"{name}: wrong in Vtiger (received, balance, status)": exactly(found["vtiger"], 0, "invoices"),
        f"{name}: reads for an allocation": exactly(
            round(found["reads"] / max(1, found["allocations"]), 4),
            1,
            "calls",
            "each once, and none elsewhere",
        ),
        f"{name}: the total less what is outstanding, taken for money, is wrong": told(
            found["naive"], "invoices", "the peer"
        ),
    }


def part(given: tuple[int, int, int]) -> Counter[str]:
    """Every n-th customer, until there are enough invoices."""
    invoices, number, step = given
    found: Counter[str] = Counter()
    while found["invoices"] < invoices:
        book = sample.book(number)
        ledger = _Ledger(book)
        shown = ledger.invoices.snapshots("/sales_invoices", [book.body(one) for one in book.invoices], AT)
        for invoice, snapshot in zip(book.invoices, shown, strict=True):
            judge(book, invoice, snapshot.values, found)
        found["reads"] += ledger.reads
        found["allocations"] += len(
            {done for done, *_ in book.effects if done.startswith("allocation")} & book.allocations.keys()
        )
        number += step
    return found


def judge(book: sample.Book, invoice: sample.Invoice, native: Values, found: Counter[str]) -> None:
    found["invoices"] += 1
    body, expected = book.body(invoice), book.expected(invoice)
    status = body["status"]["id"]
    left = invoice.total if status == "DRAFT" else book.left(invoice)
    read = _flow().maps[SAGE].read({**native, "contact_id": "", "invoice_lines": []}, {**_TABLES, **_EMPTY})
    split = {how: _pence(read[how]) for how in sample.HOW}
    if split != expected or _pence(read["outstanding"]) != left:
        found["wrong"] += 1
        found[f"wrong {invoice.id}: {split} for {expected}"] += 1
    found["sum"] += sum(split.values()) + _pence(read["outstanding"]) != invoice.total
    found["naive"] += expected[sample.RECEIVED] != invoice.total - left
    for how, pence in expected.items():
        found["settled"] += pence != 0
        found[f"settled {how}"] += pence != 0
    credited = expected[sample.CREDITED] > 0 >= expected[sample.RECEIVED] and status == "PAID"
    wanted = (expected[sample.RECEIVED], left, "Credit Invoice" if credited else _STATUS[status])
    found["vtiger"] += _vtiger(read) != wanted


def _vtiger(read: Values) -> tuple[int, int, str]:
    """What would be written to Vtiger."""
    going = {name: read[name] for name in ("received", "outstanding", "status")}
    written = _flow().maps[CRM].write(going, _TABLES, [])
    return _pence(written["received"]), _pence(written["balance"]), str(written["invoicestatus"])


def _pence(value: Any) -> int:
    pence = Decimal(value) * 100
    assert pence == int(pence), f"{value} is not whole pence"
    return int(pence)


class _Ledger:
    """Sage as far as allocations go, behind the real connector's resource."""

    business = "b1"
    server_time = None

    def __init__(self, book: sample.Book) -> None:
        self.reads, self._book = 0, book
        clock = _Clock()
        facts = Facts(self, self, MemoryWorld(clock.now).stores("bench").cache, clock)  # type: ignore[arg-type]
        context = SageContext(self, self, facts, clock, lambda lane: None, {}, timedelta(seconds=5))  # type: ignore[arg-type]
        customers = Contacts(context, AddressBook(facts))
        self.invoices = Invoices(context, CustomerCodes(Search(customers)))

    def find(self, path: str, doing: str, params: Values | None = None) -> Any:
        _, resource, key = path.split("/")
        if resource == "sales_credit_notes":
            return {"id": key, "credit_note_lines": []}
        assert resource == "contact_allocations", path
        self.reads += 1
        return self._book.allocations[key]

    def all(self, path: str, params: Values, size: int = 200) -> Sequence[Any]:
        assert path == "/contact_payments", path
        return []


class _Clock:
    def now(self) -> datetime:
        return AT

    def sleep(self, seconds: float) -> None: ...


def _listed(found: Counter[str]) -> str:
    return ", ".join(f"{how.replace('_', ' ')} {found[f'settled {how}']}" for how in sample.HOW)


def _faults(found: Counter[str]) -> str:
    return "; ".join(sorted(name for name in found if name.startswith("wrong "))[:3])


@cache
def _flow() -> EntityFlow:
    return compile_flow("vtiger--sage_accounting").entities["invoice"]
