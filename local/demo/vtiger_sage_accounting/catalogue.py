"""The products and services of the sample, as Vtiger and Sage have them."""

from dataclasses import dataclass

from local.demo.post import Row
from local.demo.vtiger_sage_accounting.organisations import key

PRODUCT_KINDS = {
    "vtiger_only": (11, "only in Vtiger: made in Sage"),
    "same_code": (6, "in both, found by item code, and identical"),
    "other_price": (3, "in both; Sage has last year's price, so it loses the conflict and is logged"),
    "no_description": (2, "has no description, which Sage requires"),
    "no_code": (2, "has no part number: identified by its name"),
    "odd_tax": (1, "taxed at 17.5 %, which Sage does not have"),
    "two_taxes": (1, "two taxes are switched on; Sage takes one"),
    "zero_rated": (2, "a book: no VAT"),
    "inactive": (1, "no longer sold"),
    "long_description": (1, "a description longer than Sage allows: cut"),
    "sage_only": (4, "only in Sage: made in Vtiger"),
    "in_stock": (3, "stock items of Sage, whose quantity Vtiger shows"),
}
SERVICE_KINDS = {
    "vtiger_only": (6, "only in Vtiger: made in Sage"),
    "same_code": (3, "in both, found by name"),
    "no_description": (1, "has no description, which Sage requires"),
    "odd_name": (1, "quotes, an ampersand and an entity in the name"),
    "sage_only": (2, "only in Sage: made in Vtiger"),
}
"""kind -> (how many, what it stands for)."""

VAT, REDUCED, OLD = "20", "5", "17.5"
TAXES = [["VAT", "20.000"], ["Reduced VAT", "5.000"], ["Old VAT", "17.500"]]
"""Vtiger's tax1, tax2 and tax3 in this sample."""
_GOODS = (
    "Claw hammer",
    "Bolster chisel",
    "Spirit level 1200 mm",
    "Mortice lock",
    "Brass hinges (pair)",
    "Masking tape",
    "Wood glue 1 l",
    "Decking screws (200)",
    "Paint roller kit",
    "Garden hose 30 m",
    "Cordless drill",
    "Work gloves",
)
_JOBS = (
    "Delivery to site",
    "Key cutting",
    "Tool hire, per day",
    "Paint mixing",
    "Installation, per hour",
    "Sharpening",
    "Site survey",
    "Training, per day",
    "Pallet return",
    "Waste collection",
    "Assembly",
    "Packing",
)
_LONG = "Hand forged, hardened and tempered, with an ash handle turned in Sheffield. " * 5
_NO_VTIGER = ("sage_only", "in_stock")
_IN_SAGE = ("same_code", "other_price", *_NO_VTIGER)


@dataclass(frozen=True)
class Item:
    """A product, or a service."""

    number: int
    kind: str
    service: bool

    @property
    def name(self) -> str:
        words = _JOBS if self.service else _GOODS
        letter = "" if self.service else f" {'ABC'[self.number // len(words) % 3]}"
        plain = f"{words[self.number % len(words)]}{letter}"
        return 'Rush job "24 h" &amp; weekend <extra>' if self.kind == "odd_name" else plain

    @property
    def code(self) -> str:
        return self.name if self.service or self.kind == "no_code" else f"P-{1000 + self.number}"

    @property
    def sage_id(self) -> str:
        return key("service" if self.service else "product", self.number)

    @property
    def in_vtiger(self) -> bool:
        return self.kind not in _NO_VTIGER

    @property
    def price(self) -> str:
        """Chosen so that the tax on any whole or half quantity is in whole pence, and totals agree."""
        pence = (self.number * 1237) % 225 * 40 + 240
        return f"{pence // 100}.{pence % 100:02d}"

    @property
    def rate(self) -> str:
        return {"odd_tax": OLD, "zero_rated": "0"}.get(self.kind, REDUCED if self.number % 7 == 0 else VAT)

    def in_crm(self) -> Row | None:
        if not self.in_vtiger:
            return None
        named = (
            {"servicename": self.name}
            if self.service
            else {"productname": self.name, "productcode": "" if self.kind == "no_code" else self.code}
        )
        return {
            **named,
            "description": self._description(),
            "unit_price": self.price,
            "purchase_cost": self._cost(),
            "discontinued": "0" if self.kind == "inactive" else "1",
            **self.taxes(),
        }

    def taxes(self) -> Row:
        """taxN -> rate, for the taxes that are switched on in Vtiger."""
        if self.kind == "two_taxes":
            return {"tax1": VAT, "tax2": REDUCED}
        return {{VAT: "tax1", "0": "tax1", REDUCED: "tax2", OLD: "tax3"}[self.rate]: self.rate}

    def in_sage(self, price_type: str, accounts: Row) -> Row | None:
        if self.kind not in _IN_SAGE:
            return None
        price = "1.99" if self.kind == "other_price" else self.price
        prices = (
            {"sales_rates": [{"service_rate_type_id": price_type, "rate_name": "Rate", "rate": price}]}
            if self.service
            else {
                "sales_prices": [
                    {"product_sales_price_type_id": price_type, "price_name": "Sales Price", "price": price}
                ]
            }
        )
        return {
            "id": self.sage_id,
            "item_code": self.code,
            "description": self._description() or self.name,
            **accounts,
            "sales_tax_rate_id": {VAT: "GB_STANDARD", REDUCED: "GB_LOWER"}[self.rate],
            **prices,
            **({} if self.service else {"cost_price": self._cost()}),
        }

    def _description(self) -> str:
        plain = f"{self.name}, {'the usual terms' if self.service else 'trade quality'}."
        return {"no_description": "", "long_description": _LONG}.get(self.kind, plain)

    def _cost(self) -> str:
        return f"{int(self.price.replace('.', '')) // 2 / 100:.2f}"


def products() -> list[Item]:
    return _items(PRODUCT_KINDS, False)


def services() -> list[Item]:
    return _items(SERVICE_KINDS, True)


def _items(kinds: dict[str, tuple[int, str]], service: bool) -> list[Item]:
    listed = [kind for kind, (count, _) in kinds.items() for _ in range(count)]
    return [Item(number, kind, service) for number, kind in enumerate(listed, 1)]
