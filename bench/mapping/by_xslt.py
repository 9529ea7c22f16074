"""The second peer: the same mapping as an XSLT 1.0 style sheet run by lxml, as file-based integration
products do it.

Building the XML and turning the answer into an order's dict are never timed, in the peer's favour.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

_SHEET = Path(__file__).with_name("order.xslt")


def make_sheet() -> etree.XSLT:
    return etree.XSLT(etree.parse(str(_SHEET)))


def make_document(records: list[dict[str, Any]]) -> etree._ElementTree:
    """One row per opportunity, one element per field, `account.x` as `account_x`."""
    root = etree.Element("Opportunities")
    for record in records:
        row = etree.SubElement(root, "Opportunity")
        for name, value in record.items():
            etree.SubElement(row, name.replace(".", "_")).text = value or ""
    return etree.ElementTree(root)


def make_text(record: dict[str, Any]) -> bytes:
    """One opportunity as the XML text that a file-based product would receive."""
    return etree.tostring(make_document([record]))


def transform(sheet: etree.XSLT, text: bytes) -> bytes:
    """One record from text to text."""
    return bytes(sheet(etree.fromstring(text)))


def orders(result: Any) -> list[dict[str, Any]]:
    """The answer as dicts, to compare with the other contestants."""
    return [_order(item) for item in result.getroot()]


def _order(element: Any) -> dict[str, Any]:
    order: dict[str, Any] = {child.tag: child.text or "" for child in element if child.tag != "invoiceItems"}
    order["invoiceItems"] = [
        _line({child.tag: child.text or "" for child in item}) for item in element.find("invoiceItems")
    ]
    return order


def _line(line: dict[str, Any]) -> dict[str, Any]:
    for name in ("quantity", "unitPrice", "discount", "taxRate"):
        line[name] = Decimal(line[name])
    for name in ("taxCode", "departmentNumber"):
        line[name] = int(line[name])
    return line
