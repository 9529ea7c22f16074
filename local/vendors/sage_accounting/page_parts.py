"""What the emulated Sage's pages are put together of."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from local.vendors.sage_accounting.books import Books

_STYLE = (
    "body{font:14px system-ui;margin:1.5rem;color:#222}table{border-collapse:collapse;margin:0 0 2rem}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid "
    "#ddd}td.n{text-align:right}"
    "td:nth-child(6){min-width:14em}"
    "th{background:#f0f5f0}label{display:block;margin:.5em "
    "0}input{font:inherit;min-width:22em}.error{color:#a00}"
    "form.row{display:inline}"
)


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def link(resource: str, books: Books, row: dict[str, Any]) -> Html:
    query = urlencode({"resource": resource, "id": row["id"], "business": books.business.id})
    return Html(f'<a href="/_admin/edit?{escape(query)}">{escape(row["displayed_as"])}</a>')


def hidden(resource: str, books: Books, row: dict[str, Any]) -> str:
    values = {"resource": resource, "id": row["id"], "business": books.business.id}
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items()
    )


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f"<h2>{escape(title)} ({len(rows)})</h2><table><tr>{top}</tr>{body}</table>"


def _cell(value: Any) -> str:
    return str(value) if isinstance(value, Html) else escape("" if value is None else str(value))


def error(fault: Exception) -> str:
    return f'<p class="error">{escape(str(fault))}</p><p><a href="/_admin">Back</a></p>'


def page(body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sage Accounting '
        "(emulated)</title>"
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
