"""Look-alikes on the emulated vendors: the file with the balance that Sage has, taken back and settled."""

from decimal import Decimal

from shared.operations.decide import of_lines, store
from shared.operations.look_alikes import look_alikes, with_balances
from shared.operations.pairs_file import read, written
from tests.e2e.pair_world import pair_world

SYSTEMS = ("vtiger", "sage_accounting")


def test_a1_a_vat_group_is_asked_about_and_settled_by_file() -> None:
    with pair_world() as here:
        customer = here.books.customer("Acme Wholesale Ltd", tax_number="GB123456789")
        invoice = here.books.invoice(customer, here.books.line(product_id=here.books.product()))
        organisation = here.sales.organisation("Acme Retail Ltd", cf_854="GB 123 4567 89")
        here.settle()
        assert len(here.sales.all("Accounts")) == len(here.books.customers()) == 1, here.tell()
        services = here.services()
        found = with_balances(services, list(look_alikes(services, "account")))
        assert [(one.left.id, one.right.id, one.documents) for one in found] == [(organisation, customer, 1)]
        total = here.books.one("sales_invoices", invoice)["total_amount"]
        assert f"{sum(found[0].money.values()):.2f}" == total, found
        assert found[0].balance == Decimal("0.00"), "a draft is owed by nobody yet"
        text = written(found, SYSTEMS).removesuffix("\r\n") + "different\r\n"
        store(services, of_lines(services, "p.csv", read("p.csv", text.encode("utf-8-sig"), SYSTEMS)))
        services.close()
        here.settle()
        assert {one["accountname"] for one in here.sales.all("Accounts")} == {
            "Acme Retail Ltd",
            "Acme Wholesale Ltd",
        }
        assert {one["name"] for one in here.books.customers()} == {"Acme Retail Ltd", "Acme Wholesale Ltd"}
