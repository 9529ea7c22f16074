"""What can differ between two SugarCRM servers, as far as a client can notice it."""

import hashlib
from dataclasses import dataclass, field

HOUR = 3600


@dataclass(frozen=True)
class SugarUser:
    """A user. `decimal_comma` is the preference that corrupts amounts sent to v4_1 as text.

    `denied` and `own_only` are actions (view, edit): of no record, and of those assigned to the user only."""

    user_name: str
    password: str
    id: str
    is_admin: bool = True
    may_write: bool = True
    decimal_comma: bool = False
    denied: tuple[str, ...] = ()
    own_only: tuple[str, ...] = ()
    password_md5: str = ""

    def md5(self) -> str:
        """What v4_1 wants as the password: 32 lower-case hexadecimal digits."""
        return self.password_md5 or hashlib.md5(self.password.encode(), usedforsecurity=False).hexdigest()


USERS = (
    SugarUser("admin", "admin-password", "1"),
    SugarUser("sync", "sync-password", "seed_sync_id"),
    SugarUser("euro", "euro-password", "seed_euro_id", decimal_comma=True),
    SugarUser("reader", "reader-password", "seed_reader_id", is_admin=False, may_write=False),
)


QUOTING_FIELDS = ("sales_quote_no_c", "sales_invoice_no_c", "sales_invoice_id_c")
"""What an administrator adds to opportunities where the ledger is Sage Business Accounting."""
CREDIT_FIELDS = (
    ("sage_balance_c", "currency"),
    ("sage_overdue_c", "currency"),
    ("sage_credit_limit_c", "currency"),
    ("sage_account_status_c", "varchar"),
    ("sage_on_hold_c", "bool"),
)
"""What an administrator adds to accounts for the credit position of customers."""


@dataclass(frozen=True)
class SugarOptions:
    """One server's settings. A custom field name of None means that nobody has made the field yet.

    `base_currency` is (ISO code, name, symbol). `utc_offset_minutes` is the zone v11 writes its times in.
    `cron_seconds` is how often queued hooks are sent; 0 sends them only on `POST /_admin/cron`.
    """

    order_field: str | None = "sales_order_no_c"
    account_field: str | None = "sales_account_ref_c"
    extra_opportunity_fields: tuple[str, ...] = ()
    extra_account_fields: tuple[tuple[str, str], ...] = ()
    """Custom fields of accounts, as (name, type)."""
    users: tuple[SugarUser, ...] = USERS
    platforms: tuple[str, ...] = ("base", "mobile", "portal", "tieout", "sage_sync")
    base_currency: tuple[str, str, str] = ("GBP", "Pounds Sterling", "£")
    max_list_limit: int = 1000
    bulk_limit: int = 100
    access_seconds: int = HOUR
    refresh_seconds: int = 14 * 24 * HOUR
    session_seconds: int = 1440
    utc_offset_minutes: int = 0
    revenue_line_items: bool = True
    verify_client_ip: bool = True
    cron_seconds: float = 1.0
    v11: bool = True
    v4_1: bool = True
    old_spelling: bool = False
    """Whether v4_1 tells the user's formats as Sugar 6.5 does: `user_decimal_seperator`."""
    versions: tuple[str, ...] = field(default=("10", "11", *(f"11_{minor}" for minor in range(1, 24))))
