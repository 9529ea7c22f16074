"""Settings of one emulated tenant. Whatever the vendor's pages leave open is a switch here, and as shipped
the reading
that is harder on a client holds."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

CHOICES = {
    "page_header": ("either", "Count", "X-FM-Entity-Count"),
    "operators": ("documented", "all"),
    "read_only": ("app", "unlock", "all"),
    "bulk_refusal": ("call", "item"),
    "hook_body": ("nothing", "id", "row"),
    "error_body": ("code", "message", "Message", "html"),
}
CUSTOM_FIELDS: dict[str, list[Any]] = {
    "accounts": [
        ["Z_balance", "number"],
        ["Z_overdue", "number"],
        ["Z_creditLimit", "number"],
        ["Z_accountStatus", "text"],
        ["Z_onHold", "bool"],
    ],
    "products": [["Z_basePrice", "number"]],
    "sales": [
        ["Z_net", "number"],
        ["Z_tax", "number"],
        ["Z_paid", "number"],
        ["Z_outstanding", "number"],
    ],
    "salesorders": [["Z_net", "number"], ["Z_tax", "number"], ["Z_gross", "number"]],
}


@dataclass
class SalesOptions:
    """One tenant. `custom_fields`: resource to (name, kind), the kind as in `tables`."""

    public_key: str = "demo-public"
    private_key: str = "demo-private"
    key_user: int = 51
    """The user in whose name the API writes."""
    custom_fields: dict[str, list[Any]] = field(
        default_factory=lambda: {name: [list(one) for one in rows] for name, rows in CUSTOM_FIELDS.items()}
    )
    first_id: int = 101

    # known: guessed - a session key lives for an hour (published clients assume an hour, or a day)
    session_seconds: int = 3600
    # known: guessed - a second sign-in with the same keys ends the session before
    one_session: bool = True
    # known: guessed - which of the two headers sets the page size; a page is never larger than `largest_page`
    page_header: str = "either"
    largest_page: int = 100
    # known: guessed - only the documented and published operators are understood (= > <> LIKE NOT IN gt AND
    #   OR)
    operators: str = "documented"
    # known: guessed - a quote inside a quoted text cannot be written by doubling it
    doubled_quotes: bool = False
    # known: guessed - texts are compared with capitals told apart
    capitals_count: bool = True
    # known: guessed - a filter longer than this is refused
    longest_filter: int = 2000
    # known: guessed - there is no ascending order
    ascending: bool = False
    # known: guessed - a read-only record takes no writes by the API until a write of its own has unlocked it
    read_only: str = "unlock"
    # known: guessed - branchId is required
    branch_required: bool = True
    # known: guessed - statusId is required for an order
    status_required: bool = True
    # known: guessed - a quantity with decimals is refused
    whole_quantities: bool = True
    # known: guessed - an external id of more than 30 characters is refused for every resource, not for
    #   products alone
    short_ext_ids: bool = True
    # known: guessed - one refused item refuses a bulk call, whose items before it are done
    bulk_refusal: str = "call"
    # known: guessed - a reference may be written as a bare integer only
    bare_references: bool = True
    # known: guessed - an attribute that does not exist is ignored without a word
    refuse_unknown: bool = False
    # known: guessed - a record that is deleted cannot be read by its id
    deleted_readable: bool = False
    # known: guessed - the lines of a deleted order stay as they are
    lines_die_with_order: bool = False
    # known: guessed - a line that changes leaves its order's dateUpdated alone
    lines_touch_order: bool = False
    # known: guessed - a webhook's body says nothing
    hook_body: str = "nothing"
    # known: guessed - a webhook is sent for what the API writes too
    hooks_echo: bool = True
    # known: guessed - the form of a 400's body
    error_body: str = "code"
    # known: guessed - the bucket refuses an upload that carries the session key
    bucket_strict: bool = True
    locator: str = ""
    """Where pictures are sent instead of this server's own bucket."""
    cron_seconds: float = 0.0
    """How often webhooks are sent; 0 sends them only on `POST /_admin/cron`."""
    delay_seconds: float = 0.0

    def change(self, values: dict[str, Any]) -> None:
        """Raises ValueError naming a setting that does not exist, or has another type."""
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"There is no setting {name!r}: use one of {', '.join(sorted(kinds))}.")
            fits = isinstance(value, (int, float) if kinds[name] is float else kinds[name])
            if not fits or (isinstance(value, bool) and kinds[name] is not bool):
                raise ValueError(f"The setting {name} takes a {kinds[name].__name__}, not {value!r}.")
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"The setting {name} is one of {', '.join(CHOICES[name])}, not {value!r}.")
        for name, value in values.items():
            setattr(self, name, value)

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), "private_key": "[hidden]"}
