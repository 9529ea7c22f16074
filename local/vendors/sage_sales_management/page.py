"""The page at `/` and `/_admin`: the CRM's records in tables, and a form for each, for the demonstration."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from local.vendors.sage_sales_management.admin import listed, save
from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import Field
from local.vendors.sage_sales_management.values import Row

_LIMIT = 300
_SHOWN = {
    "accounts": (
        "Accounts",
        "name extId statusId salesRepId1 city postcode countryId vatNumber email phone readOnly",
    ),
    "contacts": ("Contacts", "firstName lastName accountId typeId email phone1 extId readOnly"),
    "products": ("Products", "model extId price stock notAvailable readOnly"),
    "salesorders": ("Quotations and orders", "reference number extId accountId statusId salesRepId readOnly"),
    "salesordersLines": ("Lines", "salesOrderId productId description quantity price discount1 total"),
    "sales": ("Invoices", "extId accountId date total"),
    "users": ("Users", "name lastName email isActive"),
}
_STYLE = (
    "body{font:14px system-ui,sans-serif;margin:1.5em;color:#222}"
    "table{border-collapse:collapse;margin-bottom:2em}"
    "td,th{padding:.3em .5em;border-bottom:1px solid #ddd;text-align:left}"
    "label{display:block;margin:.6em 0}input,select{font:inherit;min-width:24em}.error{color:#a00}"
)


def page_routes(server: SalesServer) -> list[Route]:
    async def show(request: Request) -> Response:
        name, wanted = request.query_params.get("resource", ""), request.query_params.get("id", "")
        with server.lock:
            return HTMLResponse(_form(server, name, wanted) if name in _SHOWN else _lists(server))

    async def edit(request: Request) -> Response:
        sent = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        name = request.path_params["resource"]
        try:
            with server.lock:
                _refuse_read_only(server, name, sent.get("id", ""))
                if sent.pop("delete", ""):
                    server.delete(server.resource(name), sent["id"], by_api=False)
                else:
                    save(server, server.resource(name), _read(server, name, sent))
        except (Refused, ValueError) as fault:
            said = f'<p class="error">{escape(str(fault))}</p><p><a href="/_admin">Back</a></p>'
            return HTMLResponse(_page(said), status_code=400)
        return RedirectResponse("/_admin", status_code=303)

    return [
        *(Route(path, show, methods=["GET"]) for path in ("/", "/_admin", "/_admin/")),
        Route("/_admin/edit/{resource}", edit, methods=["POST"]),
    ]


def _refuse_read_only(server: SalesServer, name: str, row_id: str) -> None:
    # known: document - people can neither change nor delete a read-only record
    row = server.rows.get(name, {}).get(int(row_id)) if row_id.isdigit() else None
    if row is not None and row.get("readOnly"):
        raise ValueError("This record is read-only.")


def _read(server: SalesServer, name: str, sent: dict[str, str]) -> dict[str, Any]:
    """What the form says, in the kinds of the fields. Blank is left out of a new record."""
    fields = server.resource(name).fields
    made: dict[str, Any] = {"id": sent["id"]} if sent.get("id") else {}
    for key, text in sent.items():
        if key in fields and (text or made):
            made[key] = _typed(fields[key], text.strip())
    return made


def _typed(field: Field, text: str) -> Any:
    if field.kind == "text" or field.kind == "moment":
        return text
    if not text:
        return None
    if field.kind == "bool":
        return text == "true"
    return float(text) if field.kind == "number" else int(text)


def _lists(server: SalesServer) -> str:
    return _page(
        "<h1>Sage Sales Management (emulated)</h1>" + "".join(_table(server, name) for name in _SHOWN)
    )


def _table(server: SalesServer, name: str) -> str:
    title, names = _SHOWN[name][0], _SHOWN[name][1].split()
    resource = server.resource(name)
    names += [one for one in resource.fields if one.startswith("Z_")]
    rows = listed(server, resource)
    head = "".join(f"<th>{escape(one)}</th>" for one in names)
    body = "".join(
        f'<tr><td><a href="/_admin?resource={name}&id={row["id"]}">{row["id"]}</a></td>'
        + "".join(f"<td>{escape(_text(row, resource.shown_name(one)))}</td>" for one in names)
        + "</tr>"
        for row in reversed(rows[-_LIMIT:])
    )
    new = f'<a href="/_admin?resource={quote(name)}">new</a>'
    return f"<h2>{title} ({len(rows)}) {new}</h2><table><tr><th></th>{head}</tr>{body}</table>"


def _form(server: SalesServer, name: str, wanted: str) -> str:
    resource = server.resource(name)
    row = server.rows[name].get(int(wanted)) if wanted.isdigit() else None
    inputs = "".join(_input(server, one, (row or {}).get(key)) for key, one in resource.fields.items())
    gone = '<button name="delete" value="yes">Delete</button>' if row else ""
    return _page(
        f"<h1>{_SHOWN[name][0]}</h1>"
        f'<form method="post" action="/_admin/edit/{quote(name)}">'
        f'<input type="hidden" name="id" value="{escape(wanted)}">'
        f"{inputs}<button>Save</button> {gone}</form>"
    )


def _input(server: SalesServer, one: Field, value: Any) -> str:
    if one.kind in ("bool", "ref"):
        known = ["true", "false"] if one.kind == "bool" else list(map(str, server.rows.get(one.table, {})))
        now = str(value).lower() if value is not None else ""
        named = {
            key: key if one.kind == "bool" else server.title(one.table, int(key)) or key for key in known
        }
        chosen = "".join(
            f'<option value="{key}"{" selected" if key == now else ""}>{escape(text)}</option>'
            for key, text in [("", ""), *named.items()]
        )
        return f'<label>{escape(one.name)} <select name="{escape(one.name)}">{chosen}</select></label>'
    text = "" if value is None else str(value)
    return f'<label>{escape(one.name)} <input name="{escape(one.name)}" value="{escape(text)}"></label>'


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, dict):
        return str(value.get("value") or value.get("description") or "")
    return "" if value is None else str(value)


def _page(content: str) -> str:
    return (
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Sage Sales Management</title>"
        f"<style>{_STYLE}</style></head><body>{content}</body></html>"
    )
