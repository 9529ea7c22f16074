"""Two systems that both make, change and delete: conflicts, adoption, undo, the brake, hints, previews."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.link import ChangeEvent
from shared.operations.connect import hook_objects, with_new_token
from shared.operations.preview import preview_entity
from shared.operations.receive_webhook import receive
from shared.operations.undo import undo
from tests.e2e.pair_equal import mended, pair_of_accounts, unequal
from tests.e2e.pair_world import ENTITIES, FLOW_FILE, PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


def both_edit(here: PairWorld, organisation: str, customer: str, first: str = "vtiger") -> None:
    """Town and phone on both sides between two polls, five minutes apart."""

    def sales() -> None:
        here.sales.edit(organisation, bill_city="Hull", phone="0113 1")

    def books() -> None:
        here.books.edit("contacts", customer, main_address={"city": "Selby"})

    for step in (sales, books) if first == "vtiger" else (books, sales):
        step()
        here.wait(300)


# ---------------------------------------------------------------- conflicts


def test_a_conflict_goes_to_the_flows_winner_and_the_loser_is_in_the_log(here: PairWorld) -> None:
    organisation, customer = pair_of_accounts(here)
    both_edit(here, organisation, customer, "sage_accounting")
    mended(here)
    assert (
        here.sales.one(organisation)["bill_city"]
        == here.books.one("contacts", customer)["main_address"]["city"]
        == "Selby"
    )
    lost = [(row.outcome.rule, change) for row in here.log() for change in row.changes if "lost" in change]
    assert [(rule, one["field"], one["system"], one["lost"]) for rule, one in lost] == [
        ("conflict", "billing_town", "vtiger", "Hull")
    ], here.tell()
    assert here.books.one("contacts", customer)["main_contact_person"]["telephone"] == "0113 1", (
        "other fields go on"
    )


@pytest.mark.parametrize("first, town", [("vtiger", "Selby"), ("sage_accounting", "Hull")])
def test_newest_goes_by_the_vendors_times(first: str, town: str) -> None:
    rules = {FLOW_FILE: '[account.fields]\nbilling_town = { conflict = "newest" }\n'}
    with pair_world(rules=rules) as here:
        organisation, customer = pair_of_accounts(here)
        here.wait(900)
        both_edit(here, organisation, customer, first)
        mended(here)
        assert here.sales.one(organisation)["bill_city"] == town, here.tell()
        assert len([change for row in here.log() for change in row.changes if "lost" in change]) == 1


def test_hold_leaves_both_values_until_a_person_makes_them_agree() -> None:
    rules = {FLOW_FILE: '[account.fields]\nbilling_town = { conflict = "hold" }\n'}
    with pair_world(rules=rules) as here:
        organisation, customer = pair_of_accounts(here)
        both_edit(here, organisation, customer)
        here.settle()
        held = here.outcome("account", organisation)
        assert (held.kind, held.rule, held.field) == ("held", "conflict", "billing_town"), here.tell()
        assert "Hull" in held.reason and "Selby" in held.reason and "Make both sides agree" in held.reason
        here.quiet(2)
        assert here.sales.one(organisation)["bill_city"] == "Hull"
        assert here.books.one("contacts", customer)["main_address"]["city"] == "Selby"
        assert here.books.one("contacts", customer)["main_contact_person"]["telephone"] == "0113 1", (
            "other fields go on"
        )
        here.books.edit("contacts", customer, main_address={"city": "Hull"})
        mended(here)


# ---------------------------------------------------------------- the first sync of two full systems


def test_a_first_sync_joins_what_is_the_same_and_fills_what_one_side_lacks(here: PairWorld) -> None:
    by_reference = here.sales.organisation("Acme Limited", cf_856="ACME01", bill_city="")
    by_vat = here.sales.organisation("Borg Limited", cf_854="GB123456789")
    by_name = here.sales.organisation("CARGO  ltd".replace("  ", " "))
    customers = {
        "ref": here.books.customer("Acme", reference="ACME01"),
        "vat": here.books.customer("Borg", tax_number="GB123456789"),
        "name": here.books.customer("Cargo Ltd"),
    }
    person = here.sales.person(by_name, "Bloggs", email="jo@cargo.test")
    twin = here.books.person(customers["name"], "Joanna Bloggs", email="jo@cargo.test")
    product, service = here.sales.product("SAME-1"), here.sales.service("Repair")
    here.books.product("SAME-1")
    here.books.service("Repair")
    here.settle()
    here.settle()
    links = {
        link.sides["vtiger"].id: link.sides["sage_accounting"].id
        for entity in ENTITIES
        for link in here.stores.links.all(entity)
        if len(link.sides) == 2
    }
    assert (links[by_reference], links[by_vat], links[by_name]) == tuple(customers.values()), here.tell()
    assert links[person] == twin and product in links and service in links
    assert (len(here.sales.all("Accounts")), len(here.books.customers())) == (3, 3)
    assert (len(here.books.all("products")), len(here.books.all("services")), len(here.books.persons())) == (
        1,
        1,
        1,
    )
    assert here.sales.one(by_reference)["bill_city"] == "York"
    mended(here)


def test_what_may_be_either_of_two_is_held_with_both_ids(here: PairWorld) -> None:
    twins = [here.books.customer("Twin Ltd"), here.books.customer("Twin Ltd")]
    organisation = here.sales.organisation("Twin Ltd")
    here.settle()
    held = here.outcome("account", organisation)
    assert (held.kind, held.rule) == ("held", "match") and all(one in held.reason for one in twins), (
        here.tell()
    )
    assert len(here.books.customers()) == 2 and len(here.sales.all("Accounts")) == 1, here.tell()
    here.quiet(2)


# ---------------------------------------------------------------- undo and the brake


def test_a_run_is_undone_on_both_sides_and_what_was_edited_since_is_held(here: PairWorld) -> None:
    first, second = here.sales.organisation("First Ltd"), here.sales.organisation("Second Ltd")
    here.settle()
    for one in (first, second):
        here.sales.edit(one, bill_city="Wrong", phone="000")
    here.cycle()
    run = here.log()[0].run_id
    customers = {one["name"]: one["id"] for one in here.books.customers()}
    here.settle()
    here.books.edit("contacts", customers["Second Ltd"], main_address={"city": "Right"})
    here.settle()
    services = here.services()
    undone = {one.record_id: one for one in undo(services, run)}
    services.close()
    kinds = {record: one.kind for record, one in undone.items()}
    assert kinds[customers["First Ltd"]] == "restored" and kinds[customers["Second Ltd"]] == "held", undone
    assert "changed since run" in undone[customers["Second Ltd"]].reason
    shown = here.books.one("contacts", customers["First Ltd"])
    assert (shown["main_address"]["city"], shown["main_contact_person"]["telephone"]) == (
        "Leeds",
        "0113 496 0000",
    )
    assert (here.sales.one(first)["bill_city"], here.sales.one(first)["phone"]) == ("Leeds", "0113 496 0000")
    assert here.sales.one(second)["bill_city"] == "Right"
    mended(here)


def test_a_mass_edit_stops_at_the_brake_until_it_is_released() -> None:
    with pair_world(brake={"records": 5, "percent": 50}) as here:
        organisations = [here.sales.organisation(f"Firm {n}") for n in range(8)]
        here.settle()
        for one in organisations:
            here.sales.edit(one, bill_city="Nowhere")
        new = here.sales.organisation("New Ltd")
        polled = here.tick()
        here.drain()
        assert "more than 5 account records in Vtiger changed" in polled[("account", "vtiger")].stopped
        assert {one["main_address"]["city"] for one in here.books.customers()} == {"Leeds"}
        assert here.outcome("account", new).kind == "created", "new records overwrite nothing"
        here.quiet(2)
        here.set_state(released=("account.vtiger",))
        mended(here)
        assert sum(one["main_address"]["city"] == "Nowhere" for one in here.books.customers()) == 8
        assert here.state.released == () and here.state.braked == {}


# ---------------------------------------------------------------- hints and previews


@pytest.mark.parametrize("spelling", ["bare", "whole", "form"])
def test_a_webhook_is_a_hint_however_it_spells_the_id(here: PairWorld, spelling: str) -> None:
    organisation = here.sales.organisation()
    services = here.services()
    integration, token = with_new_token(services.integration, "vtiger", services)
    here.world.integrations.save(replace(integration, hook_objects=hook_objects(services.flow)))
    services.close()
    sent = organisation if spelling == "whole" else organisation.partition("x")[2]
    body = f"id={sent}&module=Accounts" if spelling == "form" else json.dumps({"id": sent})
    request = {
        "rawPath": f"/main/vtiger/{token}",
        "queryStringParameters": {"object": "Accounts"},
        "body": body,
        "requestContext": {"http": {"method": "POST"}},
    }
    for _ in range(2):
        assert receive(request, here.world.integrations, here.world.queue).status == 202
    here.drain()
    assert here.outcome("account", organisation).kind == "created", here.tell()
    assert len(here.books.customers()) == 1
    assert (
        receive(
            {**request, "rawPath": f"/main/vtiger/{'x' * 40}"}, here.world.integrations, here.world.queue
        ).status
        == 404
    )
    mended(here)
    assert len(here.books.customers()) == len(list(here.stores.links.all("account"))) == 1


def test_a_hint_for_what_is_not_there_says_so(here: PairWorld) -> None:
    here.world.queue.send(
        [ChangeEvent("main", "vtiger", "account", "9999", "webhook", "hook", here.clock.now())]
    )
    here.drain()
    outcome = here.outcome("account", "11x9999")
    assert outcome.kind == "skipped" and "no longer exists in Vtiger" in outcome.reason
    here.quiet(1)


def test_a_preview_says_what_would_be_done_and_writes_nothing() -> None:
    with pair_world(live=False) as here:
        organisation = here.sales.organisation()
        here.books.customer("Borg Ltd")
        here.sales.organisation("Same Ltd")
        here.books.customer("Same Ltd")
        product = here.sales.product(description="")
        here.tick()
        assert here.drain() == 0
        services = here.services()
        found: dict[str, list[Any]] = {entity: list(preview_entity(services, entity)) for entity in ENTITIES}
        services.close()
        would = {(one.label, one.would) for one in found["account"]}
        assert {("Acme & Söns", "create"), ("Borg Ltd", "create")} <= would, would
        assert {what for label, what in would if label == "Same Ltd"} <= {"link", "update"}, would
        assert [(one.record_id, one.would) for one in found["product"]] == [(product, "skip")]
        assert here.writes() == {"vtiger": [], "sage_accounting": []} and here.log() == []
        assert list(here.stores.links.all()) == [] and here.stores.waits.all() == []
        here.set_state(live=True)
        here.settle()
        assert here.outcome("account", organisation).kind == "created"
        assert unequal(here, product) == []
