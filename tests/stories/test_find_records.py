"""Records are found by what people know of them, and two of one name stay two."""

from html import unescape

import pytest

from shared.operations.find_records import Found, find_records, story
from tests.browser.console_world import Console
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.stories.world import World


def found(here: World, text: str) -> list[Found]:
    return find_records(here.rig.stores, here.rig.flow, text)


def ids(here: World, text: str) -> list[list[str]]:
    return sorted(sorted(name[2] for name in one.names) for one in found(here, text))


@pytest.fixture(scope="module")
def fenwicks() -> Orders:
    return four_of_a_name()


def four_of_a_name() -> Orders:
    """Four opportunities of one name, and a fifth that merely contains it."""
    here = Orders()
    for one in ("one", "two", "three", "four"):
        here.win(one, name="Fenwick: timber decking", amount=None if one == "four" else "10.00")
    here.win("five", name="Fenwick: timber decking, second phase")
    here.sync()
    here.edit("three", amount="12.00")
    here.hear("sugarcrm", "three")
    return here


def test_c1_four_records_of_one_name_are_four(fenwicks: Orders) -> None:
    four = found(fenwicks, "Fenwick: timber decking")
    assert len(four) == 4 and all(one.exact and one.label == "Fenwick: timber decking" for one in four)
    assert all(one.link is not None for one in four), "what tells them apart is there"
    three = next(one for one in four if ("sugarcrm", "sales_order", "three") in one.names)
    assert [row.outcome.kind for row in story(fenwicks.rig.stores, three.names)] == ["created", "skipped"]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("fenwick", 5),
        ("SECOND phase", 1),
        ("  second   phase ", 1),
        ("one", 1),
        ("101", 1),
        ("FIVE", 1),
        ("sugarcrm/sales_order/two", 1),
        ("nobody", 0),
        ("sugarcrm/sales_order/nobody", 0),
        ("", 0),
    ],
)
def test_c7_a_part_of_name_number_or_id_is_enough(fenwicks: Orders, text: str, records: int) -> None:
    assert len(found(fenwicks, text)) == records


def test_both_sides_of_a_link_are_one_record_by_either_id() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "jones", name="Jones")
    here.sync()
    here.wait(minutes=3)
    there = here.id_of(SAGE, "smith")
    assert ids(here, "smith & co") == ids(here, there) == ids(here, "smith") == [sorted(["smith", there])]
    assert len(story(here.rig.stores, found(here, there)[0].names)) == len(here.rows("smith"))


def test_a_record_whose_rows_have_expired_is_found_by_its_link() -> None:
    here = Orders()
    here.win("old", name="Garden fence", amount=None)
    here.win("done", name="Gate")
    here.sync()
    here.rig.clock.advance(100 * 86400)
    assert here.rig.stores.log.rows() == []
    assert [one.link.origin_id for one in found(here, "garden") if one.link] == ["old"]
    assert [one.link.origin_id for one in found(here, "done") if one.link] == ["done"]
    assert found(here, "gate") == [], "what is closed and forgotten by the log is known by its id alone"


@pytest.mark.parametrize(
    ("entity", "values", "number"),
    [
        ("account", {"name": "Smith & Co", "reference": "REF-77"}, "REF-77"),
        ("product", {"name": "Garden chair", "sku": "GC-100"}, "GC-100"),
    ],
)
def test_a_number_that_a_page_shows_finds_the_record(
    entity: str, values: dict[str, str], number: str
) -> None:
    here = Customers()
    here.enter(VTIGER, "V1", entity, **values)
    here.sync()
    here.wait(minutes=3)
    page = Console(here.rig)
    assert number in page.get("log").body
    assert values["name"] in unescape(page.get("log", q=number.lower()).body)
    assert values["name"] in page.get("api/log", q=number).body
    (one,) = found(here, number)
    assert one.exact and one.label == values["name"]
