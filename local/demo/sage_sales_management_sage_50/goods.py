"""What the bookkeeper sells, and has sold: products with pictures, price lists, an order, and invoices."""

import base64
import struct
import zlib
from collections.abc import Mapping

import httpx

from local.demo.post import Advance, Row, client, post, tell
from local.demo.sage_sales_management_sage_50.customers import customers

NAMES = ("Office chair", "Desk", "Shelving bay", "Filing cabinet", "Desk lamp", "Fitting, per hour")
SERVICE, INACTIVE = 6, 5
"""Their places: labour has no stock, and the lamp is no longer sold."""
PICTURES = (
    (1, "chair.png", (60, 90, 160)),
    (2, "desk.png", (150, 110, 60)),
    (3, "shelves.png", (90, 90, 90)),
)
"""Product, file and colour."""
_ORDINARY = [one["accountRef"] for one in customers() if not one["onHold"] and not one["inactiveAccount"]]
PLAIN, LISTED = _ORDINARY[0], _ORDINARY[1]
"""A customer with the sales prices, and one with a price list."""
OVER = next(one["accountRef"] for one in customers() if one["creditLimit"] == 500)


def code(place: int) -> str:
    return f"GOODS-{place}"


def price(place: int) -> float:
    return 10 + place * 7.5


def products() -> list[Row]:
    return [
        {
            "stockCode": code(place),
            "description": name,
            "salesPrice": price(place),
            "itemType": 2 if place == SERVICE else 0,
            "inactiveFlag": int(place == INACTIVE),
            "qtyInStock": 0 if place == SERVICE else 40 - place,
            "taxCode": 1,
            "nominalCode": "4000",
        }
        for place, name in enumerate(NAMES, 1)
    ]


def prices() -> Row:
    return {
        "lists": [{"reference": "TRADE", "name": "Trade prices"}],
        "prices": [{"list": "TRADE", "stockCode": code(2), "price": 20}],
        "customers": {LISTED: "TRADE"},
    }


def order() -> Row:
    return {"customerAccountRef": PLAIN, "invoiceItems": [line(1, 4), line(2, 1)]}


def invoices() -> list[Row]:
    """One is paid, of one a part is paid, one is not, and the last is overdue: its customer owes more than
    its limit."""
    new, old = "02/11/2026", "17/08/2026"
    sold = (
        (PLAIN, 2, "full", new),
        (LISTED, 3, "part", new),
        (_ORDINARY[2], 5, "", new),
        (OVER, 40, "", old),
    )
    made = []
    for account, quantity, paid, day in sold:
        items = [line(1, quantity)]
        gross = round(quantity * price(1) * 1.2, 2)
        row = {
            "customerAccountRef": account,
            "invoiceDate": day,
            "posted": True,
            "invoiceItems": items,
        }
        made.append({**row, "paid": {"full": gross, "part": 20}.get(paid, 0)})
    return made


def postings() -> list[Row]:
    """The balances that these invoices leave."""
    made: list[Row] = []
    for one in invoices():
        gross = round(sum(row["quantity"] * row["unitPrice"] for row in one["invoiceItems"]) * 1.2, 2)
        owed = {
            "accountRef": one["customerAccountRef"],
            "date": "-".join(reversed(one["invoiceDate"].split("/"))),
        }
        made.append({**owed, "type": "SI", "amount": gross})
        if one["paid"]:
            made.append({**owed, "type": "SR", "amount": one["paid"]})
    return made


def line(place: int, quantity: int) -> Row:
    """At 20 % tax."""
    return {
        "stockCode": code(place),
        "description": NAMES[place - 1],
        "quantity": quantity,
        "unitPrice": price(place),
        "taxCode": 1,
        "taxRate": 20,
        "discount": 0,
        "departmentNumber": 0,
        "nominalCode": "4000",
    }


def picture(colour: tuple[int, int, int], side: int = 48) -> bytes:
    """A square of one colour, as PNG."""
    row = b"\0" + bytes(colour) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def size() -> int:
    return len(products()) + len(PICTURES) + 1 + len(invoices())


def load(addresses: Mapping[str, str], advance: Advance) -> None:
    sage = addresses["sage_50"]
    with client() as opened:
        post(opened, f"{sage}/_admin/products", products(), advance)
        for place, name, colour in PICTURES:
            content = base64.b64encode(picture(colour)).decode()
            tell(
                opened,
                f"{sage}/_admin/pictures",
                {"stockCode": code(place), "name": name, "content": content},
            )
            advance(1)
        tell(opened, f"{sage}/_admin/prices", prices())
        order_in_sage(opened, sage)
        advance(1)
        post(opened, f"{sage}/_admin/invoices", invoices(), advance)
        tell(opened, f"{sage}/_admin/postings", postings())


def order_in_sage(opened: httpx.Client, sage: str) -> None:
    """Raises RuntimeError with the emulator's reason if it refuses."""
    answer = opened.post(f"{sage}/api/salesOrder", json=order(), headers={"AuthToken": "demo-token"}).json()
    if not answer["success"]:
        raise RuntimeError(f"The emulated vendor at {sage} refused the order: {answer}")
