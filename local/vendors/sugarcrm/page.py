"""The small page at `/_admin/`: the opportunities of the emulated CRM, and a form to edit one, for the
demo."""

from html import escape
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from local.vendors.sugarcrm.admin import Admin, Refusal
from local.vendors.sugarcrm.amounts import plain_number
from local.vendors.sugarcrm.schema import metadata
from local.vendors.sugarcrm.server import SugarServer

_LIMIT = 500
_STYLE = (
    "body{font:15px system-ui,sans-serif;margin:2em;color:#222}table{border-collapse:collapse}"
    "td,th{padding:.3em .8em;border-bottom:1px solid #ddd;text-align:left}td.n{text-align:right}"
    "label{display:block;margin:.6em 0}input,select{font:inherit;min-width:22em}.error{color:#a00}"
)


def page_routes(admin: Admin) -> list[Route]:
    async def show(request: Request) -> Response:
        wanted = request.query_params.get("id", "")
        return HTMLResponse(_form(admin.server, wanted) if wanted else _list(admin.server))

    async def save(request: Request) -> Response:
        sent = {
            name: values[0]
            for name, values in parse_qs((await request.body()).decode(), keep_blank_values=True).items()
        }
        try:
            _save(admin, sent)
        except Refusal as error:
            return HTMLResponse(_page(f'<p class="error">{escape(str(error))}</p>'), status_code=400)
        return RedirectResponse("/_admin/", status_code=303)

    return [Route("/_admin/", show, methods=["GET"]), Route("/_admin/edit", save, methods=["POST"])]


def _save(admin: Admin, sent: dict[str, str]) -> None:
    """The account's reference can be edited beside the opportunity, because the flow asks people to fill it
    in."""
    reference = admin.server.options.account_field
    account = sent.get("account_id", "")
    if reference and account and reference in sent:
        before = _account(admin.server, account).get(reference)
        if sent[reference] != (before or ""):
            admin.edit("accounts", {"id": account, reference: sent[reference]})
    names = {"id", "name", "sales_stage", "amount", "account_id", admin.server.options.order_field}
    admin.edit("opportunities", {name: value for name, value in sent.items() if name in names})


def _list(server: SugarServer) -> str:
    rows = "".join(_row(server, row) for row in _opportunities(server))
    return _page(
        "<h1>Opportunities</h1><table><tr><th>Name</th><th>Stage</th><th>Amount</th><th>Currency</th>"
        f"<th>Account</th><th>Account reference</th><th>Order number</th></tr>{rows}</table>"
    )


def _row(server: SugarServer, row: dict[str, Any]) -> str:
    order = row.get(server.options.order_field or "") or ""
    reference = _account(server, row["account_id"]).get(server.options.account_field or "") or ""
    cells = "".join(
        f"<td>{escape(str(value or ''))}</td>" for value in (row["account_name"], reference, order)
    )
    return (
        f'<tr><td><a href="?id={quote(row["id"])}">{escape(row["name"] or "(no name)")}</a></td>'
        f'<td>{escape(row["sales_stage"] or "")}</td><td class="n">{escape(plain_number(row["amount"]))}</td>'
        f"<td>{escape(row['currency_name'] or '')}</td>{cells}</tr>"
    )


def _form(server: SugarServer, record_id: str) -> str:
    row = server.database.row(server.database.modules["Opportunities"], record_id)
    if row is None:
        return _page(f'<p class="error">There is no opportunity {escape(record_id)}.</p>')
    stages = metadata()["options"][metadata()["modules"]["Opportunities"]["fields"]["sales_stage"]["options"]]
    choices = "".join(
        f"<option{' selected' if stage == row['sales_stage'] else ''}>{escape(stage)}</option>"
        for stage in dict.fromkeys([row["sales_stage"] or "", *stages])
    )
    inputs = [
        _input("Name", "name", row["name"]),
        f'<label>Stage <select name="sales_stage">{choices}</select></label>',
        _input("Amount", "amount", plain_number(row["amount"])),
        _input("Account id", "account_id", row["account_id"]),
    ]
    if server.options.account_field and row["account_id"]:
        reference = _account(server, row["account_id"]).get(server.options.account_field)
        inputs.append(_input("Account reference", server.options.account_field, reference))
    if server.options.order_field:
        inputs.append(_input("Order number", server.options.order_field, row.get(server.options.order_field)))
    return _page(
        f'<h1>{escape(row["name"] or "")}</h1><form method="post" action="/_admin/edit">'
        f'<input type="hidden" name="id" value="{escape(record_id)}">{"".join(inputs)}'
        '<button>Save</button> <a href="/_admin/">Back</a></form>'
    )


def _input(label: str, name: str, value: Any) -> str:
    return f'<label>{label} <input name="{escape(name)}" value="{escape(str(value or ""))}"></label>'


def _opportunities(server: SugarServer) -> list[dict[str, Any]]:
    module = server.database.modules["Opportunities"]
    names = ["id", "name", "sales_stage", "amount", "currency_name", "account_id", "account_name"]
    names += [server.options.order_field] if server.options.order_field else []
    return server.database.select(
        module, names, order="opportunities.date_modified DESC, opportunities.id", limit=_LIMIT
    )


def _account(server: SugarServer, account_id: Any) -> dict[str, Any]:
    return server.database.row(server.database.modules["Accounts"], str(account_id or "")) or {}


def _page(body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Emulated SugarCRM</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
