"""A record as the API shows it. The interfaces and versions differ in how they write an empty value."""

from typing import Any

from local.vendors.vtiger.final_details import final_details
from local.vendors.vtiger.schema import INVENTORY, LINE_FIELDS, PRICED, Module
from local.vendors.vtiger.server import Actor, Line, Record, VtigerServer
from local.vendors.vtiger.text import labelled
from local.vendors.vtiger.values import wire_number

IN_QUERY = {"hdnDiscountPercent": "discount_percent", "hdnDiscountAmount": "discount_amount"}


def shown_value(server: VtigerServer, module: Module, name: str, raw: str | None, query: bool) -> Any:
    """`query` keeps NULL as null, on 8.4; elsewhere it becomes an empty text, but for references of 8.4."""
    field = (module.fields or {})[name]
    nothing = None if query and not server.options.old else ""
    if field.type == "owner":
        return server.owner(raw) or ""
    if field.type != "reference":
        return nothing if raw is None else raw
    found = _reference(server, field.refers or (), raw)
    if found is None and not server.options.old and name != "salesorder_id":
        return None
    return nothing if found is None else found


def _reference(server: VtigerServer, refers: tuple[str, ...], raw: str | None) -> str | None:
    if not raw:
        return None
    if len(refers) == 1 and refers[0] in ("Users", "Currency", "Tax"):
        return server.wire(refers[0], raw)
    record = server.live(raw)
    return server.wire(record.module, raw) if record and record.module in refers else None


def fields_of(server: VtigerServer, record: Record, query: bool = False) -> dict[str, Any]:
    """All fields of the record itself, and its id."""
    module = server.modules[record.module]
    told = {
        (IN_QUERY.get(name, name) if query else name): shown_value(
            server, module, name, record.values.get(name), query
        )
        for name in module.stored
    }
    told["id"] = server.wire(record.module, record.number)
    if record.files:
        told["imageattachmentids"] = ",".join(
            server.wire(record.module, file["number"]) for file in record.files
        )
    return told


def label(server: VtigerServer, record: Record) -> str:
    names = server.modules[record.module].label_fields.split(",")
    return labelled(" ".join(record.values.get(name) or "" for name in names).strip())


def whole(server: VtigerServer, record: Record, actor: Actor) -> dict[str, Any]:
    """What retrieve answers."""
    told = {**fields_of(server, record), "label": label(server, record)}
    if record.module in PRICED:
        told |= price_and_tax(server, record)
    if record.module in INVENTORY:
        lines = shown_lines(server, record, actor)
        told |= charges(record)
        told["LineItems"] = lines
        told["productid"] = lines[0]["productid"] if lines else None
        told["LineItems_FinalDetails"] = final_details(server, record, actor)
    return told


def price_and_tax(server: VtigerServer, record: Record) -> dict[str, Any]:
    prices = {f"currency{number}": wire_number(price) for number, price in record.prices.items()}
    own = record.currency or server.options.currencies[0][0]
    return {**record.taxes, **prices, "currency_id": server.wire("Currency", own)}


def charges(record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {"shipping_&_handling": record.shipping}
    if record.charges == "api":
        told |= {f"shipping_&_handling_shtax{place}": 0 for place in (1, 2, 3)}
    return told


def shown_lines(server: VtigerServer, record: Record, actor: Actor) -> list[dict[str, Any]]:
    old = server.options.old and actor.door == "webservice"
    parent = (
        f"{server.options.prefixes[record.module]}xArray"
        if old
        else server.wire(record.module, record.number)
    )
    return [
        {**line_fields(server, line), "parent_id": parent, **_product(server, line)} for line in record.lines
    ]


def line_fields(server: VtigerServer, line: Line) -> dict[str, Any]:
    """A line without its parent. NULL is empty on 8.1, null on 8.4."""
    nothing = "" if server.options.old else None
    told = {name: nothing if value is None else value for name, value in line.items()}
    return {**told, "id": server.wire("LineItem", line["id"]), "productid": _product_id(server, line)}


def _product_id(server: VtigerServer, line: Line) -> str:
    record = server.records.get(int(line["productid"] or 0))
    return server.wire(record.module if record else "Products", line["productid"])


def _product(server: VtigerServer, line: Line) -> dict[str, Any]:
    record = server.records.get(int(line["productid"] or 0))
    if record is None:
        return {"product_name": None, "entity_type": None, "deleted": None}
    name = record.values["productname" if record.module == "Products" else "servicename"]
    return {"product_name": name, "entity_type": record.module, "deleted": "1" if record.deleted else "0"}


def header_of_line(server: VtigerServer, record: Record, place: int, query: bool = False) -> dict[str, Any]:
    """The fields of a line that describe lists among those of the header; a query shows the last line's."""
    if not record.lines:
        return dict.fromkeys(LINE_FIELDS, None if query else "") | {"productid": None}
    line = line_fields(server, record.lines[place])
    told = {name: line.get(name) for name in LINE_FIELDS}
    if not query:
        told |= {name: told[name] or "" for name in ("discount_amount", "discount_percent")}
        told |= dict.fromkeys(("purchase_cost", "margin", "image"), "" if server.options.old else None)
    return told
