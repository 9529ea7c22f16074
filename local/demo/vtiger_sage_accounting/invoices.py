"""The invoices of the sample, with every state that the flow can meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle

from local.demo.post import Row
from local.demo.vtiger_sage_accounting.catalogue import OLD, VAT, Item
from local.demo.vtiger_sage_accounting.organisations import Organisation, key

STATES = {
    "good": (16, "an ordinary invoice of one to four lines: a draft in Sage"),
    "services": (4, "hours and days, with a discount on a line"),
    "odd_subject": (2, "quotes, an entity and an emoji in subject and comment"),
    "shipping": (2, "shipping without tax"),
    "euro": (2, "in euros at Sage's rate, for a customer in euros"),
    "approved": (3, "approved in Vtiger: issued in Sage at once, and its number comes back"),
    "numbered": (3, "carries its Sage number: found by it; the due dates differ, and Sage's wins"),
    "same_details": (2, "found in Sage by customer, date, amount and reference"),
    "paid": (1, "marked as paid by hand in Vtiger: payments are entered in Sage"),
    "no_date": (2, "has no date"),
    "group_tax": (2, "taxed as a whole"),
    "discount": (1, "an overall discount in per cent"),
    "discount_amount": (1, "an overall discount in pounds"),
    "adjustment": (2, "an adjustment"),
    "shipping_tax": (1, "tax on shipping"),
    "two_taxes": (2, "two taxes on a line"),
    "odd_tax": (1, "a line with 17.5 %, which Sage does not have"),
    "wrong_currency": (2, "in euros, for a customer in pounds"),
    "wrong_rate": (1, "in euros at another rate than Sage's"),
    "penny": (2, "prices with three decimal places: Sage would arrive at another total"),
    "waiting_customer": (2, "its organisation is held, so it waits for it"),
    "waiting_item": (2, "an item of it is skipped, so it waits for it"),
    "sage_draft": (2, "a draft of Sage's own: made in Vtiger"),
    "sage_unpaid": (3, "issued in Sage: made in Vtiger, with its number"),
    "sage_part_paid": (1, "the same, paid in part"),
    "sage_paid": (1, "the same, paid"),
    "sage_text_line": (1, "a line of text without an item, which Vtiger does not allow"),
}
"""state -> (how many, what it stands for)."""

EURO_RATE = "1.16279"
"""Euros for a pound, as Vtiger has it; Sage's own rate is 0.86 pounds for a euro."""
_CUSTOMER = {
    "euro": "euro",
    "wrong_rate": "euro",
    "waiting_customer": "bad_vat_number",
    "numbered": "same_name",
    "same_details": "same_reference",
}
_ITEM = {"two_taxes": "two_taxes", "waiting_item": "no_description"}
_PENNY, _ODD_TAX, _EURO_PRICE = "0.335", {"tax1": OLD}, "14.40"
_SUBJECTS = (
    "Spring order",
    "Weekly top-up",
    "Shop fit-out",
    "Trade counter",
    "Tool hire",
    "Replacement stock",
)
_ODD = 'Bob\'s "rush" &amp; <extra> order 📦'
_IN_BOTH = ("numbered", "same_details")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    item: Item
    quantity: str
    price: str
    discount: str = ""

    def net(self) -> Decimal:
        gross = (Decimal(self.quantity) * Decimal(self.price)).quantize(_CENT, ROUND_HALF_UP)
        return gross - Decimal(self.discount or 0)


