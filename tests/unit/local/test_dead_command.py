"""Dead letters: which, of which record, and why; one, a group or all replayed or dropped. On an SQS."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from local.cli import _app, _replayed
from local.cli import dead as dead_module
from local.cli import replay as replay_module
from local.cli.main import app
from shared.domain import codec
from shared.domain.link import ChangeEvent
from shared.operations.dead_letters import GONE, UNKNOWN, UNREADABLE
from shared.ports.dead_letters import QUEUES
from shared.settings import ENTITIES
from shared.sync.engine.dead_letter import note_failure
from tests.properties.rig import NAME
from tests.stories.orders import Orders

Tieout = Callable[..., Result]


class Letters:
    """The queues of a stack, with a story's stores behind them."""

    def __init__(self, sqs: Any) -> None:
        self.sqs, self.here = sqs, Orders()
        names = [f"{kind}-{name}" for name in QUEUES for kind in ("live", "dead")]
        self.url = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in names}
        self.outputs = {"PollQueue": self.url["live-poll"], "SweepQueue": self.url["live-sweep"]}
        self.endpoint = "http://localhost"

    def client(self, service: str) -> Any:
        return self.sqs

    def integrations(self) -> Any:
        return self.here.rig.world.integrations

    def stores(self, name: str) -> Any:
        assert name == NAME
        return self.here.rig.stores

    def queue(self, entity: str) -> str:
        return self.url[f"live-{entity}"]

    def dead_letters(self, entity: str) -> str:
        return self.url[f"dead-{entity}"]

    def put(self, queue: str, body: str, group: str = "") -> None:
        more = {"MessageGroupId": group} if group else {}
        self.sqs.send_message(QueueUrl=self.url[f"dead-{queue}"], MessageBody=body, **more)

    def fail(self, deal: str, error: Exception) -> ChangeEvent:
        """An opportunity that met a fault which nobody expected, and its letter."""
        self.here.win(deal, name=f"Deal {deal}")
        event = self.here.event("sugarcrm", deal)
        self.here.win(deal, amount=None)
        self.here.hear("sugarcrm", deal)
        note_failure(self.here.rig.services().context(), event, error)
        self.put("sales_order", codec.dumps(event))
        return event

    def left(self, kind: str = "dead") -> dict[str, int]:
        counted = {
            name: int(
                self.sqs.get_queue_attributes(
                    QueueUrl=self.url[f"{kind}-{name}"], AttributeNames=["ApproximateNumberOfMessages"]
                )["Attributes"]["ApproximateNumberOfMessages"]
            )
            for name in QUEUES
        }
        return {name: number for name, number in counted.items() if number}


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mock_aws():
        yield Letters(boto3.client("sqs", region_name="eu-west-2"))


