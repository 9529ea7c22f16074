"""Dead letters: how many, why, which record; one, a group, or all of them replayed or dropped."""

import json
import re

import pytest

from shared.domain import codec
from shared.domain.outcomes.unfinished import unexpected
from shared.domain.record import replace
from shared.ports import Commit
from tests.browser.console_world import Console
from tests.stories.orders import SUGAR, Orders


@pytest.fixture
def page() -> Console:
    here = Orders()
    here.win("desks", name="Otley Library: desks")
    here.win("lamps", name="Otley Library: lamps")
    here.sync()
    for link in here.rig.links():
        failed = unexpected(ValueError(f"boom in {link.origin_id}"))
        saved = Commit(replace(link, outcome=failed), link.version, "worker")
        here.rig.stores.links.commit(saved, here.rig.clock.now())
    made = Console(here.rig)
    for record in ("desks", "lamps"):
        made.letters.put("sales_order", codec.dumps(here.event(SUGAR, record)))
    made.letters.put("invoice", "no message at all", group="")
    made.letters.put("poll", '{"integration": "demo", "entity": "sales_order", "system": "sugarcrm"}')
    made.letters.put("account", "the secret of another", group="another")
    return made


def causes(page: Console, queue: str) -> list[str]:
    found = re.findall(
        r'name="queue" value="(\w+)">\s*<input type="hidden" name="cause" value="(\w+)"',
        page.get("dead-letters").body,
    )
    return list(dict.fromkeys(cause for one, cause in found if one == queue))


def test_each_is_told_with_its_record_its_cause_and_its_queue(page: Console) -> None:
    body = page.get("dead-letters").body
    assert (
        "Otley Library: desks" in body
        and "2 messages" in body
        and "No function of Tieout can read it" in body
        and "no message at all" not in body
    )
    assert "Polling the list of sales order records in SugarCRM" in body
    assert "eu-west-2.console.aws.amazon.com/sqs/v3/home?region=eu-west-2#/queues/https%3A%2F%2F" in body
    assert "secret of another" not in body and "belong to other integrations" in body
    assert "5 dead letters" in body and "5 dead letters to look at" in page.get().body


def test_one_is_replayed(page: Console) -> None:
    reply = page.post("dead-letters", do="replay", queue="sales_order", letter="letter-1")
    assert "1 dead letter put back on the queue" in page.follow(reply).body
    assert [one.id for one in page.letters.replayed] == ["letter-1"] and len(page.letters.kept) == 4


def test_a_group_is_dropped(page: Console) -> None:
    [cause] = causes(page, "sales_order")
    reply = page.post("dead-letters", do="drop", queue="sales_order", cause=cause)
    assert "2 dead letters dropped" in page.follow(reply).body and not page.letters.replayed
    again = page.post("dead-letters", do="drop", queue="sales_order", cause=cause)
    assert "done=no-letter" in again.location


def test_all_are_replayed_but_those_of_others_and_what_is_no_message(page: Console) -> None:
    page.post("dead-letters", do="replay")
    assert [one.queue for one in page.letters.replayed] == ["sales_order", "sales_order", "poll"]
    assert {one.queue for one in page.letters.kept} == {"account", "invoice"}


@pytest.mark.parametrize(
    "form", [{"letter": "letter-4", "queue": "account"}, {"queue": "account"}, {"letter": "x"}]
)
def test_nobody_touches_those_of_another_integration(page: Console, form: dict[str, str]) -> None:
    for do in ("replay", "drop"):
        assert "done=no-letter" in page.post("dead-letters", do=do, **form).location
    assert len(page.letters.kept) == 5


@pytest.mark.parametrize("form", [{"do": "burn"}, {"do": "drop", "queue": "nowhere"}, {}])
def test_what_is_no_button_does_nothing(page: Console, form: dict[str, str]) -> None:
    assert "done=nothing" in page.post("dead-letters", **form).location and len(page.letters.kept) == 5


def test_ones_own_are_found_behind_hundreds_of_others(page: Console) -> None:
    """Also where no group says whose a message is, only the message itself."""
    for number in range(400):
        page.letters.put("contact", f"no. {number}", group="another")
        other = {"integration": "another", "entity": "contact", "system": SUGAR}
        page.letters.put("poll", json.dumps(other), group="")
    event = replace(page.rig.event(SUGAR, "sales_order", "desks"), entity="contact")
    page.letters.put("contact", codec.dumps(event))
    body = page.get("dead-letters").body
    assert body.count("Otley Library: desks") >= 1 and 'name="queue" value="contact"' in body
    assert "Looked at" not in body
    reply = page.post("dead-letters", do="drop", queue="contact")
    assert "1 dead letter dropped" in page.follow(reply).body


def test_what_was_not_looked_at_is_said(page: Console) -> None:
    for number in range(1_100):
        page.letters.put("contact", f"no. {number}", group="another")
    for _ in range(150):
        page.letters.put("sales_order", codec.dumps(page.rig.event(SUGAR, "sales_order", "desks")))
    body = page.get("dead-letters").body
    assert "None of this integration is among the 1000 of 1100 that were looked at." in body
    assert "Looked at 100 of 152 messages" in body and "no. 1" not in body
    told = json.loads(page.get("api/dead-letters").body)
    assert told["looked_at"] == {"contact": 1000, "sales_order": 100}
