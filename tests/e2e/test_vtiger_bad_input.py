"""Input that neither vendor takes as it is: values that one side changes without a word, and twins."""

from collections.abc import Iterator

import pytest

from tests.e2e.pair_equal import mended
from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


def calm(here: PairWorld) -> list[str]:
    """Settled and still, whatever differs. The differences that comparing names, so that none is silent."""
    from shared.operations.compare import compare

    here.settle()
    services = here.services()
    try:
        return [f"{one.field}: {one.reason}" for one in compare(services)]
    finally:
        services.close()


NAMES = [
    "x" * 120,
    "Fish & Chips &amp; Co",
    "<script>alert(1)</script> Ltd",
    "Smile 😀 Ltd",
    'O\'Brien "Sons" <b>Ltd</b>',
    "  Spaced   Out  ",
    "Ünïcödé Ñandú",
    "A\\B;C--",
    "=SUM(A1)",
    "&lt;b&gt;",
]


def test_names_that_one_side_changes_never_flap(here: PairWorld) -> None:
    organisations = [here.sales.organisation(f"{name} {n}"[-120:]) for n, name in enumerate(NAMES)]
    assert calm(here) == [], here.tell()
    assert len(here.books.customers()) == len(NAMES), here.tell()
    for one in organisations:
        here.sales.edit(one, phone="0113 1")
    assert calm(here) == []
    for customer in here.books.customers():
        here.books.edit("contacts", customer["id"], notes="x", main_address={"city": "Hull"})
    assert calm(here) == []
    assert {here.sales.one(one)["bill_city"] for one in organisations} == {"Hull"}
    assert {one["main_contact_person"]["telephone"] for one in here.books.customers()} == {"0113 1"}
    assert len(here.sales.all("Accounts")) == len(here.books.customers()) == len(NAMES)


def test_nor_do_names_that_were_entered_in_sage(here: PairWorld) -> None:
    customers = [here.books.customer(f"{name} {n}"[-100:]) for n, name in enumerate(NAMES)]
    assert calm(here) == [], here.tell()
    assert len(here.sales.all("Accounts")) == len(NAMES), here.tell()
    for one in customers:
        here.books.edit("contacts", one, main_address={"city": "Hull"})
    assert calm(here) == []
    for organisation in here.sales.all("Accounts"):
        here.sales.edit(organisation["id"], phone="0113 1")
    assert calm(here) == []
    assert {one["bill_city"] for one in here.sales.all("Accounts")} == {"Hull"}
    assert {one["main_contact_person"]["telephone"] for one in here.books.customers()} == {"0113 1"}
    assert len(here.sales.all("Accounts")) == len(here.books.customers()) == len(NAMES)


def test_long_and_odd_text_in_every_other_field_settles(here: PairWorld) -> None:
    organisation = here.sales.organisation(
        bill_street="A very long first line of a street that goes on and on for ever\nTwo\nThree",
        email1="Info@ACME.Test",
        phone="(0113) 496-0000 ext. 5",
        bill_city="Leeds &amp; Bradford",
    )
    person = here.sales.person(
        organisation, "van der Berg 😀", email="JO@Acme.TEST", title="Head of <b>Everything</b> & more"
    )
    product = here.sales.product("WID &amp; 1", description="Line one\r\nLine two\n😀 " + "y" * 300)
    invoice = here.sales.invoice(
        organisation,
        here.sales.line(product, comment="Comment <i>with</i> &amp; 😀"),
        customerno="A purchase order that is far too long for Sage",
        subject="Sub 😀 ject",
    )
    assert [one.partition(":")[:2] for one in calm(here)] == [("reference", ":")], "a key is never cut"
    for entity, record in (
        ("account", organisation),
        ("contact", person),
        ("product", product),
        ("invoice", invoice),
    ):
        assert here.outcome(entity, record).kind == "created", here.tell()
    here.sales.edit(invoice, duedate="2026-12-05", customerno="PO 7")
    assert calm(here) == []
    assert here.books.invoices()[0]["due_date"] == "2026-12-05"
    assert here.books.invoices()[0]["reference"] == "PO 7"


def test_the_case_of_an_email_is_no_difference(here: PairWorld) -> None:
    organisation = here.sales.organisation(email1="Info@Acme.Test")
    here.settle()
    here.sales.edit(organisation, email1="INFO@ACME.TEST")
    mended(here)
    assert here.books.customers()[0]["main_contact_person"]["email"].lower() == "info@acme.test"


