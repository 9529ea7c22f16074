"""Seven days of a sales office in Sage Sales Management and a bookkeeper in Sage 50, as the flow ships."""

from collections.abc import Iterator

import pytest

from tests.e2e.goods_world import invoice, line, lines, order, picture, pictures
from tests.e2e.quote_world import QuoteWorld, quote_world
from tests.e2e.sales_people import account, customers

DAY = 86_400


@pytest.fixture
def here() -> Iterator[QuoteWorld]:
    with quote_world(sage={"keeps_contact_type": True}) as made:
        yield made
        assert made.failed == [], made.tell()


def night(here: QuoteWorld) -> None:
    """Until the same time of the next day, when everything is looked at once."""
    here.wait(DAY)
    here.sweep()
    here.settle()


def test_a_week(here: QuoteWorld) -> None:
    # Monday: customers and what is sold reach the CRM; a potential is entered there, and stays there.
    here.customer("ACME01", name="Acme Ltd", address1="1 High St", countryCode="GB", defTaxCode=1)
    here.product("W1", description="Widget", salesPrice=12.5, taxCode=1, nominalCode="4000", qtyInStock=7)
    picture(here, "W1", "widget.png")
    here.settle()
    acme = here.rows("accounts")["ACME01"]
    assert (acme["name"], acme["readOnly"], here.rows("products")["W1"]["price"]) == ("Acme Ltd", True, 12.5)
    assert [name for name, _ in pictures(here)] == ["widget.png"], here.tell()
    potential = account(here, "Brand New Ltd", countryId=None, salesRepId1=53)
    here.settle()
    assert list(customers(here)) == ["ACME01"]
    # Tuesday: a contact of Sage; the potential buys, and its customer is made in Sage once.
    night(here)
    here.contact("ACME01", contact="Ann Example", email="ann@acme.example")
    client = here.label("accountStatuses", "Client")
    here.crm.ask("POST", "records/accounts", {"id": potential, "statusId": client})
    here.settle()
    assert {row["lastName"] for row in here.crm.ask("GET", "records/contacts")} == {"Example"}, here.tell()
    assert set(customers(here)) == {"ACME01", "BRAN0001"}, here.tell()
    # Wednesday: a quotation without prices goes to Sage and comes back priced.
    night(here)
    quote = here.quote(("W1", 3))
    here.hook(quote)
    row = here.crm_quote(quote)
    assert (row["Z_net"], row["Z_tax"], row["Z_gross"], row["readOnly"]) == (37.5, 7.5, 45, True), here.tell()
    assert here.sage_quote(row["extId"])["orderType"] == 9
    # Thursday: it is lost in Sage; an order is entered there by somebody else.
    night(here)
    here.in_sage(row["extId"], quoteStatus=3)
    number = order(here, line("W1"))
    here.settle()
    assert here.crm_quote(quote)["statusId"]["value"] == "Lost", here.tell()
    assert lines(here, number) == [("Widget", 2, 50, 100)], here.tell()
    # Friday: the order is invoiced; part of it is paid.
    night(here)
    posted = invoice(here, line("W1"), paid="20.00")
    here.settle()
    sale = here.rows("sales")[posted]
    assert (sale["total"], sale["Z_paid"], sale["Z_outstanding"]) == (120, 20, 100), here.tell()
    # The weekend: nothing happens, and nothing is written.
    night(here)
    here.crm.ask("DELETE", "calls")
    before = here.outcomes()
    here.cycle()
    assert not [name for name in here.calls() if name.startswith(("PUT", "DELETE"))], here.calls()
    assert not [name for name in here.calls() if name.startswith("POST") and name != "POST login"]
    assert here.outcomes() == before, here.tell()
    assert len(here.rows("accounts")) == 2 and len(customers(here)) == 2
