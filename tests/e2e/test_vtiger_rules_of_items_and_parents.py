"""Every rule of the Vtiger flow about items, and about whom a person or an invoice belongs to, both ways
where it applies: what is refused says why, and once mended it goes by itself."""

from collections.abc import Iterator

import pytest

from shared.operations.handle_batch import Message, handle
from tests.e2e.pair_equal import mended, told
from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


@pytest.mark.parametrize("entity, module", [("product", "products"), ("service", "services")])
def test_an_item_without_description_waits_for_one(here: PairWorld, entity: str, module: str) -> None:
    record = getattr(here.sales, entity)(description="")
    here.settle()
    told(here, entity, record, "skipped", "description", "description", "no description: enter one")
    assert here.books.all(module) == []
    here.sales.edit(record, description="A good one")
    mended(here)
    assert here.outcome(entity, record).kind == "created"
    here.sales.edit(record, description="")
    here.settle()
    told(here, entity, record, "skipped", "description", "description", "no description")
    assert here.books.all(module)[0]["description"] == "A good one"
    here.sales.edit(record, description="A better one")
    mended(here)


@pytest.mark.parametrize("entity", ["product", "service"])
def test_an_item_of_sage_without_code_goes_by_its_description_until_it_has_one(
    here: PairWorld, entity: str
) -> None:
    record = getattr(here.books, entity)("")
    mended(here)
    assert here.outcome(entity, record).kind == "created"
    here.books.edit(f"{entity}s", record, item_code="CODED")
    mended(here)
    assert len(here.sales.all(f"{entity.title()}s")) == 1


@pytest.mark.parametrize("entity", ["product", "service"])
def test_an_item_bears_one_tax_that_sage_has(here: PairWorld, entity: str) -> None:
    record = getattr(here.sales, entity)(tax1="20", tax2="10")
    other = getattr(here.sales, entity)("OTHER", tax1="17.5")
    here.settle()
    told(here, entity, other, "skipped", "tax", "tax_rate", "17.50 %", "20.00 %")
    told(here, entity, record, "skipped", "one tax", "tax_rate", "one tax only")
    here.sales.edit(record, tax2="")
    here.sales.edit(other, tax1="5")
    mended(here)


def test_a_person_without_organisation_waits_for_one(here: PairWorld) -> None:
    person = here.sales.person("")
    here.settle()
    told(
        here,
        "contact",
        person,
        "skipped",
        "account",
        "account",
        "belongs to no organisation: choose one in Vtiger",
    )
    here.sales.edit(person, account_id=here.sales.organisation())
    mended(here)
    assert here.outcome("contact", person).kind == "created"


@pytest.mark.parametrize("kept", [False, True])
def test_children_wait_for_an_organisation_that_sage_refuses_and_go_by_themselves(
    here: PairWorld, kept: bool
) -> None:
    """Also where Sage repeats its refusal, corrected or not, as long as the idempotency id is the same."""
    here.books.desk.post("/options", {"refusals_kept": kept})
    here.books.customer("Paper Ltd", reference="PAPER", contact_type_ids=["VENDOR"])
    organisation = here.sales.organisation(cf_856="PAPER")
    person = here.sales.person(organisation)
    invoice = here.sales.invoice(organisation, here.sales.line(here.sales.product()))
    here.settle()
    told(here, "account", organisation, "held", "rejected", "", "reference is already in use")
    told(
        here,
        "contact",
        person,
        "waiting",
        "reference",
        "account",
        "not in Sage Accounting yet",
        "reference is already in use",
    )
    told(
        here,
        "invoice",
        invoice,
        "waiting",
        "reference",
        "account",
        "not in Sage Accounting yet",
        "automatically",
    )
    here.sales.edit(organisation, cf_856="ACME")
    mended(here)
    assert here.outcome("contact", person).kind == here.outcome("invoice", invoice).kind == "created"