def test_a7_a_customer_without_a_usable_email_and_its_invoice_go(here: PairWorld) -> None:
    """Customers of countries that people name in words, too."""
    seoul = here.sales.organisation("Seoul Trading", email1="n/a", bill_country="South Korea")
    nairobi = here.sales.organisation("Nairobi Trading", bill_country="Kenya")
    invoice = here.sales.invoice(seoul, here.sales.line(here.sales.product()))
    here.settle()
    outcome = here.outcome("account", seoul)
    assert outcome.kind == "created" and outcome.field == "email" and outcome.value == "n/a", here.tell()
    assert "email1" in outcome.reason and "n/a" in outcome.reason
    assert here.outcome("account", nairobi).kind == here.outcome("invoice", invoice).kind == "created"
    countries = {one["name"]: one["main_address"]["country"]["id"] for one in here.books.customers()}
    assert countries == {"Seoul Trading": "KR", "Nairobi Trading": "KE"}
    assert here.sales.one(seoul)["email1"] == "n/a" and len(here.books.invoices()) == 1
    here.quiet(1)


@pytest.mark.parametrize(
    "field, bad, good, word",
    [
        ("email1", "not an address", "a@b.test", "e-mail"),
        ("bill_country", "Atlantis", "Germany", "country"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_stops_nothing(
    here: PairWorld, field: str, bad: str, good: str, word: str
) -> None:
    organisation = here.sales.organisation(**{field: bad})
    here.settle()
    outcome = here.outcome("account", organisation)
    assert outcome.kind == "created" and bad in outcome.reason and word in outcome.reason, here.tell()
    here.quiet(1)
    here.sales.edit(organisation, **{field: good})
    mended(here)
    assert here.sales.one(organisation)[field] == good
    here.sales.edit(organisation, **{field: bad})
    here.settle()
    outcome = here.outcome("account", organisation)
    assert outcome.kind == "unchanged" and bad in outcome.reason and word in outcome.reason, here.tell()
    customer = here.books.customers()[0]
    kept = customer["main_contact_person"]["email"], customer["main_address"]["country"]["displayed_as"]
    assert any(good in one for one in kept), "what cannot be read empties nothing"
    here.quiet(1)
    here.sales.edit(organisation, **{field: good}, phone="0113 2")
    mended(here)


def test_a_person_called_as_sages_placeholder_does_no_harm(here: PairWorld) -> None:
    organisation = here.sales.organisation()
    person = here.sales.person(organisation, "Contact", firstname="Main", email="main@acme.test")
    here.settle()
    here.quiet(1)
    assert len(here.sales.all("Contacts")) == 1, here.tell()
    assert here.outcome("contact", person).kind == "created", here.tell()
    emails = here.sales.one(organisation)["email1"], here.books.customers()[0]["main_contact_person"]["email"]
    assert emails == ("info@acme.test", "info@acme.test")
    here.sales.edit(person, firstname="Mainly")
    here.settle()
    here.quiet(1)
    assert len(here.sales.all("Contacts")) == 1, here.tell()


def test_two_customers_of_one_name_are_held_until_told_apart(here: PairWorld) -> None:
    first, second = here.books.customer("Twin Ltd"), here.books.customer("Twin Ltd")
    organisation = here.sales.organisation("TWIN LTD")
    here.settle()
    assert len(here.sales.all("Accounts")) == 1 and len(here.books.customers()) == 2, here.tell()
    held = here.outcome("account", organisation)
    assert held.kind == "held" and held.rule == "match" and "the name is there more than once" in held.reason
    here.quiet(1)
    here.books.edit("contacts", second, name="Twin of York Ltd")
    here.sales.edit(organisation, phone="0113 3")
    here.settle()
    here.reconcile()
    mended(here)
    assert len(here.sales.all("Accounts")) == len(here.books.customers()) == 2
    assert first in {link.sides["sage_accounting"].id for link in here.stores.links.all("account")}


def test_a_second_record_of_one_side_does_not_take_the_partner_of_the_first(here: PairWorld) -> None:
    first = here.sales.product("WID-1")
    here.settle()
    second = here.sales.product("WID-1", productname="Widget again")
    here.settle()
    assert len(here.books.all("products")) == 1
    held = here.outcome("product", second)
    assert (held.kind, held.rule) == ("held", "match") and "Merge or rename" in held.reason
    here.sales.edit(second, productcode="WID-2")
    mended(here)
    assert len(here.books.all("products")) == 2 and here.outcome("product", first).kind == "created"


def test_a_row_of_years_to_come_hides_nothing(here: PairWorld) -> None:
    never = {"createdtime": "2090-01-01 00:00:00", "modifiedtime": "2090-01-01 00:00:00"}
    here.imported("Accounts", {"accountname": "Imported", **never})
    here.settle()
    here.sales.organisation("Afterwards")
    here.settle()
    assert {one["name"] for one in here.books.customers()} == {"Imported", "Afterwards"}, here.tell()
    here.quiet()
