"""The two emulated vendors as a benchmark fills and reads them: accounts, customers, opportunities, orders,
calls."""

from typing import Any

import httpx

ACCOUNTS = 120
_client = httpx.Client(timeout=120)


class Books:
    """`sugar` and `sage` are the vendors' addresses."""

    def __init__(self, sugar: str, sage: str) -> None:
        self.sugar, self.sage = sugar, sage

    def accounts(self, count: int = ACCOUNTS, *, known: bool = True) -> None:
        """Accounts in SugarCRM and, when `known`, their customers in Sage."""
        self.post(
            self.sugar,
            "accounts",
            [
                {
                    "id": f"account-{number}",
                    "name": f"Account {number} Ltd",
                    "sales_account_ref_c": f"CUST{number:04}",
                    "billing_address_street": f"{number} High Street",
                    "billing_address_city": "Leeds",
                    "billing_address_postalcode": "LS1 4AP",
                    "phone_office": "0113 496 0000",
                }
                for number in range(count)
            ],
        )
        if known:
            self.post(
                self.sage,
                "customers",
                [
                    {"accountRef": f"CUST{number:04}", "name": f"Account {number} Ltd", "currency": 1}
                    for number in range(count)
                ],
            )

    def won(self, count: int, *, first: int = 0, accounts: int = ACCOUNTS) -> list[str]:
        """The ids of `count` new won opportunities, of the accounts from `first` on in turns."""
        rows = [
            {
                "name": f"Shelving, part {number}",
                "amount": f"{100 + number}.50",
                "currency_id": "-99",
                "date_closed": "2026-11-20",
                "sales_stage": "Closed Won",
                "account_id": f"account-{first + number % accounts}",
            }
            for number in range(count)
        ]
        return list(self.post(self.sugar, "opportunities", rows)["ids"])

    def change(self, ids: list[str], **values: Any) -> None:
        self.post(self.sugar, "opportunities", [{"id": one, **values} for one in ids])

    def orders(self) -> list[dict[str, Any]]:
        return list(self.get(self.sage, "orders"))

    def opportunities(self) -> list[dict[str, Any]]:
        return list(self.get(self.sugar, "opportunities"))

    def forget_calls(self) -> None:
        for vendor in (self.sugar, self.sage):
            self.delete(vendor, "calls")

    def sugar_calls(self) -> dict[str, int]:
        return dict(self.get(self.sugar, "calls")["calls"])

    def sage_calls(self) -> dict[str, int]:
        return dict(self.get(self.sage, "calls"))

    def get(self, vendor: str, what: str) -> Any:
        return _client.get(f"{vendor}/_admin/{what}").raise_for_status().json()

    def delete(self, vendor: str, what: str) -> None:
        _client.delete(f"{vendor}/_admin/{what}").raise_for_status()

    def post(self, vendor: str, what: str, rows: Any) -> Any:
        answer = _client.post(f"{vendor}/_admin/{what}", json=rows)
        assert answer.status_code == 200, answer.text
        return answer.json()
