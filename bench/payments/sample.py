"""Customers' books as Sage shows them, made up, always the same: invoices that people pay, part-pay, credit,
discount and refund, with payments on account and allocations of every shape, some of them removed again.

Whoever does a thing here knows what it is, and writes down at once what it did to which invoice. That is the
oracle: it never looks at the rows that Sage would show.
"""

import random
from dataclasses import dataclass, field
from typing import Any

RECEIVED, CREDITED, DISCOUNTED, OTHERWISE = "received", "credited", "discounted", "settled_otherwise"
HOW = (RECEIVED, CREDITED, DISCOUNTED, OTHERWISE)
_PATHS = {RECEIVED: "payments_on_account", CREDITED: "sales_credit_notes", OTHERWISE: "purchase_invoices"}
Row = dict[str, Any]


@dataclass
class Invoice:
    """`total` and all amounts in pence."""

    id: str
    total: int
    status: str = "UNPAID"
    unsaid: int = 0
    """What Sage counts as settled without a row."""


@dataclass
class Giver:
    """A credit note, a payment on account, or a document of another ledger, with what is left of it."""

    id: str
    how: str
    left: int


@dataclass
class Book:
    """One customer. `effects`: (what was done, invoice, how, pence), of which what is removed is struck."""

    dice: random.Random
    name: str
    invoices: list[Invoice] = field(default_factory=list)
    givers: list[Giver] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    allocations: dict[str, Row] = field(default_factory=dict)
    effects: list[tuple[str, str, str, int]] = field(default_factory=list)
    made: int = 0

    # ------------------------------------------------------------ what is so

    def expected(self, invoice: Invoice) -> dict[str, int]:
        """Pence by how the invoice was settled."""
        found = dict.fromkeys(HOW, 0)
        for _, of, how, pence in self.effects:
            if of == invoice.id:
                found[how] += pence
        found[OTHERWISE] += invoice.total if invoice.status == "VOID" else invoice.unsaid
        return found

    def left(self, invoice: Invoice) -> int:
        if invoice.status in ("VOID", "DRAFT"):
            return 0
        return invoice.total - sum(self.expected(invoice).values())

    def body(self, invoice: Invoice) -> Row:
        """As Sage answers with `show_payments_allocations`. A draft owes nothing yet, as Sage has it."""
        left, paid = self.left(invoice), invoice.total - self.left(invoice)
        status = invoice.status
        if status == "UNPAID":
            status = "PAID" if not left else "PART_PAID" if paid else status
        return {
            "id": invoice.id,
            "displayed_as": f"SI-{invoice.id}",
            "updated_at": "2026-11-01T10:00:00Z",
            "status": {"id": status},
            "total_amount": text(invoice.total),
            "outstanding_amount": text(left),
            "total_paid": text(0 if status in ("DRAFT", "VOID") else paid),
            "base_currency_outstanding_amount": text(left * 86 // 100),
            "payments_allocations": [
                row for row in self.rows.get(invoice.id, []) if self._stands(row["done"])
            ],
        }

    def _stands(self, done: str) -> bool:
        return any(one == done for one, *_ in self.effects)

    # ------------------------------------------------------------ what people do

    def pay(self) -> None:
        """With a discount at times, and sometimes more than is owed."""
        if not (invoice := self._owing()):
            return
        left = self.left(invoice)
        amount = self.dice.choice((left, self.dice.randint(1, left)))
        discount = self.dice.choice((0, 0, self.dice.randint(0, left - amount)))
        done = self._done("contact_payments")
        self._row(invoice, done, {"contact_payment": {"id": done}}, amount, discount)
        self._note(done, invoice, RECEIVED, amount)
        self._note(done, invoice, DISCOUNTED, discount)
        if self.dice.random() < 0.3:
            self.on_account()

    def refund(self) -> None:
        """Of what payments of its own brought, never of what was allocated."""
        paid = [one for one in self.invoices if self._by_payments(one) > 0]
        if not paid:
            return
        invoice = self.dice.choice(paid)
        amount = self.dice.randint(1, self._by_payments(invoice))
        done = self._done("refund")
        shown = amount * self.dice.choice((1, -1))
        self._row(invoice, done, {"contact_payment": {"id": done}, "negative_payment": True}, shown)
        self._note(done, invoice, RECEIVED, -amount)

    def _by_payments(self, invoice: Invoice) -> int:
        return sum(
            pence
            for done, of, how, pence in self.effects
            if of == invoice.id and how == RECEIVED and not done.startswith("allocation")
        )

    def on_account(self) -> None:
        self._give(RECEIVED)

    def credit_note(self) -> None:
        self._give(CREDITED)

    def contra(self) -> None:
        self._give(OTHERWISE)

    def _give(self, how: str) -> None:
        self.givers.append(Giver(self._done(how), how, self.dice.randint(1, 60_000)))

    def allocate(self) -> None:
        """One or more givers to one or more invoices. Of several kinds to several invoices, nobody can say
        which invoice got what."""
        givers = [one for one in self.givers if one.left][: self.dice.choice((1, 1, 2, 3))]
        takers = [one for one in self.invoices if self.left(one) > 0][: self.dice.choice((1, 1, 2, 3))]
        if not givers or not takers:
            return
        most = min(sum(one.left for one in givers), sum(self.left(one) for one in takers))
        amount = self.dice.choice((most, self.dice.randint(1, most)))
        given = _shared(amount, [(one.id, one.left) for one in givers])
        taken = _shared(amount, [(one.id, self.left(one)) for one in takers])
        done = self._done("allocation")
        for giver in givers:
            giver.left -= given.get(giver.id, 0)
        self.allocations[done] = self._allocation(done, given, taken)
        for invoice in takers:
            if pence := taken.get(invoice.id, 0):
                self._row(invoice, done, {"contact_allocation": {"id": done}}, pence)
                self._note_allocated(done, invoice, pence, given, len(taken) == 1)

    def _note_allocated(
        self, done: str, invoice: Invoice, pence: int, given: dict[str, int], alone: bool
    ) -> None:
        how = {one.id: one.how for one in self.givers}
        kinds = {how[key] for key in given}
        if alone:
            for key, part in given.items():
                self._note(done, invoice, how[key], part)
        else:
            self._note(done, invoice, kinds.pop() if len(kinds) == 1 else OTHERWISE, pence)

    def _allocation(self, done: str, given: dict[str, int], taken: dict[str, int]) -> Row:
        how = {one.id: one.how for one in self.givers}
        parts = [(key, "sales_invoices", pence) for key, pence in taken.items()]
        parts += [(key, _PATHS[how[key]], -pence) for key, pence in given.items()]
        self.dice.shuffle(parts)
        return {
            "id": done,
            "contact": {"id": self.name},
            "allocated_artefacts": [
                {
                    "artefact": {"id": key, "displayed_as": key, "$path": f"/{path}/{key}"},
                    "amount": text(pence),
                }
                for key, path, pence in parts
            ],
        }

    def remove(self) -> None:
        """A payment or an allocation is deleted: what it did is undone. Refunded money stays paid."""
        refunded = {of for done, of, *_ in self.effects if done.startswith("refund")}
        done = [one for one, of, *_ in self.effects if of not in refunded]
        if done:
            gone = self.dice.choice(done)
            self.effects = [one for one in self.effects if one[0] != gone]

    def unsaid(self) -> None:
        """Sage counts something as settled and shows no row for it."""
        if invoice := self._owing():
            invoice.unsaid += self.dice.randint(1, self.left(invoice))

    def void(self) -> None:
        clean = [one for one in self.invoices if not any(self.expected(one).values()) and self.left(one)]
        if clean:
            self.dice.choice(clean).status = "VOID"

    # ------------------------------------------------------------ inside

    def _owing(self) -> Invoice | None:
        owing = [one for one in self.invoices if self.left(one) > 0]
        return self.dice.choice(owing) if owing else None

    def _done(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.name}-{self.made}"

    def _note(self, done: str, invoice: Invoice, how: str, pence: int) -> None:
        if pence:
            self.effects.append((done, invoice.id, how, pence))

    def _row(self, invoice: Invoice, done: str, of: Row, amount: int, discount: int = 0) -> None:
        row = {"displayed_as": done, "amount": text(amount), "discount": text(discount), "done": done}
        self.rows.setdefault(invoice.id, []).append({**row, "negative_payment": False, **of})


_DEEDS = (
    *((Book.pay, 8), (Book.allocate, 12), (Book.credit_note, 7), (Book.on_account, 4), (Book.refund, 2)),
    *((Book.remove, 2), (Book.contra, 1), (Book.void, 1), (Book.unsaid, 1)),
)


def book(number: int) -> Book:
    """The n-th customer, with one to four invoices, of pennies and of thousands, and up to twelve deeds."""
    dice = random.Random(f"payments {number}")
    made = Book(dice, str(number))
    for one in range(dice.randint(1, 4)):
        total = dice.choice((dice.randint(1, 99), dice.randint(100, 50_000), dice.randint(1, 9_999_999)))
        status = "DRAFT" if dice.random() < 0.04 else "UNPAID"
        made.invoices.append(Invoice(f"{number}.{one}", total, status))
    deeds, weights = zip(*_DEEDS, strict=True)
    for deed in dice.choices(deeds, weights, k=dice.randint(0, 12)):
        deed(made)
    return made


def text(pence: int) -> str:
    """Pounds as Sage writes them: at least one decimal place."""
    sign, (pounds, rest) = "-" if pence < 0 else "", divmod(abs(pence), 100)
    return f"{sign}{pounds}.{rest // 10}" if rest % 10 == 0 else f"{sign}{pounds}.{rest:02}"


def _shared(amount: int, among: list[tuple[str, int]]) -> dict[str, int]:
    """Taken from the first as far as it goes, then from the next."""
    found = {}
    for key, left in among:
        part = min(amount, left)
        if part:
            found[key] = part
        amount -= part
    return found
