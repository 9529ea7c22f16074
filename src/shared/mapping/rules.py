"""What a flow may say of one entity beyond its maps, one record for each table or key of its file."""

from decimal import Decimal
from typing import Literal

from shared.domain.record import record
from shared.mapping.maps import ObjectMap

Deletes = Literal["keep", "archive", "hold", "delete"]
RequirementRule = Literal[
    "present",
    "positive",
    "not_negative",
    "max_places",
    "at_most",
    "equals",
    "one_of",
    "is_false",
    "is_zero",
    "within_credit",
]


@record
class FieldRule:
    """How one canonical field is carried over. `direction` is "both", "from <system>" or "off". `once`: set
    when a record is created, and left alone from then on. `emptied`: whether a value that was there and is no
    longer, with no other in its place, is emptied on the other side too, or kept there and told.
    `made_from`: the system whose value a new record is made with, although from then on it only comes back
    the other way."""

    name: str
    direction: str
    conflict: Literal["winner", "newest", "hold"] = "winner"
    drift: Literal["revert", "ignore"] = "revert"
    once: bool = False
    emptied: Literal["pass", "keep"] = "pass"
    made_from: str = ""


@record
class Reference:
    """The canonical `field` holds the value of `by` (a field of `entity`) of a record that must exist on
    `system`. Without `by` it holds a link, and the record is that link's."""

    name: str
    field: str
    entity: str
    system: str
    by: str | None


@record
class Requirement:
    """A record goes through only if `field` (or `reference.field`) meets `rule`. `name` is its key in the
    flow file; `source`: it applies only to records from that system; `hold`: a record that does not meet it
    is held for a person, and not merely skipped; `new`: it is asked only of a record that is about to be
    made."""

    rule: RequirementRule
    field: str
    value: Decimal | str | tuple[str, ...] | None
    message: str
    name: str
    source: str | None = None
    hold: bool = False
    new: bool = False


@record
class Figures:
    """`total`: the field that the lines must add up to on both sides; `rates`: the system whose exchange
    rates apply; `items`: the system that requires a product or service on every line. `penny`: refuse a
    document whose total would differ only because of rounding, or add the difference, at most half a penny
    per line, to the tax of its largest line, if the ledger accepts the tax as sent. `codes`: whose tax code a
    line gets in the ledger, the first that has the line's rate; `tax_codes`: the flow's own."""

    total: str
    rates: str | None
    items: str | None
    penny: Literal["refuse", "tax"] = "tax"
    codes: tuple[Literal["item", "contact", "flow"], ...] = ("item", "contact", "flow")
    tax_codes: tuple[str, ...] = ()


@record
class Lock:
    """A record is changed in `system` only while its `field` there has one of the values in `open`."""

    system: str
    field: str
    open: tuple[str, ...]


@record
class Watch:
    """A record that was made once is watched for `days` after its last change. `fields`: canonical fields
    whose change is told besides those that are always watched. `vanished`: what becomes of one that no longer
    exists when its number is blank again; `ordered`: of a record that carries another one's number."""

    days: int = 180
    fields: tuple[str, ...] = ()
    vanished: Literal["hold", "again"] = "hold"
    ordered: Literal["hold", "create"] = "hold"


@record
class Unique:
    """`system` may take a value of `field` only once. A second record gets what its first filled field of
    `add` holds behind it, in brackets; that addition is ours, and no edit."""

    system: str
    field: str
    add: tuple[str, ...]


@record
class Pricing:
    """How the CRM's figures become the ledger's. `tax_code` is the flow's own, and the fallback for the
    others. `home`: the ledger's own country; customers elsewhere are abroad. `items` reads the ledger's
    records of what is sold, where it is to choose tax code or nominal itself."""

    prices: Literal["net", "gross"]
    tax_code: str | None
    tax_from: Literal["ledger", "flow", "customer", "line"]
    penny: Literal["refuse", "accept"]
    rounding: Literal["half_up", "half_even"] = "half_up"
    total_check: bool = True
    nominal_from: Literal["ledger", "line"] = "line"
    home: str = "GB"
    items: ObjectMap | None = None
    by: Literal["document", "tieout", "sage"] = "document"
    """Who says what a line costs: the document itself, Tieout from the ledger's prices, or the ledger."""
    discounts_on: tuple[str, ...] = ("special", "list", "sales")
    """The prices that the customer's and the quantity's discount come off."""
    both_discounts: Literal["hold", "customer", "quantity"] = "hold"

    @property
    def asks_ledger(self) -> bool:
        return self.by != "document" or "ledger" in (self.tax_from, self.nominal_from)


@record
class Credit:
    """The ledger's balances in fields of the CRM's account. `map`: those fields; `lookup`: the accounts have
    no links, and are found by the reference that they hold in the native field `reference`. `foreign`:
    whether the amounts of an account in another currency are written too."""

    crm: str
    ledger: str
    map: ObjectMap
    lookup: bool
    reference: str
    foreign: bool = False


@record
class Joined:
    """A record that both sides have belongs to `source` alone, but while `field` has a value of `open`."""

    source: str
    field: str = ""
    open: tuple[str, ...] = ()


@record
class Numbering:
    """A record that is made in `system` without a code gets one by the mask in the native field `path`."""

    system: str
    field: str
    path: str
    mask: str
