"""What can differ between two Vtiger installations, as far as a client can notice it."""

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

_MODULES = """
    Campaigns Vendors Faq Quotes PurchaseOrder SalesOrder Invoice PriceBooks Calendar Leads Accounts Contacts
    Potentials Products Documents Emails HelpDesk Events Users Groups Currency DocumentFolders CompanyDetails
    PBXManager ServiceContracts Services ProjectMilestone ProjectTask Project ModComments SMSNotifier Assets
    LineItem Tax ProductTaxes
"""
PREFIXES = {name: number for number, name in enumerate(_MODULES.split(), 1)}
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_TABLES = ("groups", "taxes", "currencies")
DOORS = ("webservice", "cloud", "both")


@dataclass(frozen=True)
class VtigerUser:
    """`decimals` is the preference "number of currency decimals", which rounds the prices this user sends.
    `currency` is the id of the user's own, 0 the base: amounts that this user sends are taken to be in it."""

    name: str
    access_key: str
    id: int
    is_admin: bool = True
    decimals: int = 2
    last_name: str = ""
    email: str = ""
    date_format: str = "yyyy-mm-dd"
    currency: int = 0
    time_zone: str = "Europe/London"


USERS = (
    VtigerUser("admin", "AdminAccessKey01", 1, last_name="Administrator", email="admin@example.test"),
    VtigerUser("tieout", "TieoutAccessKey1", 5, decimals=5, last_name="Tieout", email="tieout@example.test"),
    VtigerUser("clerk", "ClerkAccessKey01", 6, is_admin=False, last_name="Clerk", email="clerk@example.test"),
)
GROUPS = ((2, "Team Selling"), (3, "Marketing Group"), (4, "Support Group"))
TAXES = (("VAT", "4.500"), ("Sales", "10.000"), ("Service", "12.500"))
CURRENCIES = ((1, "United Kingdom, Pounds", "GBP", "£", "1.00000"),)
CUSTOM_FIELDS: dict[str, list[Any]] = {
    "Accounts": [("cf_854", "VAT number", "string"), ("cf_856", "Sage reference", "string")],
    "Invoice": [("cf_858", "Sage number", "string")],
}
CREDIT_FIELDS: tuple[Any, ...] = (
    ("cf_902", "Sage balance", "currency"),
    ("cf_904", "Sage overdue", "currency"),
    ("cf_906", "Sage credit limit", "currency"),
    ("cf_908", "Sage account status", "string"),
    ("cf_910", "Sage on hold", "boolean"),
)
"""What an administrator adds to Organizations for the credit position of customers."""


@dataclass
class VtigerOptions:
    """One installation's settings. A version before 8.2 behaves as the recorded 8.1.0, a later one as 8.4.0.

    `door`: webservice, cloud (only the REST interface) or both. `sync_works`: the missing parameter of `sync`
    has been registered in the database; the cloud's `sync` always works. `person`: the id of the user who
    edits through `/_admin`. `duplicate_rules`: whether a field that must be unique is checked, as 8.x does on
    a fresh installation. `custom_fields`: module to (name, label, type and, if wanted, default). `taxes`:
    (label, percentage and, if wanted, method, which is only listed) of tax1, tax2, … `currencies`: (id, name,
    code, symbol, rate), the base currency first. `first_record`: the next record number.
    `webhooks`: dicts with module and url, and optionally `parameters` (added to the body) and `headers`.
    `webhook_url` gets the saves of all modules. They are sent by the cloud; `server_module` says that an
    open-source server has a PHP module of the customer's that sends the same. Limits count calls of the cloud
    door; 0 is no limit. `cron_seconds` is how often queued webhooks are sent; 0 sends them only on
    `POST /_admin/cron`."""

    version: str = "8.4.0"
    door: str = "both"
    users: tuple[VtigerUser, ...] = USERS
    groups: tuple[tuple[int, str], ...] = GROUPS
    person: int = 1
    prefixes: dict[str, int] = field(default_factory=lambda: dict(PREFIXES))
    sync_works: bool = False
    duplicate_rules: bool = True
    custom_fields: dict[str, list[Any]] = field(
        default_factory=lambda: {k: list(v) for k, v in CUSTOM_FIELDS.items()}
    )
    taxes: tuple[tuple[str, ...], ...] = TAXES
    currencies: tuple[tuple[int, str, str, str, str], ...] = CURRENCIES
    first_record: int = 2
    minute_limit: int = 60
    hour_limit: int = 4000
    daily_limit: int = 72000
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    webhook_url: str = ""
    server_module: bool = False
    session_seconds: int = 86400
    idle_seconds: int = 1800
    cron_seconds: float = 0.0
    challenge_seconds: int = 300

    def __post_init__(self) -> None:
        self.prefixes = _prefixes(self.prefixes)
        self._check({"version": self.version, "door": self.door, "webhooks": self.webhooks})

    @property
    def old(self) -> bool:
        """8.1 and earlier, where line items can be written and a revise of a product drops its taxes."""
        return tuple(int(part) for part in self.version.split(".")) < (8, 2)

    @property
    def hears(self) -> bool:
        """Whether saves are announced to the webhooks."""
        return self.door != "webservice" or self.server_module

    def change(self, values: dict[str, Any]) -> None:
        """Raises ValueError naming a setting that does not exist, cannot be changed while running, or has
        another type."""
        values = {name: _rows(value) if name in _TABLES else value for name, value in values.items()}
        kinds = {one.name: type(getattr(self, one.name)) for one in fields(self)}
        for name, value in values.items():
            if name not in kinds or name == "users":
                raise ValueError(
                    f"There is no setting {name!r} to change: use one of {', '.join(sorted(kinds))}."
                )
            fits = isinstance(value, (int, float) if kinds[name] is float else kinds[name])
            if not fits or (isinstance(value, bool) and kinds[name] is not bool):
                raise ValueError(f"The setting {name} takes a {kinds[name].__name__}, not {value!r}.")
        self._check(values)
        for name, value in values.items():
            setattr(self, name, _prefixes(value) if name == "prefixes" else value)

    def shown(self) -> dict[str, Any]:
        result = asdict(self)
        result["users"] = [{**user, "access_key": "[hidden]"} for user in result["users"]]
        return result

    def _check(self, values: dict[str, Any]) -> None:
        if not _VERSION.fullmatch(values.get("version", "8.4.0")):
            raise ValueError(
                f"The setting version is three numbers such as 8.1.0, not {values['version']!r}."
            )
        if values.get("door", "both") not in DOORS:
            raise ValueError(f"The setting door is one of {', '.join(DOORS)}, not {values['door']!r}.")
        if not all(isinstance(hook, dict) and hook.get("url") for hook in values.get("webhooks", [])):
            raise ValueError("Each webhook needs a url, and a module unless it hears of all.")


def _prefixes(given: dict[str, int]) -> dict[str, int]:
    """The given ones, and those of a fresh installation for the rest, with free numbers where these are
    taken.

    Raises ValueError for two modules with one prefix.
    """
    if len({*given.values()}) < len(given):
        raise ValueError("Two modules have the same prefix.")
    free = iter(range(max({*PREFIXES.values(), *given.values()}) + 1, 10**6))
    rest = {name: number for name, number in PREFIXES.items() if name not in given}
    return {
        **{name: next(free) if number in given.values() else number for name, number in rest.items()},
        **given,
    }


def _rows(value: Any) -> Any:
    """A JSON list of lists as a tuple of tuples, the form of a table in the options."""
    fits = isinstance(value, list) and all(isinstance(row, list) for row in value)
    return tuple(tuple(row) for row in value) if fits else value
