"""Writing inventory records: header money, lines, totals, and what each operation answers.

8.4 cannot write lines through webservice.php: create is refused, revise and update crash and leave a
half-written record behind. People at the screen, and the cloud, can.
"""

from typing import Any

from local.vendors.vtiger.errors import PhpDeath, VtigerError, denied
from local.vendors.vtiger.final_details import final_details
from local.vendors.vtiger.inventory import Totals, totals
from local.vendors.vtiger.lines import place_lines, read_lines
from local.vendors.vtiger.schema import INVENTORY
from local.vendors.vtiger.server import Actor, Record, VtigerServer
from local.vendors.vtiger.show import charges, fields_of, header_of_line, label, line_fields, shown_lines
from local.vendors.vtiger.values import number, record_id, rounded, wire_number

_TOTALS = {"hdnSubTotal": "subtotal", "pre_tax_total": "pre_tax", "hdnGrandTotal": "grand"}
_RECURRING = ("invoicestatus", "recurring_frequency", "start_period", "end_period", "payment_duration")


def check_lines(server: VtigerServer, actor: Actor, element: dict[str, Any]) -> None:
    if not element.get("LineItems"):
        raise VtigerError("MANDATORY_FIELDS_MISSING", "Mandatory Fields Missing..")
    if not _writes_lines(server, actor):
        raise VtigerError("INVALID_ID_ATTRIBUTE", "Id specified is incorrect")


def _writes_lines(server: VtigerServer, actor: Actor) -> bool:
    return server.options.old or actor.door != "webservice"


def write_document(
    server: VtigerServer,
    actor: Actor,
    record: Record,
    element: dict[str, Any],
    *,
    new: bool,
    complete: bool = False,
) -> dict[str, Any]:
    """Writes everything except the plain fields. Returns the answer for a change; for a create, the parts of
    its answer that differ from the record.

    Raises PhpDeath half-way through the work.
    """
    sent = element.get("LineItems")
    _not_recurring(record)
    if not sent and not actor.person:
        return _without_lines(server, record, actor) if actor.door == "webservice" else {}
    _header(record, element, new, actor)
    if sent:
        lines = read_lines(server, record, sent, actor.person)
        if not _writes_lines(server, actor):
            _half(server, record, lines)
        place_lines(server, record, lines)
    counted = totals(server, record.values, record.lines, actor.person)
    _store_totals(record, counted)
    if "balance" in record.values and (new or (actor.person and "balance" not in element)):
        record.values["balance"] = rounded(counted.grand - number(record.values["received"] or 0), 8)
    if actor.door != "webservice":
        return {}
    return (
        _echo_new(server, record, element, counted, actor)
        if new
        else _echo(server, record, counted, actor, complete)
    )


def _not_recurring(record: Record) -> None:
    """An order keeps the values for recurring invoices only if these are switched on."""
    if record.module == "SalesOrder" and record.values.get("enable_recurring") != "1":
        record.values |= {
            name: "" if name == "invoicestatus" else None for name in _RECURRING if name in record.values
        }


def _header(record: Record, element: dict[str, Any], new: bool, actor: Actor) -> None:
    """Amounts of the header that are not sent with the lines are reset, except for the discount. A form sends
    all of them."""
    charge = element.get("shipping_&_handling", element.get("hdnS_H_Amount"))
    if actor.person:
        record.charges = "form"
        record.shipping = str(charge) if charge not in (None, "") else record.shipping or "0"
    else:
        record.charges, record.shipping = "api", None if charge in (None, "") else str(charge)
        if not new:
            reset = {"hdnTaxType": None, "txtAdjustment": rounded(0, 8), "hdnS_H_Amount": rounded(0, 8)}
            record.values |= {name: value for name, value in reset.items() if name not in element}
    if charge not in (None, ""):
        record.values["hdnS_H_Amount"] = rounded(charge, 8)


def _half(server: VtigerServer, record: Record, lines: list[dict[str, Any]]) -> None:
    """PHP crashes between the lines and the totals: no stock is moved, nothing is counted, the balance is
    old."""
    record.lines = []
    start = server.take_line_number()
    record.lines = [{**line, "id": start + place, "incrementondel": "0"} for place, line in enumerate(lines)]
    record.values |= dict.fromkeys(_TOTALS, rounded(0, 8))
    raise PhpDeath


def _without_lines(server: VtigerServer, record: Record, actor: Actor) -> dict[str, Any]:
    """Lines and totals stay. The answer has the first line's fields in the header."""
    return {
        **fields_of(server, record),
        **header_of_line(server, record, 0),
        "label": label(server, record),
        "LineItems": shown_lines(server, record, actor),
    }


def _numbers(counted: Totals) -> dict[str, Any]:
    return {name: wire_number(getattr(counted, attribute)) for name, attribute in _TOTALS.items()}


def _echo_new(
    server: VtigerServer, record: Record, element: dict[str, Any], counted: Totals, actor: Actor
) -> dict[str, Any]:
    """The answer was built before the balance and the header's product were known."""
    result = {
        **_numbers(counted),
        "productid": None,
        "LineItems_FinalDetails": final_details(server, record, actor, True),
    }
    if "balance" in record.values:
        result["balance"] = rounded(element.get("balance") or 0, 8)
    if record.module == "SalesOrder" and element.get("invoicestatus"):
        result["invoicestatus"] = element["invoicestatus"]
    return result


def _echo(
    server: VtigerServer, record: Record, counted: Totals, actor: Actor, complete: bool
) -> dict[str, Any]:
    """revise shows the new lines; update shows none, and empty line fields."""
    lines = [] if complete else shown_lines(server, record, actor)
    empty = dict.fromkeys(header_of_line(server, record, 0), "") if complete else {}
    return {
        **fields_of(server, record),
        **empty,
        **_numbers(counted),
        "label": label(server, record),
        **charges(record),
        "LineItems": lines,
        "productid": None,
        "LineItems_FinalDetails": final_details(server, record, actor, True),
    }


def append_line(server: VtigerServer, actor: Actor, element: dict[str, Any]) -> dict[str, Any]:
    """Creating a single LineItem. On a server that cannot write lines the totals stay as they were."""
    module, bare = record_id(server, element.get("parent_id"))
    record = server.live(bare)
    if record is None or record.module != module or module not in INVENTORY:
        raise denied()
    line = read_lines(server, record, [element], False)[0]
    line |= {"id": server.take_line_number(), "sequence_no": str(len(record.lines) + 1)}
    record.lines.append(line)
    if _writes_lines(server, actor):
        _store_totals(record, totals(server, record.values, record.lines))
    record.values["modifiedtime"] = server.clock.stored()
    server.log(actor, "create", "LineItem", line["id"], element)
    server.saved(record)
    return {**line_fields(server, line), "parent_id": server.wire(module, bare)}


def _store_totals(record: Record, counted: Totals) -> None:
    record.values |= {name: rounded(getattr(counted, attribute), 8) for name, attribute in _TOTALS.items()}
