"""What a rule file may contain: pydantic models that refuse every unknown key.

Short spellings (`name = "path"`, `sales_stage = "Closed Won"`) are written out before validation, so that
each key has one shape and an error names the key that the integrator wrote.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from shared.mapping.rules import Deletes, RequirementRule

Scalar = StrictBool | StrictInt | StrictStr | Decimal
TransformName = Literal[
    "text",
    "memo",
    "street",
    "lines",
    "join",
    "code",
    "account_ref",
    "country_code",
    "email",
    "phone",
    "tax_code",
    "table",
    "currency",
    "user",
    "decimal",
    "money",
    "integer",
    "boolean",
    "date",
    "datetime",
    "country_name",
    "first",
    "name",
    "link",
    "one_tax",
    "tax_rate",
    "inverse",
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class FieldLine(Strict):
    """One canonical field. Exactly one of `path`, `paths` and `constant`."""

    path: StrictStr | None = None
    paths: list[StrictStr] | None = Field(None, min_length=2)
    constant: Scalar | date | None = None
    as_: TransformName | None = Field(None, alias="as")
    access: Literal["both", "read", "write"] | None = None
    max: StrictInt | None = Field(None, ge=1)
    places: StrictInt | None = Field(None, ge=0, le=10)
    rounding: Literal["half_up", "half_even", "down"] | None = None
    form: Literal["json", "0/1", "not"] | None = None
    default: Scalar | date | None = None
    table: StrictStr | None = None
    several: Literal["first"] | None = None
    entity: StrictStr | None = None
    required: StrictBool = False


class Test(Strict):
    """A condition on a native field of a poll; if there are several keys, all of them must be met."""

    equals: StrictStr | None = None
    not_equals: StrictStr | None = None
    in_: list[StrictStr] | None = Field(None, alias="in", min_length=1)
    blank: StrictBool | None = None
    gt: StrictStr | None = None
    gte: StrictStr | None = None
    lt: StrictStr | None = None
    lte: StrictStr | None = None


class Poll(Strict):
    mode: Literal["cursor", "worklist", "none"] = "none"
    page_size: StrictInt = Field(100, ge=1, le=1000)
    where: dict[str, Test] = {}
    closed: dict[str, Test] = {}
    entered: StrictStr | None = None


class RelatedRecord(Strict):
    link: StrictStr
    object: StrictStr
    id: StrictStr | None = None
    many: StrictBool = False


class Lines(Strict):
    """Order lines kept in a list: a collection inside the record (`path`) or a `many` related (`related`)."""

    path: StrictStr | None = None
    related: StrictStr | None = None
    where: dict[str, Test] = {}
    fields: dict[str, FieldLine]
    constants: dict[str, Scalar] = {}
    negative: Literal["accept", "refuse"] = "accept"
    id: StrictStr | None = None
    """The native field that holds a line's own id, where the vendor gives one to no other line later."""


class ObjectFile(Strict):
    """`systems/<system>/<entity>.toml`."""

    object: StrictStr
    id: StrictStr
    version: StrictStr | None = None
    label: StrictStr | list[StrictStr] = Field(default_factory=list)
    natural: StrictStr | None = None
    key: StrictStr | None = None
    number: StrictStr | None = None
    witness: list[StrictStr] = []
    archive: dict[str, Scalar] = {}
    deletable: StrictBool = False
    """Whether a flow may delete such a record for good."""
    texts: Literal["plain", "web"] = "plain"
    optional: StrictBool = False
    poll: Poll = Field(default_factory=lambda: Poll.model_validate({}))
    related: dict[str, RelatedRecord] = {}
    fields: dict[str, FieldLine] = {}
    line: dict[str, FieldLine] | None = None
    lines: Lines | None = None
    constants: dict[str, Scalar] = {}
    tables: dict[str, dict[str, StrictStr]] = {}


class FlowField(Strict):
    direction: StrictStr | None = None
    conflict: Literal["winner", "newest", "hold"] = "winner"
    drift: Literal["revert", "ignore"] = "revert"
    lossy: Literal["refuse", "accept"] = "refuse"
    emptied: Literal["pass", "keep"] = "pass"
    once: StrictBool = False
    made_from: StrictStr | None = None


class ReferenceLine(Strict):
    field: StrictStr
    entity: StrictStr
    system: StrictStr
    by: StrictStr | None = None


class RequirementLine(Strict):
    rule: RequirementRule
    field: StrictStr
    value: StrictInt | Decimal | StrictStr | list[StrictStr] | None = None
    message: StrictStr = Field(min_length=10)
    source: StrictStr | None = None
    hold: StrictBool = False
    new: StrictBool = False


