"""The webhook endpoint against hostile and broken input."""

from collections.abc import Iterator

import pytest

from shared.operations.receive_webhook import LARGEST_BODY
from tests.e2e.world import TOKEN, World, world

HOOK = {"data": {"id": "abc-1"}, "bean": "Opportunity"}


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, world(patch) as made:
        yield made


@pytest.mark.parametrize(
    "path",
    [
        "/main/sugarcrm/" + "x" * 43,
        "/other/sugarcrm/" + TOKEN,
        "/main/vtiger/" + TOKEN,
        "/",
        "/main/sugarcrm",
        "/main/sugarcrm/..",
        "/main/sugarcrm/" + TOKEN + "/more",
    ],
)
def test_a_wrong_address_says_nothing(here: World, path: str) -> None:
    assert here.hook(HOOK, path=path) == (404, "no such webhook")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"data": {}}',
        '{"data": {"id": 7}}',
        '{"data": {"id": "../../x"}}',
        "<html>",
        "[" * 5000,
        '{"data": {"id": "' + "a" * 500 + '"}}',
    ],
)
def test_a_malformed_body_is_refused_with_a_sentence(here: World, body: str) -> None:
    status, words = here.hook(body)
    assert status == 400 and len(words) > 20


def test_an_unknown_module_is_refused_by_name(here: World) -> None:
    status, words = here.hook(HOOK, query={"object": "Leads", "event": "after_save"})
    assert status == 400 and "Leads" in words and "Opportunities" in words


def test_size_and_method_are_limited(here: World) -> None:
    assert here.hook("x" * (LARGEST_BODY + 1))[0] == 413
    assert here.hook(HOOK, method="GET")[0] == 405


def test_2xx_only_after_the_event_is_on_the_queue(here: World) -> None:
    assert here.hook(HOOK)[0] == 202
    events = here.aws.messages("sales_order")
    assert [event.record_id for event in events] == ["abc-1"] and events[0].cause == "webhook"
