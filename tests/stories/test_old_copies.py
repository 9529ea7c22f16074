"""A copy of a record that is older than what is known, and a write whose answer never came: neither is taken
for how things are. All three were found by a million changes under weather."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import OutcomeUnknown
from shared.mapping.compile import compile_flow
from shared.ports import Snapshot
from shared.systems.memory import MemorySystem
from tests.properties.ports import Killed, Ticker
from tests.properties.rig import Rig
from tests.stories.clients import ABLE, CRM, LEDGER, Clients
from tests.stories.customers import ABLE as TWO_WAY
from tests.stories.customers import SAGE, VTIGER, Customers, Vendor
from tests.stories.world import World

LOST = OutcomeUnknown("no answer came")


class Shown(Customers):
    """Customers of a ledger in a CRM that only shows them: there they are written without a look."""

    def __init__(self) -> None:
        clock = Ticker()
        vendors: dict[str, MemorySystem] = {
            name: Vendor(name, clock, capabilities=able)
            for name, able in {CRM: ABLE[CRM], SAGE: TWO_WAY[SAGE]}.items()
        }
        for vendor in vendors.values():
            vendor.tables |= {"users": [], "currencies": [], "tax_codes": []}
        flow = f"{CRM}--{SAGE}"
        off = {one: "off" for one in compile_flow(flow).entities if one not in ("account", "contact")}
        World.__init__(self, Rig(compile_flow(flow, {}, off), vendors, clock))


def townless(**values: Any) -> Clients:
    """A customer in both systems, which has no town yet."""
    here = Clients.in_both()
    assert "billing_town" not in here.shows(CRM, "CLIENT1")
    return here


def test_a_list_that_was_read_before_our_clock_was_set_back_undoes_no_later_edit() -> None:
    """It seems to be of later than the edit; by the vendor's own time of the record it is not."""
    here = townless()
    here.edit(LEDGER, "CLIENT1", phone="0113 496 0001")
    here.rig.clock.advance(900)
    here.rig.poll()
    here.rig.clock.advance(-600)
    here.edit(LEDGER, "CLIENT1", billing_town="Leeds")
    here.hear(LEDGER, "CLIENT1")
    assert here.shows(CRM, "CLIENT1")["billing_town"] == "Leeds"
    here.wait(minutes=15)
    assert here.shows(CRM, "CLIENT1")["billing_town"] == "Leeds"
    here.says("unchanged")


def test_a_list_of_a_time_that_has_not_come_is_read_again() -> None:
    """Also where the vendor states no version."""
    here = townless()
    here.edit(LEDGER, "CLIENT1", phone="0113 496 0001")
    spec = here._map(LEDGER).spec
    (old,) = here.rig.systems[LEDGER].read(spec, ["CLIENT1"]).values()
    assert isinstance(old, Snapshot)
    here.edit(LEDGER, "CLIENT1", phone="0113 496 0002")
    event = here.event(LEDGER, "CLIENT1", cause="poll")
    ahead = here.rig.clock.now() + timedelta(minutes=10)
    here.rig.handle([replace(event, snapshot=old.values, observed_at=ahead)])
    here.wait(minutes=1)
    assert here.shows(CRM, "CLIENT1")["phone"] == "0113 496 0002"


@pytest.mark.parametrize("dies", [Killed, LOST])
def test_a_value_put_back_while_the_answer_to_a_write_is_missing_is_written_once_more(dies: Any) -> None:
    """What the side showed before that write says nothing of what it shows now."""
    here = Shown()
    here.enter(SAGE, "smith", reference="SMITH", name="Smith & Co", billing_town="Leeds")
    here.sync()
    here.edit(SAGE, "smith", billing_town="York")
    with here.at(f"{CRM}.update done", dies):
        here.hear(SAGE, "smith")
    assert here.shows(CRM)["billing_town"] == "York"
    here.edit(SAGE, "smith", billing_town="Leeds")
    here.wait(minutes=30)
    assert here.shows(CRM)["billing_town"] == "Leeds"


def test_a_person_whose_organisation_is_just_being_made_waits_for_it() -> None:
    """Whoever makes the organisation has claimed its place, and died before there was anything to find."""
    here = Customers()
    here.enter(SAGE, "smith", name="Smith & Co")
    here.enter(SAGE, "ann", entity="contact", full_name="Ann Archer", account="smith")
    with here.at("links.claim done", Killed):
        here.hear(SAGE, "smith")
    here.hear(SAGE, "ann", entity="contact")
    here.says("waiting", "smith", rule="reference", field="account", of="ann")
    here.wait(minutes=30)
    assert [one["full_name"] for one in here.records(VTIGER, "contact")] == ["Ann Archer"]
