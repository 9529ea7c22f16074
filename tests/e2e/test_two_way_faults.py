"""Vendors that fail, and sign-ins that end: nothing lost, nothing doubled, and a person is asked only where
one is needed."""

from collections.abc import Iterator

import pytest

from tests.e2e.pair_connections import reconnect
from tests.e2e.pair_equal import mended, pair_of_accounts
from tests.e2e.pair_world import PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


SALES = {"path": "webservice.php", "method": "POST", "operation": "create|revise"}
BOOKS = {"path": "/v3.1/", "method": "POST|PUT"}


@pytest.mark.parametrize(
    "kind",
    ["429", "500", "503", "lost_reply", "lost_request", "late_commit", "html", "truncated_json", "502"],
)
def test_faults_at_writes_lose_nothing_and_double_nothing(here: PairWorld, kind: str) -> None:
    """At the first and the third write of either vendor."""
    here.clock.share = 0.004 if kind == "late_commit" else 0.0  # late, but done before it is looked for
    pair_of_accounts(here)
    organisation, customer = here.sales.organisation("New Ltd"), here.books.customer("Newer Ltd")
    product, item = here.sales.product(), here.books.product()
    here.sales.invoice(organisation, here.sales.line(product))
    here.books.invoice(customer, here.books.line(product_id=item))
    for desk, match in ((here.sales.desk, SALES), (here.books.desk, BOOKS)):
        here.faults(
            desk,
            *({"kind": kind, "match": match, "times": 1, "skip": skip, "after": 0.05} for skip in (0, 2)),
        )
    mended(here)
    assert len(here.sales.all("Accounts")) == len(here.books.customers()) == 3, here.tell()
    assert len(here.sales.all("Invoice")) == len(here.books.invoices()) == 2, here.tell()
    assert len(here.sales.all("Products")) == len(here.books.all("products")) == 2, here.tell()


@pytest.mark.parametrize("office", ["sales", "books"])
def test_an_outage_of_hours_delays_and_nothing_else(here: PairWorld, office: str) -> None:
    organisation, customer = pair_of_accounts(here)
    desk = getattr(here, office).desk
    here.faults(desk, {"kind": "503", "times": -1})
    here.sales.edit(organisation, phone="0113 7")
    here.books.edit("contacts", customer, tax_number="GB123456789")
    made = here.sales.organisation("Patient Ltd")
    desk.delete("/calls")
    for _ in range(16):
        here.cycle()
    calls = desk.get("/calls")
    assert sum(calls.get("calls", calls).values()) < 16 * 15, "a closed gate is not knocked at by every list"
    desk.delete("/faults")
    here.wait(1800)
    mended(here)
    assert here.outcome("account", made).kind == "created"
    assert here.books.one("contacts", customer)["main_contact_person"]["telephone"] == "0113 7"


def test_a_session_and_a_token_that_end_early_are_renewed_without_a_word(here: PairWorld) -> None:
    organisation, customer = pair_of_accounts(here)
    here.sales.desk.post("/expire")
    here.books.desk.post("/tokens", {"expire": "access"})
    here.sales.edit(organisation, phone="0113 8")
    here.cycle()
    assert here.books.one("contacts", customer)["main_contact_person"]["telephone"] == "0113 8", here.tell()
    assert all(state.state == "ok" for state in here.stores.gate.read(["vtiger", "sage_accounting"]).values())


# ---------------------------------------------------------------- the sign-in to Sage


def test_a_quiet_connection_is_kept_alive_and_a_dead_one_asks_for_a_person(here: PairWorld) -> None:
    """While Vtiger is paused nothing reads Sage, whose sign-in would run out after 31 days."""
    organisation, customer = pair_of_accounts(here)
    here.stores.gate.pause("vtiger", "the access key was changed")
    here.sales.edit(organisation, phone="0113 4")
    for _ in range(40):
        here.wait(86_400)
        here.tick()
    here.stores.gate.open("vtiger")
    mended(here)
    assert here.books.one("contacts", customer)["main_contact_person"]["telephone"] == "0113 4", here.tell()
    here.books.desk.post("/tokens", {"expire": "all"})
    here.sales.edit(organisation, phone="0113 5")
    here.cycle()
    here.cycle()
    gate = here.stores.gate.read(["sage_accounting"])["sage_accounting"]
    assert gate.state == "paused" and "tieout connect" in gate.reason, gate
    here.quiet(1)
    reconnect(here.world, here.books)
    mended(here)
    assert here.books.one("contacts", customer)["main_contact_person"]["telephone"] == "0113 5"


@pytest.mark.parametrize(
    "kind", ["lost_reply", "lost_request", "500", "503", "429", "html", "truncated_json"]
)
def test_a_refresh_that_fails_midway_loses_no_record_and_doubles_none(here: PairWorld, kind: str) -> None:
    here.settle()
    organisation = here.sales.organisation()
    here.faults(here.books.desk, {"kind": kind, "match": {"path": "/token"}, "times": 1})
    for _ in range(4):
        here.cycle()
    gate = here.stores.gate.read(["sage_accounting"])["sage_accounting"]
    if gate.state == "paused":
        assert kind in ("lost_reply", "truncated_json") and "connect" in gate.reason, (kind, gate.reason)
        reconnect(here.world, here.books)
    mended(here)
    assert len(here.books.customers()) == 1 and here.outcome("account", organisation).kind == "created"
