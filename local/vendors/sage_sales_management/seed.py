"""What a new tenant has: users, branches and value lists. Ids of lists differ from tenant to tenant."""

from typing import Any

# known: document - the labels "Client" and "Potential"; everything else is an example
LABELS: dict[str, list[str]] = {
    "branches": ["Headquarter"],
    "accountTypes": ["Customer", "Partner", "Supplier"],
    "accountStatuses": ["Client", "Potential", "Deleted in Sage"],
    "accountSegments": ["A", "B"],
    "contactTypes": ["Owner", "Buyer", "Accounts", "Deleted in Sage"],
    "salesorderStatuses": ["Draft", "Sent", "Validated draft", "Won", "Lost", "Expired", "Order"],
    "opportunityStatuses": ["Open", "Won", "Lost"],
    "opportunityTypes": ["New business"],
    "orderTypes": ["Quote", "Order"],
    "productCategories": ["Goods", "Services"],
    "productFamilies": ["Default"],
    "userTypes": ["Administrator", "Manager", "Sales rep"],
    "countries": ["United Kingdom", "Ireland", "France", "Germany", "Spain", "Italy", "United States"],
}
USERS: list[dict[str, Any]] = [
    {"id": 51, "name": "Tieout", "lastName": "Connector", "email": "tieout@example.test", "level": 5},
    {"id": 52, "name": "Emma", "lastName": "Lee", "email": "emma@example.test", "level": 5},
    {"id": 53, "name": "Sebastian", "lastName": "Ward", "email": "sebastian@example.test", "level": 3},
]
CURRENCIES = ["pound", "euro", "US dollar"]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Resource to its rows."""
    made: dict[str, list[dict[str, Any]]] = {
        name: [{"descriptionEN": one} for one in labels] for name, labels in LABELS.items()
    }
    made["currencies"] = [{"descriptionEN": name} for name in CURRENCIES]
    made["rates"] = [{"descriptionES": "Tarifa", "descriptionEN": "Standard"}]
    made["users"] = [{**one, "isActive": True} for one in USERS]
    return made
