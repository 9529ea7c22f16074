"""Issue 14, "Settings": somebody changes a mapping, tries it on archived records, saves it, sees what it
does, and rolls it back, over HTTP."""

import time

from shared.operations.read_fields import read_fields
from tests.browser.served import served
from tests.e2e.person import Person
from tests.properties.rig import NAME
from tests.stories.orders import SAGE, Orders
from tests.unit.console.settings_world import Settled

FILE = f"systems/{SAGE}/sales_order.toml"


def delivered_to(here: Orders) -> list[str]:
    """The delivery name of each order in Sage, in the order of their making."""
    records = here.rig.systems[SAGE].objects[here.rig.flow.entities["sales_order"].maps[SAGE].spec.object]
    return [str(one["delName"]) for one in records.values()]


def test_changes_a_mapping_tries_it_saves_and_rolls_back() -> None:
    here = Orders()
    for name in ("desks", "chairs", "shelves"):
        here.win(name, amount="120.00", **{"account.name": "Fenwick Fencing Limited"})
    here.sync()
    console = Settled(here)
    read_fields(here.rig.services())
    began = time.perf_counter()
    with served(console) as address:
        ann = Person(address)
        ann.open(f"/{NAME}/")
        ann.click("Settings")
        ann.click("Mapping")
        ann.press("Change delivery name")
        ann.press("Check and try on archived records", **{"max.sage_50": "7"})
        assert "3 archived records tried" in ann.text and "3 records would come out differently" in ann.text
        assert "Fenwick Fencing Limited" in ann.text and console.stored.rules == {}
        ann.press("See and save")
        ann.press("Save these settings")
        assert "Stored. The next readings go by these settings." in ann.text
        assert console.stored.rules == {FILE: "[fields]\ndelivery_name = { max = 7 }\n"}
        here.win("lamps", amount="30.00", **{"account.name": "Fenwick Fencing Limited"})
        here.sync()
        ann.click("Version " + here.rig.world.integrations.versions(NAME)[1].digest)
        ann.press("Roll back to this")
        assert "Back to that version, as a new one." in ann.text and console.stored.rules == {}
    seconds = time.perf_counter() - began
    here.win("rugs", amount="40.00", **{"account.name": "Fenwick Fencing Limited"})
    console.get()
    here.sync()
    whole = "Fenwick Fencing Limited"
    assert delivered_to(here) == [whole, whole, whole, "Fenwick", whole]
    assert (ann.clicks, seconds < 20) == (8, True), seconds
    assert [one.by for one in here.rig.world.integrations.versions(NAME)] == ["ann@example.com"] * 2 + [""]
