"""Made-up companies in the words of Vtiger and of Sage Accounting, for the benches that need many."""

from typing import Any


def organisation(name: str, email: str, number: int) -> dict[str, str]:
    """One of Vtiger's, without a telephone number."""
    return {
        "accountname": name,
        "email1": email,
        "bill_street": f"{number} High Street",
        "bill_city": "Leeds",
        "bill_code": "LS1 4AP",
        "bill_country": "United Kingdom",
    }


def customer(name: str, email: str, number: int) -> dict[str, Any]:
    """One of Sage's, with its main address and person."""
    return {
        "name": name,
        "contact_type_ids": ["CUSTOMER"],
        "main_address": {
            "address_type_id": "ACCOUNTS",
            "name": "Main Address",
            "address_line_1": f"{number} Low Road",
            "city": "York",
            "postal_code": "YO1 7HH",
            "country_id": "GB",
        },
        "main_contact_person": {
            "contact_person_type_ids": ["ACCOUNTS"],
            "name": "Main Contact",
            "email": email,
            "is_main_contact": True,
        },
    }
