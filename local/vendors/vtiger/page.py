"""The page at `/` and `/_admin`: the CRM's records in tables, and a form for each, for the demo."""

import re
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from local.vendors.vtiger import people
from local.vendors.vtiger.errors import VtigerError
from local.vendors.vtiger.schema import PRICED
from local.vendors.vtiger.server import VtigerServer
from local.vendors.vtiger.values import plain

_LIMIT = 300
_LINE = re.compile(r"line(\d+)_(\w+)$")
_COLUMNS = {
    "Accounts": ["account_no", "accountname", "phone", "email1", "bill_city", "bill_code", "bill_country"],
    "Contacts": ["contact_no", "firstname", "lastname", "account_id", "email", "phone"],
    "Products": ["product_no", "productname", "productcode", "unit_price", "qtyinstock", "discontinued"],
    "Services": ["service_no", "servicename", "unit_price", "discontinued"],
    "Invoice": ["invoice_no", "subject", "account_id", "invoicedate", "invoicestatus"],
}
_MONEY = ["hdnSubTotal", "hdnGrandTotal", "received", "balance"]
_FIRST = {
    "Invoice": ["subject", "invoicestatus", "account_id", "contact_id", "invoicedate", "duedate", "received"]
}
_STYLE = (
    "body{font:14px "
    "system-ui,sans-serif;margin:1.5em;color:#222}table{border-collapse:collapse;margin-bottom:2em}"
    "td,th{padding:.3em .5em;border-bottom:1px solid "
    "#ddd;text-align:left;vertical-align:top}td.n{text-align:right}"
    "label{display:block;margin:.6em 0}input,textarea{font:inherit;min-width:24em}.error{color:#a00}"
)


def page_routes(server: VtigerServer) -> list[Route]:
    async def show(request: Request) -> Response:
        module, wanted = request.query_params.get("module", ""), request.query_params.get("id", "")
        with server.lock:
            return HTMLResponse(_form(server, module, wanted) if module in _COLUMNS else _lists(server))

    async def save(request: Request) -> Response:
        text = (await request.body()).decode("utf-8", "replace")
        sent = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        try:
            people.save(
                server, request.path_params["module"], _changed(server, request.path_params["module"], sent)
            )
        except (VtigerError, ValueError) as fault:
            result = f'<p class="error">{escape(str(fault))}</p><p><a href="/_admin">Back</a></p>'
            return HTMLResponse(_page(result), status_code=400)
        return RedirectResponse("/_admin", status_code=303)

    return [
        *(Route(path, show, methods=["GET"]) for path in ("/", "/_admin", "/_admin/")),
        Route("/_admin/edit/{module}", save, methods=["POST"]),
    ]


def _changed(server: VtigerServer, module: str, sent: dict[str, str]) -> dict[str, Any]:
    """What the form changes. A browser writes CR LF for line ends in a text, which alone is not a change."""
    lines = _lines_sent(server, sent)
    plain_fields = {name: value for name, value in sent.items() if not _LINE.match(name)}
    before = next((row for row in people.listed(server, module) if row["id"] == sent.get("id")), None)
    if before is None:
        result = {name: value for name, value in plain_fields.items() if value}
        return {**result, **({"LineItems": lines} if lines else {})}
    result = {
        name: value
        for name, value in plain_fields.items()
        if name == "id" or value.replace("\r\n", "\n") != str(before.get(name) or "").replace("\r\n", "\n")
    }
    same = lines == [_line_values(server, line) for line in before.get("LineItems", [])]
    return result if same or not lines else {**result, "LineItems": lines}