@pytest.mark.parametrize("kept", [False, True])
def test_a_vat_number_that_sage_refuses_stops_neither_customer_nor_invoice(
    here: PairWorld, kept: bool
) -> None:
    """Also where Sage repeats its refusal for as long as the idempotency id is the same."""
    here.books.desk.post("/options", {"refusals_kept": kept})
    organisation = here.sales.organisation(cf_854="GB12")
    invoice = here.sales.invoice(organisation, here.sales.line(here.sales.product()))
    here.settle()
    told(
        here,
        "account",
        organisation,
        "created",
        "unreadable",
        "vat_number",
        "GB12",
        "VAT number is not valid",
        "made without it",
    )
    assert here.outcome("invoice", invoice).kind == "created"
    assert [one["tax_number"] or "" for one in here.books.customers()] == [""]
    here.sales.edit(organisation, cf_854="GB123456789")
    mended(here)
    assert [one["tax_number"] for one in here.books.customers()] == ["GB123456789"]


def test_children_of_a_customer_that_vtiger_refuses_wait_the_other_way_too() -> None:
    """Vtiger's database holds names equal that differ by an accent alone, and lets no two organisations share
    one; nor may anything be added to a name here."""
    rules = {"flows/vtiger--sage_accounting.toml": "[account.unique]\nadd = []\n"}
    with pair_world(rules=rules) as here:
        here.sales.organisation("Borg Ltd")
        here.settle()
        customer, item = here.books.customer("Bórg Ltd"), here.books.product()
        person, invoice = (
            here.books.person(customer),
            here.books.invoice(customer, here.books.line(product_id=item)),
        )
        here.settle()
        told(
            here,
            "account",
            customer,
            "held",
            "rejected",
            "",
            "already has another record",
            "Organization Name “Bórg Ltd”",
            "rename one of the two",
        )
        told(
            here,
            "contact",
            person,
            "waiting",
            "reference",
            "account",
            "not in Vtiger yet",
            "rename one of the two",
        )
        told(
            here, "invoice", invoice, "waiting", "reference", "account", "not in Vtiger yet", "automatically"
        )
        assert len(here.sales.all("Accounts")) == 1 and here.sales.all("Invoice") == []
        here.books.edit("contacts", customer, name="Bórg of York Ltd")
        mended(here)
        assert len(here.sales.all("Accounts")) == 2 and len(here.sales.all("Invoice")) == 1


def test_the_second_company_of_one_name_is_made_with_its_town(here: PairWorld) -> None:
    here.sales.organisation("Borg Ltd")
    here.settle()
    customer = here.books.customer("Bórg Ltd")
    invoice = here.books.invoice(customer, here.books.line(product_id=here.books.product()))
    here.settle()
    assert {one["accountname"] for one in here.sales.all("Accounts")} == {"Borg Ltd", "Bórg Ltd (York)"}
    assert {one["name"] for one in here.books.customers()} == {"Borg Ltd", "Bórg Ltd"}, here.tell()
    assert here.outcome("invoice", invoice).kind in ("created", "updated", "unchanged"), here.tell()
    here.reconcile()
    here.settle()
    assert {one["name"] for one in here.books.customers()} == {"Borg Ltd", "Bórg Ltd"}
    assert {one["accountname"] for one in here.sales.all("Accounts")} == {"Borg Ltd", "Bórg Ltd (York)"}


def test_whichever_queue_is_first_the_parent_is_made_first(here: PairWorld) -> None:
    organisation = here.sales.organisation()
    invoice = here.sales.invoice(organisation, here.sales.line(here.sales.product()))
    here.tick()
    events = here.world.receive("invoice", 50)
    for entity in ("account", "product"):
        here.world.receive(entity, 50)
    handle([Message("1", events[0])], lambda name: here.services())
    assert here.outcome("invoice", invoice).kind == "waiting"
    here.drain()
    assert here.story("account", organisation)[0].cause == "dependency"
    mended(here)
    assert len(here.books.customers()) == len(here.books.invoices()) == 1