@pytest.fixture
def tieout(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> Tieout:
    def run(*arguments: str, answer: str = "") -> Result:
        for module in (dead_module, replay_module):
            monkeypatch.setattr(module, "open_target", lambda stack: letters)
        monkeypatch.setattr(_app.out, "soft_wrap", True)
        return CliRunner().invoke(app, [*arguments], input=answer)

    return run


def lines(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.output.splitlines() if "\t" in line]


def test_d1_each_is_told_with_its_record_and_its_cause(letters: Letters, tieout: Tieout) -> None:
    letters.fail("desks", TypeError("no such thing"))
    letters.fail("chairs", TypeError("another one"))
    letters.put("invoice", "garbage ]]")
    letters.put("poll", json.dumps({"integration": NAME, "entity": "sales_order", "system": "sugarcrm"}))
    letters.put(
        "sales_order",
        codec.dumps(ChangeEvent("gone", "a", "b", "c", "poll", "r", letters.here.rig.clock.now())),
    )
    shown = tieout("dead")
    assert shown.exit_code == 1
    told = {(one[1], one[5], one[6]): one[7] for one in lines(shown)}
    assert "TypeError: no such thing" in told["sales_order", "sales order desks of SugarCRM", "Deal desks"]
    assert told["invoice", "garbage ]]", ""] == UNREADABLE
    assert told["poll", "polling the list of sales order records in SugarCRM", ""] == UNKNOWN
    assert GONE in told.values()
    groups = {one[0] for one in lines(shown) if "TypeError" in one[7]}
    assert len(groups) == 1, "one cause is one group, whatever its words about a record"
    assert letters.left() == {"sales_order": 3, "invoice": 1, "poll": 1}, "looking takes nothing"
    assert [one[1] for one in lines(tieout("dead", "invoice"))] == ["invoice"]


def test_json_says_the_same(letters: Letters, tieout: Tieout) -> None:
    event = letters.fail("desks", ValueError("odd"))
    (one,) = json.loads(tieout("dead", "--json").output)
    assert (one["record"], one["name"], one["failed"]) == ([*event.subject], "Deal desks", True)


def test_one_is_replayed_and_the_others_stay(letters: Letters, tieout: Tieout) -> None:
    for deal in ("desks", "chairs", "lamps"):
        letters.fail(deal, ValueError("odd"))
    (chosen,) = [one[2] for one in lines(tieout("dead")) if "chairs" in one[5]]
    shown = tieout("dead", "--replay", "--id", chosen[:13])
    assert shown.exit_code == 0 and "1 dead letter sent back" in shown.output
    assert letters.left() == {"sales_order": 2} and letters.left("live") == {"sales_order": 1}
    body = letters.sqs.receive_message(QueueUrl=letters.queue("sales_order"))["Messages"][0]["Body"]
    assert codec.event(codec.loads(body)).record_id == "chairs"


def test_a_group_is_dropped_once_a_person_has_said_so(letters: Letters, tieout: Tieout) -> None:
    letters.fail("desks", ValueError("odd"))
    letters.put("invoice", "garbage")
    letters.put("invoice", "more garbage")
    (group,) = {one[0] for one in lines(tieout("dead", "invoice"))}
    refused = tieout("dead", "--drop", "--group", group, answer="n\n")
    assert refused.exit_code == 1 and letters.left()["invoice"] == 2, "no is no"
    done = tieout("dead", "--drop", "--group", group, answer="y\n")
    assert done.exit_code == 0 and "2 dead letters deleted" in done.output
    assert letters.left() == {"sales_order": 1} and letters.left("live") == {}
    assert "1 dead letter deleted" in tieout("dead", "--drop", "--all", "--yes").output
    assert letters.left() == {}


def test_all_of_one_entity_go_back_to_the_queue_with_their_group(letters: Letters, tieout: Tieout) -> None:
    letters.put("poll", json.dumps({"integration": NAME}))
    letters.put("invoice", "garbage")
    assert tieout("dead", "poll", "--all", "--replay").exit_code == 0
    assert letters.left() == {"invoice": 1} and letters.left("live") == {"poll": 1}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "no queue “nonsense”"),
        (("--replay", "--drop", "--all"), "Either --replay or --drop"),
        (("--replay",), "Say which: --id ID, --group GROUP, or --all"),
        (("--drop", "--id", "zz"), "no dead letter “zz”"),
        (("--drop", "--group", "zz"), "no group “zz”"),
    ],
)
def test_what_is_not_clear_is_refused_and_nothing_is_gone(
    letters: Letters, tieout: Tieout, arguments: tuple[str, ...], told: str
) -> None:
    letters.put("invoice", "garbage")
    shown = tieout("dead", *arguments)
    assert shown.exit_code == 2 and told in " ".join(shown.output.split())
    assert letters.left() == {"invoice": 1}


def test_where_there_are_none_it_says_so(tieout: Tieout) -> None:
    assert (tieout("dead").exit_code, tieout("dead").output) == (0, "There are no dead letters.\n")
    assert tieout("dead", "--json").output.strip() == "[]"
    assert "no dead letters" in tieout("dead", "--drop", "--all").output


def test_c4_replay_says_what_it_did_even_if_that_was_nothing(letters: Letters, tieout: Tieout) -> None:
    assert tieout("replay", "--all").output == "There are no dead letters: nothing was sent back.\n"
    assert "no dead letters of invoice" in tieout("replay", "invoice").output
    letters.fail("desks", ValueError("odd"))
    assert "sales_order: 1 dead letter sent back to the queue." in tieout("replay", "--all").output


def test_replay_waits_and_tells_what_became_of_each(
    letters: Letters, tieout: Tieout, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = letters.fail("desks", ValueError("odd"))
    letters.put("poll", json.dumps({"integration": NAME}))
    here = letters.here
    real = _replayed.follow

    def worked(pause: float) -> None:
        """The functions take up what is on the queues."""
        for name in QUEUES:
            for one in letters.sqs.receive_message(QueueUrl=letters.url[f"live-{name}"]).get("Messages", []):
                letters.sqs.delete_message(
                    QueueUrl=letters.url[f"live-{name}"], ReceiptHandle=one["ReceiptHandle"]
                )
                if name in ENTITIES:
                    here.win("desks", amount="100.00")
                    here.rig.handle([codec.event(codec.loads(one["Body"]))])

    began = here.rig.clock.now()
    monkeypatch.setattr(
        replay_module, "follow", lambda target, found, now: real(target, found, began, pause=worked)
    )
    shown = tieout("replay", "--all", "--wait")
    told = {one[1]: one for one in lines(shown)}
    assert told["Deal desks, sales order desks of SugarCRM"][0] == "created"
    assert "taken up" in told["polling a tick of the clock"][3]
    assert event.record_id == "desks"
