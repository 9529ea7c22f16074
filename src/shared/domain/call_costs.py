"""What one list and one record cost in calls to a vendor, as the benchmarks measure it (bench/README.md):
enough to say whether a limit of the settings will do, and about how long a first load takes.

A function's own calls are counted one by one; nothing that is done depends on these."""

from collections.abc import Mapping
from decimal import Decimal

QUIET: Mapping[tuple[str, str], int] = {
    ("sage_accounting", "account"): 4,
    ("sage_accounting", "contact"): 2,
    ("sage_accounting", "product"): 4,
    ("sage_accounting", "service"): 2,
    ("sage_accounting", "invoice"): 2,
    ("sage_accounting", "quotation"): 2,
}
"""(system, entity) -> calls of a poll that finds nothing new; of any other list it is one."""

NEW: Mapping[tuple[str, str], Decimal] = {
    ("sage_accounting", "account"): Decimal("1.2"),
    ("sage_accounting", "contact"): Decimal("1.2"),
    ("sage_accounting", "product"): Decimal("1.2"),
    ("sage_accounting", "service"): Decimal("1.2"),
    ("sage_50", "sales_order"): Decimal("1.05"),
    ("sage_50", "quotation"): Decimal(5),
    ("vtiger", "account"): Decimal("1.05"),
    ("sage_sales_management", "account"): Decimal("0.05"),
    ("sage_sales_management", "contact"): Decimal("0.05"),
    ("sage_sales_management", "product"): Decimal("0.05"),
}
"""(system, entity) -> calls for each new record, with those of the lists it is looked for in."""
UNMEASURED, CHANGED = Decimal(2), Decimal(2)
"""A new record of another kind; a changed one: it is read, and written."""


def of_quiet_list(system: str, entity: str) -> int:
    return QUIET.get((system, entity), 1)


def of_new_record(system: str, entity: str) -> Decimal:
    return NEW.get((system, entity), UNMEASURED)
