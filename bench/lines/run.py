"""10,000 invoices edited at random in their lines, in Vtiger or in Sage: no coding on a wrong line.

The real engine on memory vendors that number lines anew at each save, as the real ones do. Held is what
nobody could tell; such an invoice must be exactly as it was.
"""

import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from typing import Any

from bench.figures import Figures, exactly, told
from bench.lines.edits import RATE, Document, Line, document, edited, wanted
from shared.domain.rules import Rule
from tests.stories.customers import VTIGER
from tests.stories.drafts import Invoices

BATCH = 50
_OWN = ("ledger_account_id", "tax_rate_id", "analysis_type_categories")


def run(documents: int = 10_000, processes: int = 2) -> Figures:
    batches = -(-documents // BATCH)
    with ProcessPoolExecutor(processes) as pool:
        found = sum(pool.map(_batch, range(batches)), Counter[str]())
    name = f"lines, {batches * BATCH} documents edited"
    reasons = ", ".join(f"{one[5:]} {count}" for one, count in found.items() if one.startswith("held "))
    return {
        f"{name}: codings on a wrong line": exactly(found["wrong"], 0, "documents"),
        f"{name}: what Vtiger alone knew, on a wrong line": exactly(found["wrong in vtiger"], 0, "documents"),
        f"{name}: held and changed all the same": exactly(found["touched"], 0, "documents"),
        f"{name}: ended otherwise": exactly(found["other"], 0, "documents", reasons),
        f"{name}: held for a person": told(found["held"], "documents", f"of {found['edited']} with an edit"),
        f"{name}: lines": told(found["lines"], "lines", f"{found['coded']} coded by hand"),
    }


def _batch(number: int) -> Counter[str]:
    dice, found = random.Random(f"lines {number}"), Counter[str]()
    here = Invoices()
    made = {f"inv{place}": document(dice) for place in range(BATCH)}
    here.enter_all({name: _shown(one.lines, one) for name, one in made.items()})
    here.code_all({name: [_coding(one, line) for line in one.lines] for name, one in made.items()})
    after = {name: edited(dice, one.lines) for name, one in made.items()}
    in_sage = {name for name in made if dice.random() < 0.33}
    before = {name: (here.sage(name), here.vtiger(name)) for name in made}
    here.forget()
    here.save_all(
        {name: _shown(lines, made[name]) for name, lines in after.items() if name not in in_sage},
        {name: _booked(lines, made[name]) for name, lines in after.items() if name in in_sage},
    )
    outcomes = {row.records[VTIGER][0]: row.outcome for row in here.rows() if row.outcome.kind != "unchanged"}
    for name, one in made.items():
        outcome = outcomes.get(name)
        found["lines"] += len(one.lines)
        found["coded"] += sum(coding != ("4000", "GB_STANDARD", "") for coding in one.codings.values())
        found["edited"] += outcome is not None
        if outcome is not None and outcome.kind == "held" and outcome.rule == Rule.LINE_IDENTITY:
            found["held"] += 1
            target = (
                here.vtiger(name) != before[name][1]
                if name in in_sage
                else here.sage(name) != before[name][0]
            )
            found["touched"] += target
        elif outcome is None or outcome.kind == "updated":
            found["wrong"] += _in_sage(here.sage(name)) != wanted(one, after[name])
            if name in in_sage:
                found["wrong in vtiger"] += _in_vtiger(here.vtiger(name)) != _further(one, after[name])
        else:
            found["other"] += 1
            found[f"held {outcome.kind} {outcome.rule}"] += 1
    return found


def _coding(made: Document, line: Line) -> dict[str, Any]:
    account, code, analysis = made.codings[line.own]
    own = {"ledger_account_id": account, "tax_rate_id": code, "coding": f"{account} {code} {analysis}"}
    return {**own, "analysis_type_categories": [analysis]} if analysis else own


def _shown(lines: tuple[Line, ...], made: Document) -> list[dict[str, Any]]:
    """As Vtiger's screen saves them. Some lines have words that Sage never sees."""
    return [
        {
            "product": one.item,
            "service": "",
            "name": one.item,
            "comment": one.text,
            "quantity": str(one.quantity),
            "listprice": _pounds(one.pence),
            "discount_amount": "0",
            "tax": one.tax,
            **({"further": {"description": word}} if (word := _word(made, one)) else {}),
        }
        for one in lines
    ]


def _booked(lines: tuple[Line, ...], made: Document) -> list[dict[str, Any]]:
    """As a person saves them in Sage, who sees the coding of each."""
    rows = zip(lines, _codings(lines, made), strict=True)
    return [
        {
            "product_id": one.item,
            "service_id": "",
            "description": one.text,
            "quantity": str(one.quantity),
            "unit_price": _pounds(one.pence),
            "discount_amount": "0",
            "tax_amount": str(
                (Decimal(one.quantity * one.pence * int(one.tax)) / 10000).quantize(Decimal("0.01"))
            ),
            "ledger_account_id": account,
            "tax_rate_id": code,
            **({"analysis_type_categories": [analysis]} if analysis else {}),
        }
        for one, (account, code, analysis) in rows
    ]


def _codings(lines: tuple[Line, ...], made: Document) -> list[tuple[str, str, str]]:
    return [next(iter(wanted(made, (one,))))[1] for one in lines]


def _word(made: Document, line: Line) -> str:
    """A third of the lines have a word of Vtiger's own, which goes with the line's number."""
    return f"word {line.own % 2}" if line.own >= 0 and line.own % 3 == 0 else ""


def _in_sage(lines: list[dict[str, Any]]) -> Counter[Any]:
    return Counter(
        (
            _looks(one["product_id"], one["quantity"], one["unit_price"], one["description"], _rate(one)),
            tuple(_text(one.get(name)) for name in _OWN),
        )
        for one in lines
    )


def _in_vtiger(lines: list[dict[str, Any]]) -> Counter[Any]:
    return Counter(
        (
            _looks(
                one["product"],
                one["quantity"],
                one["listprice"],
                one.get("comment"),
                str(int(Decimal(one.get("tax") or 0))),
            ),
            (one.get("further") or {}).get("description", ""),
        )
        for one in lines
    )


def _further(made: Document, lines: tuple[Line, ...]) -> Counter[Any]:
    return Counter((one.looks, _word(made, one)) for one in lines)


def _looks(item: Any, quantity: Any, price: Any, text: Any, tax: str) -> tuple[Any, ...]:
    return (item, int(Decimal(quantity)), int(Decimal(price) * 100), text, tax)


def _rate(line: dict[str, Any]) -> str:
    return RATE[line["tax_rate_id"]]


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value or "")


def _pounds(pence: int) -> str:
    return format(Decimal(pence).scaleb(-2), "f")
