"""The lines of a sales document: their totals, and how a new array is combined with the stored one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from local.vendors.sage_accounting import tax_rates
from local.vendors.sage_accounting.books import Books, Record
from local.vendors.sage_accounting.errors import REQUIRED, Refused, error, invalid, malformed
from local.vendors.sage_accounting.fields import BodyContext, Field, read
from local.vendors.sage_accounting.shapes import decimals, shown
from local.vendors.sage_accounting.tables import LINE
from local.vendors.sage_accounting.values import rounded

PREFIX = "line_items."
_ANALYSIS = "analysis_type_categories"
_COMPUTED = ("net_amount", "tax_amount", "total_amount", "discount_amount", "unit_price")


def read_lines(books: Books, wrapper: str, name: str, given: Any, before: list[Record]) -> list[Record]:
    """Replaces the stored lines, keeping one whose id is named; or, if the service merges, changes only
    those."""
    if not isinstance(given, list):
        raise malformed(wrapper, name, books.options.validation_status)
    known = {line["id"]: line for line in before}
    rows = [_line(books, wrapper, one, known) for one in given]
    if books.options.line_arrays == "merge":
        rows = list({**known, **{row["id"]: row for row in rows}}.values())
    if not rows:
        raise Refused(422, [error(REQUIRED, "line_items")])
    return rows


def _line(books: Books, wrapper: str, given: Any, known: Mapping[str, Record]) -> Record:
    before = known.get(str(given.get("id"))) if isinstance(given, dict) else None
    values = read(BodyContext(books, wrapper, before is None, PREFIX), LINE, given)
    for one in values.get(_ANALYSIS) or ():
        books.must_exist(_ANALYSIS, str(one))
    merged = {"id": uuid4().hex, "discount_amount": None, **(before or {}), **values}
    _require(books, merged)
    return merged | _amounts(books, merged, values)


def _require(books: Books, line: Record) -> None:
    if books.options.line_needs_quantity_and_tax:
        missing = [name for name in ("quantity", "tax_rate_id") if line.get(name) is None]
        if missing:
            raise Refused(422, [error(REQUIRED, PREFIX + name) for name in missing])
    if line.get("quantity") is None:
        line["quantity"] = Decimal(1)
    if "sales" not in books.find("ledger_accounts", line["ledger_account_id"])["visible_scopes"]:
        raise invalid("This ledger account cannot be used for sales.", PREFIX + "ledger_account_id")


def _amounts(books: Books, line: Record, given: Mapping[str, Any]) -> Record:
    """Tax that was not sent is zero: it is never worked out."""
    gross = rounded(line["quantity"] * line["unit_price"])
    percentage = line.get("discount_percentage")
    discount = rounded(gross * percentage / 100) if percentage else line.get("discount_amount") or Decimal(0)
    tax = line.get("tax_amount") or Decimal(0)
    net = gross - discount - (tax if line.get("unit_price_includes_tax") else 0)
    if books.options.accept_line_net and given.get("net_amount") is not None:
        net = given["net_amount"]
    return {
        "net_amount": net,
        "tax_amount": tax,
        "total_amount": net + tax,
        "discount_amount": discount,
        "discount_percentage": percentage or Decimal(0),
    }


def shape_line(books: Books, line: Record, rate: Decimal) -> Record:
    found = shown(books, (*LINE, Field("discount_percentage", "number")), line)
    found |= {
        "id": line["id"],
        "displayed_as": line["description"],
        "tax_breakdown": tax_breakdown(books, line.get("tax_rate_id"), line["tax_amount"]),
        "base_currency_tax_breakdown": tax_breakdown(
            books, line.get("tax_rate_id"), rounded(line["tax_amount"] * rate)
        ),
    }
    return found | decimals({f"base_currency_{name}": rounded(line[name] * rate) for name in _COMPUTED})


def shape_analysis(books: Books, line: Record) -> Record:
    """Only in a single read that asks for it."""
    return {_ANALYSIS: [books.reference(_ANALYSIS, one) for one in line.get(_ANALYSIS) or ()]}


def tax_breakdown(books: Books, tax_rate: str | None, amount: Decimal) -> list[Record]:
    if not tax_rate:
        return []
    return [
        {
            "tax_rate": books.reference("tax_rates", tax_rate),
            **decimals({"percentage": percentage(books, tax_rate), "amount": amount}),
        }
    ]


def percentage(books: Books, tax_rate: str | None) -> Decimal:
    found = books.stored("tax_rates", tax_rate)
    return tax_rates.percentage_on(books, found, tax_rates.today(books)) if found else Decimal(0)


def tax_analysis(
    books: Books, lines: list[Record], shipping: tuple[str | None, Decimal, Decimal]
) -> list[Record]:
    """Net, tax and total for each tax rate, shipping included."""
    sums: dict[str, dict[str, Decimal]] = {}
    for line in lines:
        _add(
            sums,
            line.get("tax_rate_id"),
            line["net_amount"],
            line["tax_amount"],
            bool(line.get("service_id")),
        )
    rate, net, tax = shipping
    if net:
        _add(sums, rate, net, tax, True)
    return [{"tax_rate": books.reference("tax_rates", key), **decimals(one)} for key, one in sums.items()]


def _add(
    sums: dict[str, dict[str, Decimal]], rate: str | None, net: Decimal, tax: Decimal, service: bool
) -> None:
    if not rate:
        return
    names = ("net_amount", "tax_amount", "total_amount", "goods_amount", "service_amount")
    row = sums.setdefault(rate, dict.fromkeys(names, Decimal(0)))
    for name, value in (
        ("net_amount", net),
        ("tax_amount", tax),
        ("total_amount", net + tax),
        ("service_amount" if service else "goods_amount", net),
    ):
        row[name] += value
