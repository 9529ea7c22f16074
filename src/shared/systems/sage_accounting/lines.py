"""Invoice lines, both ways: as simple names in a snapshot, and as Sage expects them in a body.

Sage replaces all lines at once (the PUT of its published description has no id in a line), so a line that is
there already is sent with everything that a PUT takes, as it was just read, and changed only where it was
changed. Sage treats a missing tax amount as zero and does not compute it, so the line's own is always sent.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.errors import RecordRejected
from shared.systems.sage_accounting import gross_lines, ledgers
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.document_fields import LINE_NAMES
from shared.systems.sage_accounting.values import blank, number, reference, sent, text

_PENNY = Decimal("0.01")
Line = Mapping[str, Any]
_REFERENCES = ("ledger_account", "eu_goods_services_type", "eu_sales_description")
_FLAGS = ("trade_of_asset", "unit_price_includes_tax")
_ANALYSIS = "analysis_type_categories"
"""Shown by a single read that asks for it, and by no list."""
_OWN = (*(f"{name}_id" for name in _REFERENCES), *_FLAGS, _ANALYSIS)
"""What Sage alone knows of a line."""
_OURS = ("id", "coding")
_MONEY = ("quantity", "unit_price", "discount_amount", "tax_rate_id", "tax_amount")
"""A changed one of these changes what a line comes to."""


def shown(line: Line) -> dict[str, Any]:
    """`LINE_NAMES` as text, the line's id, what is filled of what Sage alone knows of it, and `coding`: all
    that in words."""
    own: dict[str, Any] = {f"{name}_id": reference(line.get(name)) for name in _REFERENCES}
    own |= {name: line[name] for name in _FLAGS if line.get(name) is True}
    own |= {
        _ANALYSIS: sorted(_ids(line.get(_ANALYSIS))),
        "id": text(line.get("id")),
        "coding": _coding(line),
    }
    return {
        "product_id": reference(line.get("product")),
        "service_id": reference(line.get("service")),
        "description": text(line.get("description")),
        "quantity": text(line.get("quantity")),
        "unit_price": text(line.get("unit_price")),
        "discount_amount": _discount(line),
        "tax_rate_id": reference(line.get("tax_rate")),
        "tax_amount": text(line.get("tax_amount")),
        **{name: value for name, value in own.items() if value},
    }


def written(context: SageContext, lines: Any, current: Sequence[Line] = ()) -> list[dict[str, Any]]:
    """The whole array. A line that names one of `current` goes back as that one is, changed where it differs;
    any other gets its ledger account here. Raises RecordRejected for lines that cannot be read."""
    if (
        not isinstance(lines, Sequence)
        or isinstance(lines, str)
        or not all(isinstance(one, Mapping) for one in lines)
    ):
        raise RecordRejected("invoice_lines of an invoice must be a list of lines")
    known = {text(one.get("id")): one for one in current if one.get("id")}
    return [_line(context, one, known.get(text(one.get("id")))) for one in lines]


def _line(context: SageContext, line: Line, before: Line | None) -> dict[str, Any]:
    unknown = [name for name in line if name not in (*LINE_NAMES, *_OWN, *_OURS)]
    if unknown:
        raise RecordRejected(
            f"an invoice line has no {', '.join(sorted(unknown))}: use {', '.join(LINE_NAMES)}"
        )
    given = {name: value for name, value in line.items() if name not in _OURS}
    return _new(context, given) if before is None else _kept(context, given, before)


def _new(context: SageContext, given: Line) -> dict[str, Any]:
    body = {name: _sent(value, name) for name, value in given.items() if not blank(value)}
    if number(body.get("discount_amount")) == 0:
        body.pop("discount_amount", None)
    if "ledger_account_id" not in body:
        body["ledger_account_id"] = ledgers.of_line(
            context, str(body.get("product_id", "")), str(body.get("service_id", ""))
        )
    return body


def _kept(context: SageContext, given: Line, before: Line) -> dict[str, Any]:
    """The line as it stands in Sage, with what is given otherwise laid over it."""
    there = shown(before)
    (seen,) = gross_lines.shown_net(context.facts, [before], [there])
    body = {
        name: _sent(value, name) for name, value in there.items() if name not in _OURS and not blank(value)
    }
    body |= {name: before[name] for name in _FLAGS if before.get(name) is not None}
    changed = {name: value for name, value in given.items() if not _same(value, seen.get(name, ""))}
    if before.get("unit_price_includes_tax") is True and not changed.keys().isdisjoint(_MONEY):
        changed |= _net_priced({**seen, **given})
    body |= {name: _sent(value, name) for name, value in changed.items()}
    share = number(before.get("discount_percentage"))
    if share and _by_percentage({**there, **given}, share) == (number(body.get("discount_amount")) or 0):
        body["discount_percentage"] = text(before["discount_percentage"])
        body.pop("discount_amount", None)
    elif not number(body.get("discount_amount")) and "discount_amount" not in changed:
        body.pop("discount_amount", None)
    return body


def _net_priced(line: Line) -> dict[str, Any]:
    """The price as it is shown, which is net: beside it Sage must not go on taking it for one with tax."""
    return {"unit_price": line.get("unit_price", ""), "unit_price_includes_tax": False}


def _by_percentage(line: Line, share: Decimal) -> Decimal:
    quantity, price = number(line.get("quantity")) or Decimal(0), number(line.get("unit_price")) or Decimal(0)
    return (quantity * price * share / 100).quantize(_PENNY, ROUND_HALF_UP)


def _same(value: Any, shown_value: Any) -> bool:
    if isinstance(value, Decimal):
        return value == number(shown_value)
    return bool((value or "") == (shown_value or ""))


def _sent(value: Any, name: str) -> Any:
    return list(value) if name == _ANALYSIS else sent(value, name)


def _ids(rows: Any) -> list[str]:
    return [one for row in rows or () if (one := reference(row))] if isinstance(rows, list) else []


def _coding(line: Line) -> str:
    """As people know it: "4001 Sales, Exempt"."""
    analysis = line.get(_ANALYSIS)
    parts: list[Any] = [line.get(name) for name in ("ledger_account", "tax_rate", *_REFERENCES[1:])]
    parts += analysis if isinstance(analysis, list) else []
    return ", ".join(_named(one) for one in parts if _named(one))


def _named(value: Any) -> str:
    return str(value.get("displayed_as") or value.get("id") or "") if isinstance(value, Mapping) else ""


def _discount(line: Line) -> str:
    """The amount, worked out if Sage has only a percentage."""
    amount, share = number(line.get("discount_amount")), number(line.get("discount_percentage"))
    if amount or not share or line.get("quantity") is None or line.get("unit_price") is None:
        return text(line.get("discount_amount"))
    return format(_by_percentage(line, share), "f")
