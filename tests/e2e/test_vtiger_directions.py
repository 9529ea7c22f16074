"""Which way each entity goes: both, one way, or not at all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.errors import RuleInvalid
from tests.e2e.pair_equal import unequal
from tests.e2e.pair_world import PairWorld, pair_world

Change = dict[str, Any]


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


MAKERS: dict[str, tuple[Callable[[PairWorld], str], Callable[[PairWorld], str]]] = {
    "account": (lambda here: here.sales.organisation(), lambda here: here.books.customer()),
    "product": (lambda here: here.sales.product(), lambda here: here.books.product()),
    "service": (lambda here: here.sales.service(), lambda here: here.books.service()),
    "invoice": (
        lambda here: here.sales.invoice(here.sales.organisation(), here.sales.line(here.sales.product())),
        lambda here: here.books.invoice(
            here.books.customer(), here.books.line(product_id=here.books.product())
        ),
    ),
}
EDITS: dict[str, tuple[Change, Change]] = {
    "account": ({"phone": "01"}, {"vat_number": "GB123456789"}),
    "product": ({"description": "New"}, {"description": "Neu"}),
    "service": ({"description": "New"}, {"description": "Neu"}),
    "invoice": ({"customerno": "7"}, {"reference": "8"}),
}
RESOURCES = {"account": "contacts", "product": "products", "service": "services", "invoice": "sales_invoices"}


@pytest.mark.parametrize("entity", MAKERS)
@pytest.mark.parametrize("way", ["from vtiger", "from sage_accounting"])
def test_one_way_means_one_way(entity: str, way: str) -> None:
    with pair_world(directions={entity: way}) as here:
        crm, sage = (make(here) for make in MAKERS[entity])
        here.settle()
        pairs = [link for link in here.stores.links.all(entity) if len(link.sides) == 2]
        goes = crm if way == "from vtiger" else sage
        assert [link.origin_id for link in pairs] == [goes], here.tell()
        left, right = pairs[0].sides["vtiger"].id, pairs[0].sides["sage_accounting"].id
        here.forget_writes()
        ours, theirs = EDITS[entity]
        here.sales.edit(left, **ours) if way == "from vtiger" else here.books.edit(
            RESOURCES[entity],
            right,
            **theirs | ({"tax_number": "GB123456789"} if entity == "account" else {}),
        )
        here.settle()
        written = here.writes()
        assert written["vtiger" if way != "from vtiger" else "sage_accounting"], here.tell()
        assert written["vtiger" if way == "from vtiger" else "sage_accounting"] == [], here.tell()
        here.quiet(1)


@pytest.mark.parametrize("entity", ["account", "product", "service", "invoice"])
def test_an_edit_against_the_way_is_not_carried(entity: str) -> None:
    with pair_world(directions={entity: "from vtiger"}) as here:
        crm = MAKERS[entity][0](here)
        here.settle()
        link = next(link for link in here.stores.links.all(entity) if link.origin_id == crm)
        change = {"name": "Other"} if entity == "account" else EDITS[entity][1]
        here.books.edit(RESOURCES[entity], link.sides["sage_accounting"].id, **change)
        before = here.sales.one(crm)
        here.settle()
        assert here.sales.one(crm)["modifiedtime"] == before["modifiedtime"]
        here.quiet(1)


def test_an_entity_that_is_off_is_not_read_and_its_message_says_so() -> None:
    with pair_world(directions={"invoice": "off"}) as here:
        invoice = MAKERS["invoice"][0](here)
        sage = MAKERS["invoice"][1](here)
        here.settle()
        assert len(here.books.invoices()) == len(here.sales.all("Invoice")) == 1
        assert here.story("invoice", invoice) == here.story("invoice", sage) == []
        assert unequal(here, invoice, sage) == []
        here.change(directions={})
        here.settle()
        assert unequal(here) == []
        assert here.outcome("invoice", sage).kind == "created"


def test_everything_off_but_accounts_reads_accounts_alone() -> None:
    with pair_world(directions={"others": "off", "account": "both", "contact": "off"}) as here:
        person = here.sales.person(here.sales.organisation())
        here.sales.product()
        polled = here.tick()
        balances = ("credit_position", "sage_accounting")  # of the same customers
        assert sorted(polled) == [("account", "sage_accounting"), ("account", "vtiger"), balances]
        here.settle()
        assert here.story("contact", person) == [] and len(here.books.customers()) == 1


@pytest.mark.parametrize("needed", ["account", "product", "service"])
def test_what_invoices_need_cannot_be_switched_off_under_them(here: PairWorld, needed: str) -> None:
    here.change(directions={needed: "off"})
    with pytest.raises(RuleInvalid, match=f"{needed} cannot be switched off while (invoice|contact) is on"):
        here.tick()
    here.change(
        directions={needed: "off", "invoice": "off", **({"contact": "off"} if needed == "account" else {})}
    )
    here.tick()


def test_invoices_alone_switch_on_what_they_need() -> None:
    with pair_world(directions={"others": "off", "invoice": "from vtiger"}) as here:
        invoice = MAKERS["invoice"][0](here)
        here.books.customer()
        here.settle()
        assert here.story("invoice", invoice)[0].outcome.kind in ("created", "unchanged"), here.tell()
        assert len(here.sales.all("Accounts")) == 1
