"""The salespeople's side of the sample: potentials, new clients and contacts in the CRM, and the bookkeeper's
contacts in Sage 50."""

from collections.abc import Mapping

import httpx

from local.demo.post import Advance, Row, client, post, tell
from local.demo.sage_sales_management_sage_50 import customers

POTENTIALS = ("Fenwick Logistics Ltd", "Granby Garden Centre Ltd", "Holloway Engineering Ltd")
CLIENTS = ("Ivybridge Joinery Ltd", "Kingsway Catering Ltd")
"""Of these the customer is made in Sage 50."""
_PEOPLE = ("Ann Example", "Ben Carter", "Cara Singh", "Dev Patel", "Ella Moss", "Finn O'Hara")


def prepare(addresses: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """This site keeps the type of a contact that is made through the interface; the check makes its test
    address at an account for cash sales."""
    with client() as opened:
        tell(opened, f"{addresses['sage_50']}/_admin/options", {"keeps_contact_type": True})
        tell(
            opened,
            f"{addresses['sage_50']}/_admin/customers",
            [{"accountRef": "CASH01", "name": "Cash Sales"}],
        )
    return {}


def in_sage() -> list[Row]:
    """A contact of each of the first customers."""
    made = zip(customers.customers(), _PEOPLE, strict=False)
    return [
        {
            "accountRef": customer["accountRef"],
            "addressType": 1,
            "contact": person,
            "role": "Buyer",
            "telephone": customer["telephone"],
            "email": f"{person.split()[0].lower()}@{customer['email'].partition('@')[2]}",
        }
        for customer, person in made
    ]


def in_crm(statuses: Mapping[str, int]) -> list[Row]:
    kinds = [("Potential", name) for name in POTENTIALS] + [("Client", name) for name in CLIENTS]
    return [
        {"name": name, "statusId": statuses[kind], "address1": f"{place} Station Road", "city": "Leeds"}
        for place, (kind, name) in enumerate(kinds, 1)
    ]


def size() -> int:
    return len(in_sage()) + len(POTENTIALS) + 2 * len(CLIENTS)


def load(addresses: Mapping[str, str], advance: Advance) -> None:
    crm, sage = f"{addresses['sage_sales_management']}/_admin/records", addresses["sage_50"]
    with client() as opened:
        post(opened, f"{sage}/_admin/addresses", in_sage(), advance)
        statuses = {row["descriptionEN"]: row["id"] for row in _listed(opened, f"{crm}/accountStatuses")}
        rows = in_crm(statuses)
        ids = list(tell(opened, f"{crm}/accounts", rows)["ids"])
        advance(len(ids))
        clients = [one for one, row in zip(ids, rows, strict=True) if row["name"] in CLIENTS]
        people = [
            {
                "firstName": "Grace",
                "lastName": f"Client {place}",
                "accountId": one,
                "email": f"grace{place}@example.test",
            }
            for place, one in enumerate(clients, 1)
        ]
        post(opened, f"{crm}/contacts", people, advance)


def _listed(opened: httpx.Client, url: str) -> list[Row]:
    return list(opened.get(url).json())
