"""Settings of one emulated Sage login: its businesses, its lifetimes, and every behaviour the documentation
leaves open."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

_HIDDEN = ("client_secret",)


@dataclass(frozen=True)
class Business:
    """`country` is the two-letter code that the authorise page offers and the code carries."""

    id: str
    name: str
    country: str = "GB"
    city: str = "Leeds"
    postal_code: str = "LS1 4AP"


BUSINESSES = (
    Business("b0510e55000000000000000000000001", "Example Trading Ltd"),
    Business("b0510e55000000000000000000000002", "Example Lettings Ltd", city="York", postal_code="YO1 7HH"),
)


@dataclass
class SageAccountingOptions:
    """What Sage documents is fixed; what it leaves open is a setting, with the likelier behaviour as the
    default.

    `redirect_uris`: the registered ones (empty: any). `auto_allow`: the authorise page consents without a
    click. `plan`: Plus, Standard or Start; stock and foreign currencies need Plus. `exchange_rates`: base
    units for one unit. `contact_touch`: a contact's updated_at moves with its address and persons.
    `unchanged_put_touches`: a PUT of equal values moves updated_at. `payment_touch`: a payment moves the
    invoice's. `quote_invoiced_touch`: invoicing a quote moves the quote's. `on_account_path`: an allocation
    names the path of a payment on account. `refund_amounts`: negative or positive, in the rows of an
    invoice. `deleted_get`: 404, or 200 with deleted_at.
    `line_arrays`: replace or merge. `void_reason_in`: either, query or body. `mark_as_sent_on`: all reads, or
    pdf ones. `rate_direction`: base_per_foreign or foreign_per_base. `tax_history`: tax rate ->
    [percentage, first day, last day] of each of its periods, a blank last day being open. `list_order`:
    created or id. `accept_line_net`: a line's net_amount is taken as sent. `unknown_fields`: ignore or
    refuse. `denied`: "METHOD resource" pairs answered 403. `refusals_kept`: a refusal is answered again to
    the same idempotency_id, like any first result. `retry_after`: seconds in the header of the fault
    "too_many"; 0 leaves the header out. `refuse_parallel`: a POST that overlaps one of the same resource is
    refused. `delay_seconds`: how long calls take.
    """

    client_id: str = "demo-client"
    client_secret: str = "demo-secret"  # noqa: S105 the emulator's own
    redirect_uris: list[str] = field(default_factory=list)
    auto_allow: bool = False
    access_seconds: int = 300
    refresh_seconds: int = 2_678_400
    code_seconds: int = 60
    reuse_ends_connection: bool = False
    businesses: tuple[Business, ...] = BUSINESSES
    plan: str = "Plus"
    base_currency: str = "GBP"
    exchange_rates: dict[str, str] = field(default_factory=lambda: {"EUR": "0.86", "USD": "0.78"})
    use_live_exchange_rates: bool = True
    subscription_active: bool = True
    denied: list[str] = field(default_factory=list)
    contact_touch: bool = False
    unchanged_put_touches: bool = True
    payment_touch: bool = True
    on_account_path: bool = True
    refund_amounts: str = "negative"
    sent_touch: bool = True
    quote_invoiced_touch: bool = False
    mark_as_sent_on: str = "all"
    deleted_get: int = 404
    unauthorised_code: str = "AuthorizationFailure"
    unknown_business_status: int = 403
    validation_status: int = 422
    idempotency_status: int = 422
    refusals_kept: bool = False
    bad_reference_status: int = 404
    line_arrays: str = "replace"
    void_reason_in: str = "either"
    rate_direction: str = "base_per_foreign"
    catalog_types: dict[str, str] = field(
        default_factory=lambda: {"products": "PRODUCT", "stock_items": "STOCK", "services": "SERVICE"}
    )
    deleted_item_code_taken: bool = False
    accept_line_net: bool = False
    line_needs_quantity_and_tax: bool = True
    nested_put_needs_name: bool = True
    refuse_entities: bool = True
    tax_history: dict[str, list[list[str]]] = field(default_factory=dict)
    unknown_fields: str = "ignore"
    list_order: str = "created"
    refuse_parallel: bool = False
    retry_after: int = 0
    delay_seconds: float = 0.0

    def change(self, values: dict[str, Any]) -> None:
        """Raises ValueError naming a setting that does not exist or has another type."""
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in values.items():
            if name not in kinds or kinds[name] is tuple:
                raise ValueError(f"There is no setting {name!r}: use one of {', '.join(sorted(kinds))}.")
            fits = isinstance(value, kinds[name]) and isinstance(value, bool) == (kinds[name] is bool)
            if not fits and not (kinds[name] is float and isinstance(value, int)):
                raise ValueError(f"The setting {name} takes a {kinds[name].__name__}, not {value!r}.")
        for name, value in values.items():
            setattr(self, name, value)

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), **dict.fromkeys(_HIDDEN, "[hidden]")}
