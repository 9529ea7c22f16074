"""Sample data of a small UK wholesaler: SugarCRM accounts and 200 opportunities, and the customers in Sage
50.

Deterministic, with every state that the flow can meet. Each opportunity's `state` names the case it
represents; STATES describes the cases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.demo.sugarcrm_sage_50.companies import Company, companies

Row = dict[str, Any]
EURO = "c0000000-0000-4000-8000-000000000978"
"""Sugar's id of the Euro; pounds are its base currency, -99."""

STATES = {
    "good": ("Closed Won", 74, "an ordinary won opportunity; its number is NULL"),
    "good_empty": ("Closed Won", 20, "the same, with an empty text as its number"),
    "same_second": ("Closed Won", 12, "ordinary, and all saved within one second"),
    "not_won": ("Negotiation/Review", 30, "not won yet, or lost"),
    "numbered": ("Closed Won", 16, "has its order number already"),
    "no_account": ("Closed Won", 4, "no account is chosen"),
    "no_reference": ("Closed Won", 5, "its account has no Sage reference"),
    "unknown_reference": ("Closed Won", 4, "its account names a customer that Sage does not have"),
    "lower_case": ("Closed Won", 4, "its account's reference is in lower case"),
    "euro": ("Closed Won", 4, "in euros, for a customer in euros"),
    "wrong_currency": ("Closed Won", 4, "in euros, for a customer in pounds"),
    "on_hold": ("Closed Won", 3, "the customer is on hold in Sage"),
    "inactive": ("Closed Won", 2, "the customer is inactive in Sage"),
    "zero": ("Closed Won", 2, "the amount is zero"),
    "negative": ("Closed Won", 2, "the amount is below zero"),
    "blank_amount": ("Closed Won", 2, "there is no amount"),
    "three_decimals": ("Closed Won", 2, "the amount has three decimal places"),
    "huge": ("Closed Won", 2, "the amount is larger than Sage takes"),
    "odd_name": ("Closed Won", 8, "a name with quotes, angle brackets, emoji, or 300 characters"),
}
"""state -> (sales stage, how many, what it stands for)."""

_OPEN_STAGES = ("Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review", "Closed Lost")
_GOODS = (
    "office chairs",
    "shelving",
    "workshop benches",
    "packing materials",
    "annual maintenance",
    "LED lighting",
    "safety footwear",
    "catering equipment",
    "timber decking",
    "printing",
    "signage",
    "pallet wrap",
)
_ODD_NAMES = (
    'Dad\'s Army "Reunion" order',
    "5 < 6 > 4 & more",
    "O'Brien & Sons' fit-out",
    "Pallets 📦🚚 for spring",
    "A" * 20 + " long name " + "x" * 269,
    "<b>bold</b> shelving",
    "Straße, Ærø & Zoë's café",
    "100% \\ \"quoted\\\" 'text'",
)
_AMOUNTS = {
    "zero": "0",
    "negative": "-125.00",
    "blank_amount": None,
    "three_decimals": "12.345",
    "huge": "123456789012.00",
}


@dataclass(frozen=True)
class Opportunity:
    state: str
    values: Row


@dataclass(frozen=True)
class Sample:
    """Bodies for the emulators' admin APIs."""

    customers: Sequence[Row]
    currencies: Sequence[Row]
    accounts: Sequence[Row]
    opportunities: Sequence[Opportunity]


def sample() -> Sample:
    made = companies()
    opportunities = list(_opportunities(made))
    return Sample(
        [one.customer() for one in made if one.in_sage],
        [_euro()],
        [one.account() for one in made],
        opportunities,
    )


def _euro() -> Row:
    return {
        "id": EURO,
        "name": "Euro",
        "iso4217": "EUR",
        "symbol": "€",
        "conversion_rate": 1.17,
        "status": "Active",
    }


def _opportunities(made: Sequence[Company]) -> Iterator[Opportunity]:
    number = 0
    for state, (stage, count, _) in STATES.items():
        fitting = [one for one in made if one.kind == _COMPANY.get(state, "plain")]
        for index in range(count):
            number += 1
            yield Opportunity(state, _opportunity(state, stage, index, number, fitting[index % len(fitting)]))


_COMPANY = {
    "no_reference": "no_reference",
    "unknown_reference": "unknown_reference",
    "lower_case": "lower_case",
    "euro": "euro",
    "on_hold": "on_hold",
    "inactive": "inactive",
}


def _opportunity(state: str, stage: str, index: int, number: int, company: Company) -> Row:
    pence = (number * 7919) % 900_000 + 4_500
    name = f"{company.name.split()[0]}: {_GOODS[number % len(_GOODS)]}"
    return {
        "id": f"0pp00000-0000-4000-8000-{number:012d}",
        "name": _ODD_NAMES[index % len(_ODD_NAMES)] if state == "odd_name" else name,
        "sales_stage": _OPEN_STAGES[index % len(_OPEN_STAGES)] if state == "not_won" else stage,
        "amount": _AMOUNTS.get(state, f"{pence // 100}.{pence % 100:02d}"),
        "currency_id": EURO if state in ("euro", "wrong_currency") else "-99",
        "date_closed": f"2026-{(number % 10) + 1:02d}-{(number * 3) % 27 + 1:02d}",
        "account_id": None if state == "no_account" else company.id,
        "sales_order_no_c": {"good_empty": "", "numbered": str(600 + number)}.get(state),
    }
