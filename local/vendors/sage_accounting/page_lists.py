"""The records of the emulated business, a table for each kind."""

from html import escape
from typing import Any
from urllib.parse import quote

from local.vendors.sage_accounting.books import Books
from local.vendors.sage_accounting.office import Office
from local.vendors.sage_accounting.page_parts import Html, hidden, link, page, table
from local.vendors.sage_accounting.resources import RESOURCES


def overview(office: Office, books: Books) -> str:
    links = " · ".join(
        f'<a href="/_admin?business={quote(key)}">{escape(one.business.name)}</a>'
        for key, one in office.service.books.items()
    )
    return page(
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
                link("sales_invoices", books, row),
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
    return table("Sales invoices", heads, rows)


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
                link("contacts", books, row),
                one["contact_types"][0]["displayed_as"],
                one["reference"],
                place,
                one["main_contact_person"]["displayed_as"],
                one["email"],
                one["currency"]["id"],
            )
        )
    return table(
        "Contacts", ("Name", "Type", "Reference", "Main address", "Main person", "E-mail", "Currency"), rows
    )


def _persons(books: Books) -> str:
    rows = [
        (
            link("contact_persons", books, row),
            books.display("addresses", row["address_id"]),
            row.get("job_title"),
            row.get("telephone"),
            row.get("mobile"),
            row.get("email"),
        )
        for row in books.live("contact_persons")
    ]
    return table("Persons", ("Name", "Address", "Job title", "Telephone", "Mobile", "E-mail"), rows)


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
                    link(own, books, row),
                    row["item_code"],
                    result,
                    row.get("quantity_in_stock", ""),
                    "" if row["active"] is not False else "inactive",
                )
            )
        found += table(title, ("Description", "Code", "Prices", "In stock", ""), rows)
    return found


def _buttons(books: Books, row: dict[str, Any]) -> Html:
    actions = {
        "DRAFT": ("release", "delete"),
        "PRO_FORMA": ("release", "delete"),
        "UNPAID": ("pay", "credit", "void"),
        "PART_PAID": ("pay", "credit"),
    }.get(row["status"], ())
    return Html(
        "".join(
            f'<form class="row" method="post" action="/_admin/edit">{hidden("sales_invoices", books, row)}'
            f'<button name="action" value="{action}">{action.title()}</button></form> '
            for action in actions
        )
    )
