"""How an invoice was settled: money received, credit notes, discounts, and what is neither.

`total_paid` of an invoice is "including any payments, allocations and discounts" (Sage's description), so it
is no money. Its rows tell these apart: a row with a payment is money, less what was refunded
(`negative_payment`); a row with an allocation is what the allocation takes from, a payment on account or a
credit note. Promises that the five figures always add up to the total: what the rows do not explain is
settled otherwise, by that name, and never money.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from shared.domain.record import record
from shared.systems.sage_accounting.values import number, reference, text

How = Literal["received", "credited", "discounted", "otherwise"]
ZERO = Decimal(0)
DRAFTS = ("DRAFT", "PRO_FORMA")
INVOICES, CREDIT_NOTES, ON_ACCOUNT = "sales_invoices", "sales_credit_notes", "payments_on_account"
_MONEY = (ON_ACCOUNT, "payment_on_account", "contact_payments")
KNOWN = (INVOICES, CREDIT_NOTES, *_MONEY)
UNSAID = "Sage does not say how"
VOID = "void"


@record
class Entry:
    """One document of an allocation: what it takes (+) or gives (-). `name` is what people call it."""

    id: str
    resource: str
    name: str
    amount: Decimal


@record
class Part:
    """One way in which some of an invoice was settled."""

    how: How
    amount: Decimal
    name: str = ""


@record
class Settlement:
    """Amounts in the invoice's currency; `parts` name what they come from."""

    received: Decimal
    credited: Decimal
    discounted: Decimal
    otherwise: Decimal
    outstanding: Decimal
    parts: tuple[Part, ...] = ()

    @property
    def total(self) -> Decimal:
        return self.received + self.credited + self.discounted + self.otherwise + self.outstanding

    @property
    def by_credit(self) -> bool:
        """Whether the invoice was credited and no money is kept for it."""
        return self.credited > 0 and self.received <= 0

    @property
    def named(self) -> str:
        """The credit notes, and whatever is neither money nor credit nor discount, each with its amount."""
        told = [part for part in self.parts if part.how in ("credited", "otherwise") and part.amount]
        return "; ".join(f"{part.name} {part.amount:.2f}".strip() for part in told)


def allocation_of(row: Mapping[str, Any]) -> str:
    """The id of the allocation that this row of an invoice comes from; "" for a payment's."""
    return "" if reference(row.get("contact_payment")) else reference(row.get("contact_allocation"))


def entries_of(allocation: Mapping[str, Any]) -> list[Entry]:
    """The documents of an allocation as Sage shows it."""
    return [
        Entry(
            reference(one.get("artefact")),
            _resource(one.get("artefact")),
            _shown(one.get("artefact")),
            number(one.get("amount")) or ZERO,
        )
        for one in allocation.get("allocated_artefacts") or []
    ]


def fits(invoice: str, row: Mapping[str, Any], entries: Sequence[Entry]) -> bool:
    """Whether these are the documents of the allocation that the row of this invoice comes from."""
    own = sum((one.amount for one in entries if one.id == invoice), ZERO)
    return bool(entries) and abs(own) == abs(number(row.get("amount")) or ZERO)


def settle(invoice: Mapping[str, Any], allocations: Mapping[str, Sequence[Entry]]) -> Settlement | None:
    """`allocations` is id -> entries, for those that the invoice's rows name and that could be read. None
    where something was settled and the rows were not asked for."""
    total = number(invoice.get("total_amount")) or ZERO
    status, rows = reference(invoice.get("status")), invoice.get("payments_allocations")
    outstanding = None if status in DRAFTS else number(invoice.get("outstanding_amount"))
    outstanding = total if outstanding is None else outstanding  # Sage need not give an amount for a draft
    if rows is None and outstanding != total and status != "VOID":
        return None
    parts = [part for row in rows or () for part in _parts(str(invoice.get("id")), row, allocations)]
    rest = total - outstanding - sum((part.amount for part in parts), ZERO)
    if rest:
        parts.append(Part("otherwise", rest, VOID if status == "VOID" else UNSAID))
    return Settlement(
        _sum(parts, "received"),
        _sum(parts, "credited"),
        _sum(parts, "discounted"),
        _sum(parts, "otherwise"),
        outstanding,
        tuple(parts),
    )


def _parts(invoice: str, row: Mapping[str, Any], allocations: Mapping[str, Sequence[Entry]]) -> list[Part]:
    """A refund takes back what it was: its amounts count against the others, whatever sign Sage gives
    them."""
    amount, discount = number(row.get("amount")) or ZERO, number(row.get("discount")) or ZERO
    if row.get("negative_payment") in (True, "true"):
        amount, discount = -abs(amount), -abs(discount)
    found = [Part("discounted", discount)] if discount else []
    allocation = allocation_of(row)
    if allocation:
        return [*found, *_allocated(invoice, amount, allocations.get(allocation, ()), _named(row))]
    how: How = "received" if reference(row.get("contact_payment")) else "otherwise"
    return [*found, Part(how, amount, _named(row))]


def _allocated(invoice: str, amount: Decimal, entries: Sequence[Entry], name: str) -> list[Part]:
    """Which documents gave the amount. Where several kinds of them were shared out among several invoices,
    nobody can tell which of them got what."""
    own = sum((one.amount for one in entries if one.id == invoice), ZERO)
    givers = [one for one in entries if one.id != invoice and one.amount * own < 0]
    takers = [one for one in entries if one.id != invoice and one.amount * own > 0]
    given = sum((abs(one.amount) for one in givers), ZERO)
    if not givers or abs(own) != abs(amount):
        return [Part("otherwise", amount, name)]
    kinds = {_how(one) for one in givers}
    if not takers and given == abs(amount):
        sign = 1 if amount > 0 else -1
        return [Part(_how(one), sign * abs(one.amount), one.name) for one in givers]
    names = " and ".join(one.name for one in givers)
    return [Part(kinds.pop() if len(kinds) == 1 else "otherwise", amount, names)]


def _how(one: Entry) -> How:
    if one.resource == CREDIT_NOTES:
        return "credited"
    return "received" if one.resource in _MONEY else "otherwise"


def _named(row: Mapping[str, Any]) -> str:
    """Sage's own words for a row."""
    shown = (text(row.get(name)) for name in ("displayed_as", "reference", "type"))
    return next((one for one in shown if one.strip()), "")


def _resource(artefact: Any) -> str:
    path = text(artefact.get("$path")) if isinstance(artefact, Mapping) else ""
    return path.strip("/").partition("/")[0]


def _shown(artefact: Any) -> str:
    return text(artefact.get("displayed_as")) if isinstance(artefact, Mapping) else ""


def _sum(parts: Sequence[Part], how: How) -> Decimal:
    return sum((part.amount for part in parts if part.how == how), ZERO)