class FiguresLine(Strict):
    total: StrictStr
    rates: StrictStr | None = None
    items: StrictStr | None = None
    penny: Literal["refuse", "tax"] = "tax"
    codes: list[Literal["item", "contact", "flow"]] = ["item", "contact", "flow"]
    tax_codes: list[StrictStr] = []


class UniqueLine(Strict):
    system: StrictStr
    field: StrictStr
    add: list[StrictStr] = []


class JoinedLine(Strict):
    """Whose a record is once both sides have it; not while `field` has one of the values in `open`."""

    direction: StrictStr
    field: StrictStr | None = None
    open: list[StrictStr] = []


class NumberingLine(Strict):
    """The code that a new record gets in `system`, where it brings none: see `mapping/mask.py`."""

    system: StrictStr
    field: StrictStr
    mask: StrictStr


class LockLine(Strict):
    system: StrictStr
    field: StrictStr
    open: list[StrictStr] = Field(min_length=1)


class PricingLine(Strict):
    by: Literal["document", "tieout", "sage"] = "document"
    discounts_on: list[Literal["special", "list", "sales"]] = ["special", "list", "sales"]
    both_discounts: Literal["hold", "customer", "quantity"] = "hold"
    prices: Literal["net", "gross"] = "net"
    tax_from: Literal["ledger", "flow", "customer", "line"] = "flow"
    tax_code: StrictStr | None = None
    nominal_from: Literal["ledger", "line"] = "line"
    home: StrictStr = Field("GB", pattern="^[A-Z]{2}$")
    penny: Literal["refuse", "accept"] = "refuse"
    rounding: Literal["half_up", "half_even"] = "half_up"
    total_check: StrictBool = True


class WatchLine(Strict):
    """What is told of a record that was made once, and for how long."""

    days: StrictInt = Field(180, ge=1, le=3660)
    fields: list[StrictStr] = []
    vanished: Literal["hold", "again"] = "hold"
    ordered: Literal["hold", "create"] = "hold"


class CreditLine(Strict):
    """The credit position of customers in the CRM; the table's presence switches it on."""

    foreign: Literal["leave_out", "write"] = "leave_out"


class EntityRules(Strict):
    """One table of a flow file, named for the entity."""

    direction: StrictStr = "both"
    create_once: StrictBool = False
    fresh_seconds: StrictInt = Field(10, ge=1, le=300)
    watch: WatchLine | None = None
    lookup_only: StrictBool = False
    winner: list[StrictStr] | None = None
    match: list[list[StrictStr]] = []
    taken: Literal["hold", "create"] = "hold"
    matching: Literal["keys", "company", "person"] = "keys"
    unique: UniqueLine | None = None
    deletes: Deletes | dict[str, Deletes] = "hold"
    delete_days: StrictInt = Field(7, ge=1, le=365)
    lossy: Literal["refuse", "accept"] = "refuse"
    needs: list[StrictStr] = []
    follows: StrictStr | None = None
    figures: FiguresLine | None = None
    lock: LockLine | None = None
    joined: JoinedLine | None = None
    numbering: NumberingLine | None = None
    fields: dict[str, FlowField] = {}
    references: dict[str, ReferenceLine] = {}
    require: dict[str, RequirementLine] = {}
    pricing: PricingLine | None = None
    on: dict[str, dict[str, Any]] = {}
    """System -> what this flow lays over that system's own rules for the entity; checked with them."""
    credit: CreditLine | None = None
    turned_from: StrictStr | None = None


def spell_out_object(data: dict[str, Any]) -> dict[str, Any]:
    """The short spellings of an object file written out."""
    data = dict(data)
    for key in ("fields", "line"):
        if isinstance(data.get(key), dict):
            data[key] = _fields(data[key])
    if isinstance(data.get("poll"), dict):
        data["poll"] = _where(_where(data["poll"]), "closed")
    if isinstance(data.get("lines"), dict):
        lines = _where(data["lines"])
        data["lines"] = (
            {**lines, "fields": _fields(lines["fields"])} if isinstance(lines.get("fields"), dict) else lines
        )
    return data


def _fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: {"path": value} if isinstance(value, str) else value for name, value in data.items()}


def _where(data: dict[str, Any], key: str = "where") -> dict[str, Any]:
    tests = data.get(key)
    return (
        {**data, key: {name: _test(test) for name, test in tests.items()}}
        if isinstance(tests, dict)
        else data
    )


def _test(value: Any) -> Any:
    if isinstance(value, str):
        return {"equals": value}
    return {"in": value} if isinstance(value, list) else value
