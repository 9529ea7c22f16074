"""Settings and mapping through the real handlers, with the emulated vendors' own lists of fields."""

import html
from collections.abc import Iterator

import pytest

from tests.e2e.world import World, world
from tests.integration.test_console import ask, enter


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as made:
        yield made


def test_fields_are_read_a_mapping_is_tried_stored_and_rolled_back(here: World) -> None:
    here.opportunity(name="Deal with a long name")
    here.tick()
    here.drain()
    cookie, token = enter(here)

    def post(action: str, **form: str) -> str:
        answer = ask("POST", f"/main/{action}", cookie, form={"token": token, **form})
        return str(answer["headers"].get("Location") or html.unescape(answer["body"]))

    def hidden(page: str, name: str) -> str:
        return page.partition(f'name="{name}" value="')[2].partition('"')[0]

    assert "done=reading-fields" in post("read-fields", entity="sales_order")
    here.polls()
    page = html.unescape(ask("GET", "/main/mapping", cookie, entity="sales_order")["body"])
    assert "SugarCRM: " in page and "fields, read" in page and "mandatory" in page
    edited = {"entity": "sales_order", "field": "delivery_name", "max.sage_50": "5"}
    tried = post("mapping", **edited, **{"place.sage_50": "delName", "do": "try"})
    assert "1 archived record tried" in tried and "1 record would come out differently" in tried
    review = post("mapping", entity="sales_order", draft=hidden(tried, "draft"), do="review")
    saved = post("settings-save", draft=hidden(review, "draft"), base=hidden(review, "base"))
    assert "done=settings-saved" in saved
    here.opportunity(name="Another")
    here.tick()
    here.drain()
    names = [str(one["delName"]) for one in here.orders()]
    assert [len(one) > 5 for one in names] == [True, False]
    newest, first = here.aws.integrations.versions("main")
    assert (newest.by, newest.why, first.by) == ("ann@example.com", "console", "")
    base = hidden(ask("GET", "/main/version", cookie, id=first.id)["body"], "base")
    assert "done=rolled-back" in post("roll-back", version=first.id, base=base)
    assert here.aws.integrations.load("main").rules == {}
