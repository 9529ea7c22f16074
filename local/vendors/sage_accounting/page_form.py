"""The forms that change a record, for the demonstration, and what is saved from them."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from local.vendors.sage_accounting.books import Books
from local.vendors.sage_accounting.office import Office
from local.vendors.sage_accounting.page_parts import hidden, link, page
from local.vendors.sage_accounting.resources import RESOURCES

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


def save_edit(office: Office, sent: dict[str, str]) -> None:
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


def edit_form(books: Books, resource: str, key: str) -> str:
    if resource not in EDITED:
        raise ValueError(f"There is nothing to edit in {resource}.")
    row = books.find(resource, key)
    inputs = "".join(
        f"<label>{escape(name.replace('_', ' ').capitalize())} "
        f'<input name="{name}" value="{escape(str(row.get(name) or ""))}"></label>'
        for name in EDITED[resource]
    )
    below = "".join(
        f"<p>{escape(title)}: {link(name, books, one)}</p>"
        for title, name, one in _related(books, resource, row)
    )
    back = escape(urlencode({"business": books.business.id}))
    delete = "" if resource == "sales_invoices" else '<button name="action" value="delete">Delete</button> '
    return page(
        f'<h1>{escape(row["displayed_as"])}</h1><form method="post" action="/_admin/edit">'
        f"{hidden(resource, books, row)}{inputs}<button>Save</button> {delete}"
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
