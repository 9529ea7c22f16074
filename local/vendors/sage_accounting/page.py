"""The page at / and /_admin: the records of the emulated business, and forms to change them, for the
demonstration."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from local.vendors.sage_accounting.books import Books
from local.vendors.sage_accounting.errors import Refused
from local.vendors.sage_accounting.office import Office
from local.vendors.sage_accounting.resources import RESOURCES

_STYLE = (
    "body{font:14px system-ui;margin:1.5rem;color:#222}table{border-collapse:collapse;margin:0 0 2rem}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid "
    "#ddd}td.n{text-align:right}"
    "td:nth-child(6){min-width:14em}"
    "th{background:#f0f5f0}label{display:block;margin:.5em "
    "0}input{font:inherit;min-width:22em}.error{color:#a00}"
    "form.row{display:inline}"
)
_ITEM = ("item_code", "description", "notes")
EDITED: dict[str, tuple[str, ...]] = {
    "contacts": ("name", "reference", "notes"),
    "contact_persons": ("name", "job_title", "telephone", "mobile", "email"),
    "addresses": ("name", "address_line_1", "address_line_2", "city", "region", "postal_code", "country_id"),
    "products": _ITEM,
    "services": _ITEM,
    "stock_items": _ITEM,
    "sales_invoices": ("reference", "notes", "due_date"),
}


def page_routes(office: Office) -> list[Route]:
    async def show(request: Request) -> Response:
        business = request.query_params.get("business") or office.service.lead.business.id
        try:
            return HTMLResponse(_overview(office, office.books(business)))
        except ValueError as fault:
            return HTMLResponse(_page(_error(fault)), status_code=400)

    async def form(request: Request) -> Response:
        try:
            books = office.books(request.query_params.get("business"))
            return HTMLResponse(
                _form(books, request.query_params.get("resource", ""), request.query_params.get("id", ""))
            )
        except (Refused, ValueError) as fault:
            return HTMLResponse(_page(_error(fault)), status_code=400)

    async def save(request: Request) -> Response:
        sent = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        try:
            _save(office, sent)
        except (Refused, ValueError) as fault:
            return HTMLResponse(_page(_error(fault)), status_code=400)
        return RedirectResponse(
            f"/_admin?{urlencode({'business': sent.get('business', '')})}", status_code=303
        )

    return [
        Route("/", show),
        Route("/_admin", show),
        Route("/_admin/", show),
        Route("/_admin/edit", form, methods=["GET"]),
        Route("/_admin/edit", save, methods=["POST"]),
    ]


def _save(office: Office, sent: dict[str, str]) -> None:
    books, resource, action = (
        office.books(sent.get("business")),
        sent.get("resource", ""),
        sent.get("action", ""),
    )
    if resource not in EDITED:
        raise ValueError(f"There is nothing to edit in {resource}.")
    if action == "delete":
        with books.undone_when_refused():
            remove = RESOURCES[resource].delete
            assert remove is not None
            remove(books, books.find(resource, sent.get("id")), {"void_reason": "Voided by a person"})
    elif action:
        office.do(books, sent.get("id", ""), action, {})
    else:
        values = {name: value for name, value in sent.items() if name in EDITED[resource]}
        office.save(books, RESOURCES[resource], {"id": sent.get("id"), **values})


def _overview(office: Office, books: Books) -> str:
    links = " · ".join(
        f'<a href="/_admin?business={quote(key)}">{escape(one.business.name)}</a>'
        for key, one in office.service.books.items()
    )
    return _page(
        f"<h1>Sage Accounting (emulated): {escape(books.business.name)}</h1><p>{links}</p>"
        + _invoices(books)
        + _contacts(books)
        + _persons(books)
        + _items(books)
    )


def _invoices(books: Books) -> str:
    rows = []
    for row in reversed(books.live("sales_invoices")):
        one = RESOURCES["sales_invoices"].shape(books, row, {})
        lines = "; ".join(
            f"{line['quantity']} × {line['description']} at {line['unit_price']}"
            for line in one["invoice_lines"]
        )
        rows.append(
            (
                _link("sales_invoices", books, row),
                one["contact_name"],
                one["date"],
                one["due_date"],
                one["reference"],
                lines,
                one["net_amount"],
                one["tax_amount"],
                one["total_amount"],
                one["currency"]["id"],
                one["outstanding_amount"],
                one["status"]["displayed_as"],
                _buttons(books, row),
            )
        )
    heads = (
        "Invoice",
        "Customer",
        "Date",
        "Due",
        "Reference",
        "Lines",
        "Net",
        "VAT",
        "Total",
        "",
        "Outstanding",
        "Status",
        "",
    )
    return _table("Sales invoices", heads, rows)


def _contacts(books: Books) -> str:
    rows = []
    for row in books.live("contacts"):
        one = RESOURCES["contacts"].shape(books, row, {})
        address = books.stored("addresses", row["main_address_id"]) or {}
        place = ", ".join(
            address[name]
            for name in ("address_line_1", "address_line_2", "city", "postal_code")
            if address.get(name)
        )
        rows.append(
            (
                _link("contacts", books, row),
                one["contact_types"][0]["displayed_as"],
                one["reference"],
                place,
                one["main_contact_person"]["displayed_as"],
                one["email"],
                one["currency"]["id"],
            )
        )
    return _table(
        "Contacts", ("Name", "Type", "Reference", "Main address", "Main person", "E-mail", "Currency"), rows
    )


def _persons(books: Books) -> str:
    rows = [
        (
            _link("contact_persons", books, row),
            books.display("addresses", row["address_id"]),
            row.get("job_title"),
            row.get("telephone"),
            row.get("mobile"),
            row.get("email"),
        )
        for row in books.live("contact_persons")
    ]
    return _table("Persons", ("Name", "Address", "Job title", "Telephone", "Mobile", "E-mail"), rows)


def _items(books: Books) -> str:
    found = ""
    for resource, title in (("products", "Products"), ("services", "Services")):
        rows = []
        for row in books.live(resource):
            prices = row.get("sales_prices") or row.get("sales_rates") or []
            result = ", ".join(
                f"{one.get('price_name') or one.get('rate_name')} {one.get('price', one.get('rate'))}"
                for one in prices
            )
            own = "stock_items" if "quantity_in_stock" in row else resource
            rows.append(
                (
                    _link(own, books, row),
                    row["item_code"],
                    result,
                    row.get("quantity_in_stock", ""),
                    "" if row["active"] is not False else "inactive",
                )
            )
        found += _table(title, ("Description", "Code", "Prices", "In stock", ""), rows)
    return found


class _Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def _link(resource: str, books: Books, row: dict[str, Any]) -> _Html:
    query = urlencode({"resource": resource, "id": row["id"], "business": books.business.id})
    return _Html(f'<a href="/_admin/edit?{escape(query)}">{escape(row["displayed_as"])}</a>')


def _buttons(books: Books, row: dict[str, Any]) -> _Html:
    actions = {
        "DRAFT": ("release", "delete"),
        "PRO_FORMA": ("release", "delete"),
        "UNPAID": ("pay", "credit", "void"),
        "PART_PAID": ("pay", "credit"),
    }.get(row["status"], ())
    return _Html(
        "".join(
            f'<form class="row" method="post" action="/_admin/edit">{_hidden("sales_invoices", books, row)}'
            f'<button name="action" value="{action}">{action.title()}</button></form> '
            for action in actions
        )
    )


def _hidden(resource: str, books: Books, row: dict[str, Any]) -> str:
    values = {"resource": resource, "id": row["id"], "business": books.business.id}
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items()
    )


def _form(books: Books, resource: str, key: str) -> str:
    if resource not in EDITED:
        raise ValueError(f"There is nothing to edit in {resource}.")
    row = books.find(resource, key)
    inputs = "".join(
        f"<label>{escape(name.replace('_', ' ').capitalize())} "
        f'<input name="{name}" value="{escape(str(row.get(name) or ""))}"></label>'
        for name in EDITED[resource]
    )
    below = "".join(
        f"<p>{escape(title)}: {_link(name, books, one)}</p>"
        for title, name, one in _related(books, resource, row)
    )
    back = escape(urlencode({"business": books.business.id}))
    delete = "" if resource == "sales_invoices" else '<button name="action" value="delete">Delete</button> '
    return _page(
        f'<h1>{escape(row["displayed_as"])}</h1><form method="post" action="/_admin/edit">'
        f"{_hidden(resource, books, row)}{inputs}<button>Save</button> {delete}"
        f'<a href="/_admin?{back}">Back</a></form>{below}'
    )


def _related(books: Books, resource: str, row: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    if resource != "contacts":
        return []
    mine = [one for one in books.live("addresses") if one.get("contact_id") == row["id"]]
    people = [
        one
        for one in books.live("contact_persons")
        if one["address_id"] in [address["id"] for address in mine]
    ]
    return [
        *(("Address", "addresses", one) for one in mine),
        *(("Person", "contact_persons", one) for one in people),
    ]


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f"<h2>{escape(title)} ({len(rows)})</h2><table><tr>{top}</tr>{body}</table>"


def _cell(value: Any) -> str:
    return str(value) if isinstance(value, _Html) else escape("" if value is None else str(value))


def _error(fault: Exception) -> str:
    return f'<p class="error">{escape(str(fault))}</p><p><a href="/_admin">Back</a></p>'


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sage Accounting '
        "(emulated)</title>"
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
