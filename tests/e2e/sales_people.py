"""What the tests of customers and contacts ask of both emulated systems."""

from typing import Any

from shared.operations.connect import check_system
from tests.e2e.sales_world import SAGE, SalesWorld


def labels(here: SalesWorld, table: str) -> dict[str, int]:
    return {row["descriptionEN"]: row["id"] for row in here.crm.ask("GET", f"records/{table}")}


def account(here: SalesWorld, name: str, status: str = "Potential", **values: Any) -> int:
    """What a salesperson enters."""
    body = {"name": name, "statusId": labels(here, "accountStatuses")[status], **values}
    return int(here.crm.ask("POST", "records/accounts", body)["id"])


def accounts(here: SalesWorld, deleted: bool = False) -> dict[int, dict[str, Any]]:
    rows = here.crm.ask("GET", f"records/accounts{'?deleted=1' if deleted else ''}")
    return {row["id"]: row for row in rows}


def customers(here: SalesWorld) -> dict[str, dict[str, Any]]:
    return {row["accountRef"]: row for row in here.sage.ask("GET", "customers")}


def contacts(here: SalesWorld) -> dict[str, dict[str, Any]]:
    rows = here.crm.ask("GET", "records/contacts")
    return {f"{row['firstName']} {row['lastName']}".strip(): row for row in rows}


def addresses(here: SalesWorld) -> dict[str, dict[str, Any]]:
    """By whom they name; the registered ones apart."""
    rows = here.sage.ask("GET", "addresses")
    return {row["contact"]: row for row in rows if row["addressType"] != 2}


def check(here: SalesWorld, system: str = SAGE, subject: str = "contacts") -> list[str]:
    services = here.services()
    try:
        return [one.message for one in check_system(services, system) if one.subject == subject]
    finally:
        services.close()
