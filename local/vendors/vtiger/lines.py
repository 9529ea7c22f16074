"""Lines of inventory records: read from a client's LineItems, put on the record, taken from stock."""

from typing import Any

from local.vendors.vtiger.errors import VtigerError
from local.vendors.vtiger.inventory import product_taxes
from local.vendors.vtiger.schema import PRICED
from local.vendors.vtiger.server import Line, Record, VtigerServer
from local.vendors.vtiger.text import cleaned
from local.vendors.vtiger.values import number, record_id, rounded


def read_lines(server: VtigerServer, record: Record, sent: Any, by_form: bool) -> list[Line]:
    """Lines as they will be stored. Raises VtigerError for a line without a product that exists."""
    rows = sent if isinstance(sent, list) else []
    return [_line(server, record, row, place, by_form) for place, row in enumerate(rows, 1)]


def _line(server: VtigerServer, record: Record, sent: dict[str, Any], place: int, by_form: bool) -> Line:
    product = _product(server, sent)
    price = sent.get("listprice")
    if price in (None, ""):
        price = product.values.get("unit_price") or "0"
    lost = "????" if server.options.old else "??"
    line: Line = {
        "id": 0,
        "productid": str(product.number),
        "sequence_no": str(place),
        "quantity": rounded(sent.get("quantity") or 0, 3),
        "listprice": rounded(price, 8),
        "discount_percent": _discount(sent, "discount_percent", 3, by_form),
        "discount_amount": _discount(sent, "discount_amount", 8, by_form),
        "comment": cleaned(str(sent.get("comment") or ""), lost),
        "description": cleaned(str(sent.get("description") or ""), lost),
        "incrementondel": "1" if record.module == "Invoice" else "0",
        "image": None if by_form else "",
        "purchase_cost": rounded(sent.get("purchase_cost") or 0, 8),
        "margin": rounded(0, 8),
    }
    return {**line, **_rates(server, record, product, sent)}


def _product(server: VtigerServer, sent: dict[str, Any]) -> Record:
    module, bare = record_id(server, sent.get("productid"))
    found = server.live(bare)
    if module not in PRICED:
        raise VtigerError("REFERENCE_INVALID", "Invalid reference specified for productid")
    if found is None or found.module != module:
        raise VtigerError("RECORD_NOT_FOUND", "Record you are trying to access is not found")
    return found


def _discount(sent: dict[str, Any], name: str, decimals: int, by_form: bool) -> str | None:
    given = sent.get(name)
    return None if by_form and given in (None, "") else rounded(given or 0, decimals)


def _rates(server: VtigerServer, record: Record, product: Record, sent: dict[str, Any]) -> dict[str, str]:
    """The rates sent; on a line of an individual document that names none, the product's own."""
    names = server.tax_names()
    enabled = product_taxes(server, product.number)
    if record.values.get("hdnTaxType") == "individual" and not any(
        sent.get(name) is not None for name in names
    ):
        return {name: enabled.get(name, "0.000") for name in names}
    return {name: rounded(sent.get(name) or 0, 3) for name in names}


def place_lines(server: VtigerServer, record: Record, lines: list[Line]) -> None:
    """Replaces the record's lines. The new ones get ids of their own, and an invoice changes the stock."""
    move_stock(server, record, 1)
    record.lines = []
    start = server.take_line_number()
    record.lines = [{**line, "id": start + place} for place, line in enumerate(lines)]
    move_stock(server, record, -1)


def move_stock(server: VtigerServer, record: Record, sign: int) -> None:
    """Below zero if necessary, and without changing the product's modifiedtime."""
    if record.module != "Invoice":
        return
    for line in record.lines:
        product = server.live(line["productid"])
        if product and product.module == "Products":
            left = number(product.values["qtyinstock"] or 0) + sign * number(line["quantity"])
            product.values["qtyinstock"] = rounded(left, 3)
