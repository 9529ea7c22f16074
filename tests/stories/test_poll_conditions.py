"""A list that was asked to leave records out, and did not: they cost nothing, in any cycle."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from shared.domain.record import replace
from shared.ports import ObjectSpec, Page
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import SUGAR, Orders
from tests.stories.world import World


def deaf(here: World, system: str) -> None:
    """The vendor drops every condition in silence, as SugarCRM does on fields outside its database."""
    vendor = here.rig.systems[system]
    listed = vendor.changes

    def everything(
        spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        return listed(replace(spec, where=()), cursor, page_size)

    vendor.changes = everything  # type: ignore[method-assign]


def test_m7_sixteen_excluded_opportunities_are_queued_in_no_cycle() -> None:
    here = Orders()
    deaf(here, SUGAR)
    for number in range(16):
        here.edit(f"open-{number}", stage="Prospecting")
    here.win("desks")
    here.sync()
    assert here.log() == ["created"]
    for run in here.rig.stores.log.runs()[:2]:  # its own row, and the day's warning for the digest
        assert "SugarCRM listed 16 sales order records that it was asked to leave out" in run.message
        assert "(by sales_stage): it ignores that condition" in run.message
    here.forget()
    for _ in range(3):
        here.rig.clock.advance(900)
        here.rig.poll()
        assert here.rig.stores.queue.depth(here.entity) == 0
    assert here.log() == []


def test_one_of_them_that_comes_to_meet_the_condition_goes() -> None:
    here = Orders()
    deaf(here, SUGAR)
    here.edit("desks", stage="Prospecting")
    here.sync()
    assert here.log() == []
    here.edit("desks", stage="Closed Won")
    here.sync()
    assert here.log() == ["created"]


@pytest.mark.parametrize("kind", ["VENDOR", "vendor"])
def test_a_supplier_of_sage_that_is_listed_among_the_customers(kind: str) -> None:
    here = Customers()
    deaf(here, SAGE)
    here.enter(SAGE, "paper", name="Paper Ltd")
    here.rig.systems[SAGE].put("contacts", "paper", {"contact_type_id": kind})
    here.enter(SAGE, "smith", name="Smith Ltd")
    for _ in range(3):
        here.sync()
    assert [one["name"] for one in here.records(VTIGER)] == ["Smith Ltd"]
    assert not here.rows(of="paper")


def test_a_linked_record_is_looked_at_whatever_its_list_says() -> None:
    here = Customers.linked_smith(name="Smith Ltd", phone="1")
    deaf(here, SAGE)
    here.rig.systems[SAGE].put("contacts", here.id_of(SAGE, "smith"), {"contact_type_id": "VENDOR"})
    here.edit(SAGE, phone="2")
    here.sync()
    assert here.shows(VTIGER)["phone"] == "2"