def _lines_sent(server: VtigerServer, sent: dict[str, str]) -> list[dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for name, value in sent.items():
        if value and (match := _LINE.match(name)):
            rows.setdefault(int(match[1]), {})[match[2]] = value
    return [row for _, row in sorted(rows.items()) if row.get("productid")]


def _line_values(server: VtigerServer, line: dict[str, Any]) -> dict[str, str]:
    numbers = {name: plain(line[name]) for name in ("quantity", "listprice", *server.tax_names())}
    discounts = {
        name: plain(line[name])
        for name in ("discount_percent", "discount_amount")
        if plain(line[name] or "0") != "0"
    }
    return {
        "productid": line["productid"],
        **numbers,
        **discounts,
        **({"comment": line["comment"]} if line["comment"] else {}),
    }


def _lists(server: VtigerServer) -> str:
    return _page("<h1>Vtiger CRM (emulated)</h1>" + "".join(_table(server, module) for module in _COLUMNS))


def _table(server: VtigerServer, module: str) -> str:
    rows = people.listed(server, module)
    fields = server.modules[module].fields or {}
    names = [*_COLUMNS[module], *(name for name, *_ in server.options.custom_fields.get(module, []))]
    heads = [fields[name].label for name in names]
    extra = ["Lines", *(fields[name].label for name in _MONEY)] if module == "Invoice" else []
    extra += ["Taxes"] if module in PRICED else []
    body = "".join(_row(server, module, names, row) for row in reversed(rows[-_LIMIT:]))
    label = escape(server.modules[module].label)
    top = "".join(f"<th>{escape(head)}</th>" for head in [*heads, *extra])
    new = f'<a href="/_admin?module={quote(module)}">new</a>'
    return f"<h2>{label} ({len(rows)}) {new}</h2><table><tr><th></th>{top}</tr>{body}</table>"


def _row(server: VtigerServer, module: str, names: list[str], row: dict[str, Any]) -> str:
    fields = server.modules[module].fields or {}
    cells = [_cell(server, fields[name].type, row[name]) for name in names]
    if module == "Invoice":
        cells += [f"<td>{'<br>'.join(_line(line) for line in row['LineItems'])}</td>"]
        cells += [_cell(server, "currency", row[name]) for name in _MONEY]
    if module in PRICED:
        taxes = ", ".join(f"{name} {plain(row[name])}%" for name in server.tax_names() if name in row)
        cells.append(f"<td>{escape(taxes)}</td>")
    edit = f'<a href="/_admin?module={quote(module)}&amp;id={quote(row["id"])}">{escape(row["id"])}</a>'
    return f"<tr><td>{edit}</td>{''.join(cells)}</tr>"


def _cell(server: VtigerServer, kind: str, value: Any) -> str:
    if kind == "reference" and value:
        record = server.live(str(value).partition("x")[2])
        value = people.described(server, record)["label"] if record else value
        return f"<td>{value}</td>"  # a label is encoded already
    if kind in ("currency", "double") and value not in (None, ""):
        return f'<td class="n">{escape(plain(value))}</td>'
    return f"<td>{escape(str(value or ''))}</td>"


def _line(line: dict[str, Any]) -> str:
    text = f"{plain(line['quantity'])} × {line['product_name'] or ''} at {plain(line['listprice'])}"
    return escape(f"{text} ({line['comment']})" if line["comment"] else text)


def _form(server: VtigerServer, module: str, wanted: str) -> str:
    rows = [row for row in people.listed(server, module) if row["id"] == wanted]
    row = rows[0] if rows else {}
    if wanted and not row:
        return _page(f'<p class="error">There is no record {escape(wanted)}.</p>')
    fields = [
        field
        for field in server.modules[module].stored.values()
        if field.editable and field.name != "modifiedby"
    ]
    first = [
        *_FIRST.get(module, _COLUMNS[module]),
        *(name for name, *_ in server.options.custom_fields.get(module, [])),
    ]
    fields.sort(key=lambda field: first.index(field.name) if field.name in first else len(first))
    shown = [field for field in fields if field.name in row or not row]
    inputs = "".join(_input(field.label, field.name, field.type, row.get(field.name)) for field in shown)
    if module in PRICED:
        taxes = zip(server.tax_names(), server.taxes, strict=True)
        inputs += "".join(
            _input(f"Tax {label} %", name, "double", row.get(name)) for name, (label, *_) in taxes
        )
    if module == "Invoice":
        inputs += _line_table(server, row.get("LineItems", []))
    head = row.get("label") or f"New record of {escape(server.modules[module].label)}"
    return _page(
        f'<h1>{head}</h1><form method="post" action="/_admin/edit/{quote(module)}">'
        f'<p><button>Save</button> <a href="/_admin">Back</a></p>'
        f'<input type="hidden" name="id" value="{escape(wanted)}">{inputs}<button>Save</button></form>'
    )


def _line_table(server: VtigerServer, lines: list[dict[str, Any]]) -> str:
    """The lines, and two empty ones. A product is named by its id; an empty price is the product's own."""
    names = [
        "productid",
        "quantity",
        "listprice",
        "discount_percent",
        "discount_amount",
        *server.tax_names(),
        "comment",
    ]
    filled = [*(_line_values(server, line) for line in lines), {}, {}]
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td><input style="min-width:6em" size="8" name="line{place}_{name}" '
            f'value="{escape(line.get(name, ""))}"></td>'
            for name in names
        )
        + "</tr>"
        for place, line in enumerate(filled, 1)
    )
    return f"<h2>Lines</h2><table><tr>{''.join(f'<th>{name}</th>' for name in names)}</tr>{rows}</table>"


def _input(label: str, name: str, kind: str, value: Any) -> str:
    text = escape(str("" if value is None else value))
    if kind == "text":
        return f'<label>{escape(label)} <textarea name="{escape(name)}">\n{text}</textarea></label>'
    return f'<label>{escape(label)} <input name="{escape(name)}" value="{text}"></label>'


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Emulated Vtiger</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
