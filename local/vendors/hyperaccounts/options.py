"""Settings of one emulated installation, and the reference tables of its company."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

TAX_CODES = (
    (0, "Zero rated transactions", "0"),
    (1, "Standard rated transactions", "20"),
    (2, "Exempt transactions", "0"),
    (4, "Sale of goods to VAT registered customers in EC", "0"),
    (5, "Lower rate", "5"),
    (9, "Transactions not involving VAT", "0"),
)
CURRENCIES = (
    (1, "GBP", "Pound Sterling", "£", "1"),
    (2, "EUR", "Euro", "€", "1.17"),
    (3, "USD", "US Dollar", "$", "1.31"),
)
NOMINALS = (
    ("4000", "Sales North"),
    ("4001", "Sales South"),
    ("4009", "Discounts Allowed"),
    ("4900", "Miscellaneous"),
)
STATUSES = {0: "Open", 1: "Query", 2: "Stopped", 5: "Legal"}
DEPARTMENTS = ((0, "Default"), (1, "North"), (2, "South"))


@dataclass
class HyperOptions:
    """`strict_keys`: unknown keys of a write are refused. `exclusive`: every call fails as under a
    single-user lock.

    `overlap`: a second call of a resource that is in use is answered 409. `delay_seconds` is how long each
    call takes. `posting_touch`: a posting moves the time stamp of its customer. `release` is Sage's major
    version (29 widens some texts). `company_name` and `sdo_ok` appear in the status. `unpriced_lines`:
    refused, sales_price, or customer_price."""

    token: str = "demo-token"  # noqa: S105 the emulator's own
    company_name: str = "Example Trading Ltd"
    release: int = 28
    first_order: int = 1001
    strict_keys: bool = False
    reject_on_hold: bool = False
    reject_inactive_product: bool = False
    exclusive: bool = False
    overlap: bool = True
    sdo_ok: bool = True
    old_customer_read: bool = False
    new_response: bool = True
    posting_touch: bool = False
    delay_seconds: float = 0.0
    refuses_quotes: bool = False
    won_forgets_quote: bool = False
    discount_by_unit: bool = False
    list_currencies_from_zero: bool = True
    # known: guessed - whether an address made with the type of a contact keeps it
    keeps_contact_type: bool = False
    # known: guessed - a line without a price is refused, filled from the product, or priced for its customer
    unpriced_lines: str = "refused"
    # known: guessed - the change of an address reads its number as addresNumber, addressNumber, or either
    address_key: str = "addresNumber"
    tax_codes: tuple[tuple[int, str, str], ...] = field(default=TAX_CODES)
    currencies: tuple[tuple[int, str, str, str, str], ...] = field(default=CURRENCIES)
    statuses: dict[int, str] = field(default_factory=lambda: dict(STATUSES))

    def change(self, values: dict[str, Any]) -> None:
        """Raises ValueError naming a setting that does not exist or has another type."""
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in values.items():
            if name not in kinds or kinds[name] is tuple:
                raise ValueError(f"There is no setting {name!r}: use one of {', '.join(sorted(kinds))}.")
            if not isinstance(value, kinds[name]) and not (kinds[name] is float and isinstance(value, int)):
                raise ValueError(f"The setting {name} takes a {kinds[name].__name__}, not {value!r}.")
        for name, value in values.items():
            setattr(self, name, value)

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), "token": "[hidden]"}
