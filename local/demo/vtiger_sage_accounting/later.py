"""What people do after the first cycle: correct what was refused, work in one system, and work in both at the
same time."""

from collections.abc import Callable, Mapping
from functools import partial

import httpx

from local.demo.post import Row, client, tell
from local.demo.vtiger_sage_accounting.invoices import Invoice
from local.demo.vtiger_sage_accounting.sample import sample

Match = Callable[[Row], bool]


def later(addresses: Mapping[str, str]) -> list[str]:
    """Returns a sentence for each action."""
    with client() as opened:
        people = _People(opened, addresses["vtiger"], addresses["sage_accounting"])
        return [
            people.correct_a_vat_number(),
            people.describe_products(),
            people.choose_an_organisation(),
            people.edit_an_issued_invoice(),
            people.pay_an_invoice(),
            people.rename_a_customer(),
            people.change_a_price_twice(),
        ]


class _People:
    def __init__(self, opened: httpx.Client, vtiger: str, sage: str) -> None:
        self._opened, self._vtiger, self._sage, self._rows = (
            opened,
            f"{vtiger}/_admin/records",
            f"{sage}/_admin",
            sample(),
        )

    def correct_a_vat_number(self) -> str:
        name = next(one.name for one in self._rows.organisations if one.kind == "bad_vat_number")
        self._edit("Accounts", lambda row: row["accountname"] == name, {"cf_854": "GB712345679"})
        return f"The VAT number of {name} is corrected in Vtiger; people and invoices were waiting for it."

    def describe_products(self) -> str:
        codes = {one.code for one in self._rows.products if one.kind == "no_description"}
        for code in sorted(codes):
            self._edit("Products", partial(_has_code, code), {"description": "Now described."})
        return "The products without a description get one in Vtiger; invoices were waiting for them."

    def choose_an_organisation(self) -> str:
        account = self._found("Accounts", lambda row: True)["id"]
        person = self._edit("Contacts", lambda row: not row["account_id"], {"account_id": account})
        return f"{person['firstname']} {person['lastname']} is given an organisation in Vtiger."

    def edit_an_issued_invoice(self) -> str:
        number = f"SI-{self._invoice('numbered').sage_number}"
        self._edit("Invoice", lambda row: row["cf_858"] == number, {"duedate": "2027-01-31"})
        return f"The due date of {number}, which Sage has issued, is changed in Vtiger."

    def pay_an_invoice(self) -> str:
        one = [one for one in self._rows.invoices if one.state == "numbered"][1]
        tell(self._opened, f"{self._sage}/sales_invoices/{one.sage_id}/pay", {})
        return f"SI-{one.sage_number} is paid in Sage."

    def rename_a_customer(self) -> str:
        one = next(one for one in self._rows.organisations if one.kind == "same_reference")
        self._edit(
            "Accounts", lambda row: row["accountname"] == one.name, {"accountname": f"{one.name} (Holdings)"}
        )
        tell(
            self._opened,
            f"{self._sage}/contacts",
            {
                "id": one.sage_id,
                "main_contact_person": {"name": "Main Contact", "telephone": "0113 496 0777"},
            },
        )
        return f"{one.name} is renamed in Vtiger, while Sage gets its new telephone number."

    def change_a_price_twice(self) -> str:
        one = next(one for one in self._rows.products if one.kind == "same_code")
        self._edit("Products", lambda row: row["productcode"] == one.code, {"unit_price": "48.00"})
        prices = next(row for row in self._listed(f"{self._sage}/products") if row["id"] == one.sage_id)[
            "sales_prices"
        ]
        tell(
            self._opened,
            f"{self._sage}/products",
            {
                "id": one.sage_id,
                "sales_prices": [
                    {
                        "product_sales_price_type_id": prices[0]["product_sales_price_type"]["id"],
                        "price_name": "Sales Price",
                        "price": "44.00",
                    }
                ],
            },
        )
        return f"The price of {one.code} becomes 48.00 in Vtiger and 44.00 in Sage."

    def _invoice(self, state: str) -> Invoice:
        return next(one for one in self._rows.invoices if one.state == state)

    def _edit(self, module: str, match: Match, values: Row) -> Row:
        found = self._found(module, match)
        tell(self._opened, f"{self._vtiger}/{module}", {"id": found["id"], **values})
        return found

    def _found(self, module: str, match: Match) -> Row:
        return next(row for row in self._listed(f"{self._vtiger}/{module}") if match(row))

    def _listed(self, url: str) -> list[Row]:
        return list(self._opened.get(url).json())


def _has_code(code: str, product: Row) -> bool:
    return bool(product["productcode"] == code)
