"""The page that a person looks at during a demonstration: sales orders, newest first, and customers."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

_STYLE = (
    "body{font:15px system-ui;margin:2rem;color:#222}table{border-collapse:collapse;margin:0 0 2rem}"
    "th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid #ddd}td.n{text-align:right}"
    "th{background:#f3f5f3}"
)


def page(company: str, orders: Iterable[Mapping[str, Any]], customers: Iterable[Mapping[str, Any]]) -> str:
    """HTML with every value escaped."""
    newest = sorted(orders, key=lambda one: -one["ORDER_NUMBER"])
    rows = [
        (
            one["ORDER_NUMBER"],
            one["ACCOUNT_REF"],
            one["NAME"],
            _day(one["ORDER_DATE"]),
            one["CUST_ORDER_NUMBER"],
            "; ".join(line["DESCRIPTION"] or line["STOCK_CODE"] for line in one["LINES"]),
            one["ITEMS_NET"],
            one["ITEMS_TAX"],
            one["ITEMS_GROSS"],
        )
        for one in newest
    ]
    people = [
        (
            one["ACCOUNT_REF"],
            one["NAME"],
            one["ADDRESS_5"],
            one["CURRENCY"],
            "on hold" if one["ACCOUNT_ON_HOLD"] else "inactive" if one["INACTIVE_FLAG"] else "",
        )
        for one in customers
        if not one["RECORD_DELETED"]
    ]
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Sage 50: {escape(company)}</title>"
        f"<style>{_STYLE}</style></head><body><h1>Sage 50 (emulated): {escape(company)}</h1>"
        f"<h2>Sales orders ({len(rows)})</h2>"
        + _table(
            ("Number", "Account", "Customer", "Date", "Customer order", "Items", "Net", "VAT", "Gross"), rows
        )
        + f"<h2>Customers ({len(people)})</h2>"
        + _table(("Account", "Name", "Postcode", "Currency", "State"), people)
        + "</body></html>"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    top = "".join(f"<th>{escape(head)}" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(value))}" for value in one) for one in rows)
    return f"<table><tr>{top}{body}</table>"


def _day(value: Any) -> str:
    return value.strftime("%d/%m/%Y") if value else ""