@dataclass(frozen=True)
class Invoice:
    number: int
    state: str
    organisation: Organisation
    lines: Sequence[Line]

    @property
    def sage_id(self) -> str:
        return key("invoice", self.number)

    @property
    def sage_number(self) -> str:
        return str(1000 + self.number)

    def in_vtiger(self) -> Row | None:
        """`account_id` and each line's `productid` are numbers of the organisation and the item, for the
        loader to replace."""
        if self.state.startswith("sage_"):
            return None
        return {
            "subject": _ODD if self.state == "odd_subject" else _SUBJECTS[self.number % len(_SUBJECTS)],
            "account_id": self.organisation.number,
            "customerno": f"PO {4000 + self.number}",
            "invoicedate": "" if self.state == "no_date" else self._date(),
            "duedate": f"2026-12-{self.number % 27 + 1:02d}",
            "invoicestatus": {"approved": "Approved", "paid": "Paid", "numbered": "Sent"}.get(
                self.state, "Created"
            ),
            "hdnTaxType": "group" if self.state == "group_tax" else "individual",
            "bill_street": "1 Mill Lane",
            "bill_city": "Leeds",
            "ship_street": "1 Mill Lane",
            "LineItems": [self._line(one) for one in self.lines],
            **self._extra(),
            **({"through": "api"} if self.state == "penny" else {}),
        }

    def in_sage(self, accounts: Row) -> Row | None:
        """`accounts` holds the ledger accounts that every line needs."""
        if not self.state.startswith("sage_") and self.state not in _IN_BOTH:
            return None
        draft = (
            {"status_id": "DRAFT"}
            if self.state in ("sage_draft", "same_details")
            else {"invoice_number": self.sage_number}
        )
        lines = [self._sage_line(one, accounts) for one in self.lines]
        if self.state == "sage_text_line":
            lines.append(
                {
                    "description": "Thank you for your custom",
                    "quantity": "1",
                    "unit_price": "5.00",
                    "tax_rate_id": "GB_STANDARD",
                    "tax_amount": "1.00",
                    **accounts,
                }
            )
        return {
            "id": self.sage_id,
            "contact_id": self.organisation.sage_id,
            "date": self._date(),
            "due_date": "2026-12-31",
            "reference": f"PO {4000 + self.number}",
            "invoice_lines": lines,
            **draft,
        }

    def paid(self) -> str | None:
        """How much of it is paid in Sage; "" for all of it."""
        return {"sage_part_paid": "10.00", "sage_paid": ""}.get(self.state)

    def _date(self) -> str:
        return f"2026-{self.number % 3 + 9:02d}-{self.number % 27 + 1:02d}"

    def _line(self, line: Line) -> Row:
        taxes = _ODD_TAX if self.state == "odd_tax" else line.item.taxes()
        return {
            "productid": line.item,
            "quantity": line.quantity,
            "listprice": line.price,
            **taxes,
            "comment": _ODD if self.state == "odd_subject" else "",
            **({"discount_amount": line.discount} if line.discount else {}),
        }

    def _sage_line(self, line: Line, accounts: Row) -> Row:
        rate = Decimal(line.item.rate)
        return {
            "service_id" if line.item.service else "product_id": line.item.sage_id,
            "description": line.item.name,
            "quantity": line.quantity,
            "unit_price": line.price,
            "discount_amount": line.discount or "0",
            "tax_rate_id": "GB_STANDARD" if line.item.rate == VAT else "GB_LOWER",
            "tax_amount": str((line.net() * rate / 100).quantize(_CENT, ROUND_HALF_UP)),
            **accounts,
        }

    def _extra(self) -> Row:
        foreign = {"currency_id": "2", "conversion_rate": EURO_RATE}
        return {
            "discount": {"hdnDiscountPercent": "5"},
            "discount_amount": {"hdnDiscountAmount": "12.50"},
            "adjustment": {"txtAdjustment": "-0.04"},
            "shipping": {"hdnS_H_Amount": "7.50"},
            "shipping_tax": {"hdnS_H_Amount": "7.50", "hdnS_H_Percent": "20"},
            "euro": foreign,
            "wrong_currency": foreign,
            "wrong_rate": {**foreign, "conversion_rate": "1.25"},
            "numbered": {"cf_858": f"SI-{self.sage_number}"},
        }.get(self.state, {})


def invoices(known: Sequence[Organisation], goods: Sequence[Item], jobs: Sequence[Item]) -> list[Invoice]:
    return list(_invoices(known, goods, jobs))


def _invoices(
    known: Sequence[Organisation], goods: Sequence[Item], jobs: Sequence[Item]
) -> Iterator[Invoice]:
    number = 0
    for state, (count, _) in STATES.items():
        fitting = cycle([one for one in known if one.kind == _kind(state)])
        for _ in range(count):
            number += 1
            yield Invoice(number, state, next(fitting), _lines(number, state, goods, jobs))


def _kind(state: str) -> str:
    return "sage_only" if state.startswith("sage_") else _CUSTOMER.get(state, "vtiger_only")


def _lines(number: int, state: str, goods: Sequence[Item], jobs: Sequence[Item]) -> list[Line]:
    both = state.startswith("sage_") or state in _IN_BOTH
    plain = [
        one
        for one in (jobs if state == "services" else goods)
        if one.kind == ("same_code" if both else "vtiger_only")
    ]
    first = [one for one in goods if one.kind == _ITEM[state]][:1] if state in _ITEM else []
    if state == "penny":
        return [Line(plain[number % len(plain)], "3", _PENNY)]
    chosen = first + [plain[(number + step) % len(plain)] for step in range(number % 3 + 1)]
    discount = "2.50" if state == "services" else ""
    return [
        Line(
            one,
            f"{1.5 if one.service else place + number % 4}",
            _EURO_PRICE if state in ("euro", "wrong_rate") else one.price,
            discount if place == 1 else "",
        )
        for place, one in enumerate(chosen, 1)
    ]
