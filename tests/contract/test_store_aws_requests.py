"""What only AWS has: how many requests each step makes, and what lies in the tables."""

import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from shared.domain.link import Outcome, Side
from shared.errors import LinkContended
from shared.ports import Commit
from shared.settings import Integration
from tests.contract.stored import RUN, commit, event, lease, link, row
from tests.contract.stores_world import START, OnMoto

CLAIMS = (("sugarcrm", "sales_order", "opp-1"), ("sage_50", "sales_order", "1042"))


class TestRequests:
    """Counted with every request that leaves the clients."""

    @pytest.mark.parametrize(
        ("one", "operation"),
        [
            (commit(expected=1), "UpdateItem"),
            (commit(expected=1, lease=lease(intent=True)), "UpdateItem"),
            (commit(expected=1, lease="release"), "UpdateItem"),
            (commit(link(row=row(seq="000002")), 1), "UpdateItem"),
            (
                commit(expected=1, lease="release", claims=CLAIMS, drops=(("a", "b", "c"),)),
                "TransactWriteItems",
            ),
        ],
    )
    def test_a_commit_is_one_request(self, moto: OnMoto, one: Commit, operation: str) -> None:
        links = moto.stores("acme").links
        links.commit(commit(), START)
        with moto.counted() as asked:
            links.commit(one, START)
        assert asked == [operation]

    def test_250_links_and_250_pointers_load_in_three_requests_each(self, moto: OnMoto) -> None:
        links = moto.stores("acme").links
        with moto.counted() as asked:
            links.load([f"L{number}" for number in range(250)])
        assert asked == ["BatchGetItem"] * 3
        with moto.counted() as asked:
            links.find("sugarcrm", "sales_order", [f"o{number}" for number in range(250)])
        assert asked == ["BatchGetItem"] * 3

    def test_counts_gates_and_lanes_are_one_request_each(self, moto: OnMoto) -> None:
        stores = moto.stores("acme")
        with moto.counted() as asked:
            stores.log.count(RUN, {"created": 3, "held": 1})
            stores.gate.read(["sugarcrm", "sage_50"])
            stores.lanes.acquire("lane", "a", START, START)
            stores.log.append([row(minutes=number) for number in range(25)])
        assert asked == ["UpdateItem", "BatchGetItem", "PutItem", "BatchWriteItem"]

    def test_an_integration_and_its_state_are_one_request(self, moto: OnMoto) -> None:
        moto.integrations.save(Integration("acme", "flow", {}))
        with moto.counted() as asked:
            moto.integrations.load_with_state("acme")
        assert asked == ["BatchGetItem"]

    def test_100_events_are_ten_requests(self, moto: OnMoto) -> None:
        with moto.counted("sqs") as asked:
            moto.stores("acme").queue.send([event(f"r{number}") for number in range(100)])
        assert asked == ["SendMessageBatch"] * 10

    def test_opening_stores_asks_nothing(self, moto: OnMoto) -> None:
        moto.stores("acme")
        assert moto.calls == []


class TestSpilledBodies:
    """Bodies that do not fit into an item."""

    def test_a_large_link_leaves_a_small_item(self, moto: OnMoto) -> None:
        text = Random(1).randbytes(400_000).hex()
        big = link(sides={"sage_50": Side("1", seen={"text": text})})
        links = moto.stores("acme").links
        with moto.counted("s3") as asked:
            links.commit(commit(big), START)
        assert asked == ["PutObject"]
        item = moto.clients.dynamodb.get_item(
            TableName="state", Key={"pk": {"S": "acme#L#LINK1"}, "sk": {"S": "link"}}
        )
        assert "d" not in item["Item"]
        assert item["Item"]["e"]["S"].startswith("spill/links/acme/LINK1/")
        links.commit(commit(link(), 1), START)
        item = moto.clients.dynamodb.get_item(
            TableName="state", Key={"pk": {"S": "acme#L#LINK1"}, "sk": {"S": "link"}}
        )
        assert "e" not in item["Item"]

    def test_an_earlier_row_put_back_by_a_restore_still_finds_its_body(self, moto: OnMoto) -> None:
        big = link(sides={"sage_50": Side("1", seen={"text": Random(1).randbytes(400_000).hex()})})
        links = moto.stores("acme").links
        links.commit(commit(big), START)
        key = {"pk": {"S": "acme#L#LINK1"}, "sk": {"S": "link"}}
        earlier = moto.clients.dynamodb.get_item(TableName="state", Key=key)["Item"]
        links.commit(commit(replace(big, pending=True), 1), START)
        moto.clients.dynamodb.put_item(TableName="state", Item=earlier)
        assert links.load(["LINK1"])["LINK1"].link == replace(big, version=1)

    def test_erasing_removes_every_moved_body(self, moto: OnMoto) -> None:
        stores = moto.stores("acme")
        big = link(sides={"sage_50": Side("1", seen={"text": Random(1).randbytes(400_000).hex()})})
        change = ({"after": Random(2).randbytes(400_000).hex()},)
        stores.links.commit(commit(big), START)
        stores.log.append([row(changes=change)])
        stores.links.commit(commit(replace(big, pending=True), 1), START)
        assert len(_objects(moto)) == 3
        stores.links.erase("LINK1")
        assert stores.log.erase(("sugarcrm", "sales_order", "opp-1")) == 1
        assert _objects(moto) == []


class TestRows:
    """What an operator sees in the tables."""

    def test_version_lease_and_intent_are_in_the_links_own_row(self, moto: OnMoto) -> None:
        moto.stores("acme").links.commit(commit(lease=lease(intent=True)), START)
        (item,) = moto.clients.dynamodb.scan(TableName="state")["Items"]
        shown = {
            name: next(iter(value.values())) for name, value in item.items() if name not in ("d", "i", "s")
        }
        assert shown == {
            "pk": "acme#L#LINK1",
            "sk": "link",
            "v": "1",
            "lk": "acme#sales_order",
            "ls": "-",
            "o": "worker-a",
            "u": "1795342560000000",
        }
        assert set(item) > {"d", "i", "s"}

    @pytest.mark.parametrize(
        ("kind", "place"),
        [
            ("created", "-"),
            ("updated", "-"),
            ("parked", "-"),
            (None, "-"),
            ("held", "held"),
            ("failed", "failed"),
        ],
    )
    def test_outcomes_that_need_nobody_share_a_place_in_the_index(
        self, moto: OnMoto, kind: str | None, place: str
    ) -> None:
        moto.stores("acme").links.commit(commit(link(kind=kind)), START)
        (item,) = moto.clients.dynamodb.scan(TableName="state")["Items"]
        assert item["ls"]["S"] == place

    def test_a_row_of_the_old_form_is_refused_with_a_sentence(self, moto: OnMoto) -> None:
        links = moto.stores("acme").links
        old = {"pk": "acme#L#LINK1", "sk": "link", "data": "x", "save_id": "y", "lease_owner": "worker-a"}
        moto.clients.dynamodb.put_item(
            TableName="state",
            Item={"version": {"N": "3"}} | {name: {"S": text} for name, text in old.items()},
        )
        with pytest.raises(ValueError, match="does not read: deploy into new tables"):
            links.load(["LINK1"])
        with pytest.raises(LinkContended):
            links.commit(commit(), START)

    def test_a_row_of_a_later_dictionary_is_refused_with_a_sentence(self, moto: OnMoto) -> None:
        links = moto.stores("acme").links
        links.commit(commit(), START)
        packer = zlib.compressobj(zdict=b"words of a later release")
        later = packer.compress(b"{}") + packer.flush()
        moto.clients.dynamodb.update_item(
            TableName="state",
            Key={"pk": {"S": "acme#L#LINK1"}, "sk": {"S": "link"}},
            UpdateExpression="SET d = :d",
            ExpressionAttributeValues={":d": {"B": later}},
        )
        with pytest.raises(ValueError, match="which this release does not have: deploy the newer release"):
            links.load(["LINK1"])

    def test_every_key_starts_with_the_integration(self, moto: OnMoto) -> None:
        stores = moto.stores("acme")
        stores.links.commit(commit(lease=lease(), claims=CLAIMS), START)
        stores.log.append([row()])
        stores.gate.pause("sage_50", "refused")
        stores.cursors.save("sugarcrm", "account", {})
        stores.log.count(RUN, {"created": 1})
        for table in ("state", "log"):
            keys = {item["pk"]["S"] for item in moto.clients.dynamodb.scan(TableName=table)["Items"]}
            assert keys
            assert all(key.startswith("acme#") for key in keys)

    def test_log_rows_carry_the_time_they_may_be_removed(self, moto: OnMoto) -> None:
        stores = moto.stores("acme")
        stores.log.append([row()])
        stores.log.count(RUN, {"created": 1})
        ends = {int(item["expires"]["N"]) for item in moto.clients.dynamodb.scan(TableName="log")["Items"]}
        assert min(ends) == int((START + timedelta(days=90)).timestamp())
        assert len(ends) == 2

    def test_by_outcome_shows_the_link_as_it_is_now(self, moto: OnMoto) -> None:
        links = moto.stores("acme").links
        saved = links.commit(commit(link(kind="held")), START)
        listed = links.by_outcome("sales_order", ["held"])
        links.commit(commit(replace(saved, outcome=Outcome("created", "done")), 1), START)
        assert list(listed) == []


def test_money_in_the_queue_is_exact(moto: OnMoto) -> None:
    amounts = {f"n{number}": Decimal(number) / 100 for number in range(1000)}
    moto.stores("acme").queue.send([event(snapshot=amounts, observed_at=START)])
    (found,) = moto.messages("sales_order")
    assert {name: str(value) for name, value in (found.snapshot or {}).items()} == {
        name: str(value) for name, value in amounts.items()
    }


def test_the_webhook_path_loads_neither_boto3_nor_the_other_stores() -> None:
    code = (
        "import sys; from shared.stores.aws import event_queue, integration_store;from "
        "shared.stores.aws_clients import Clients;import shared.stores.aws_queue, "
        "shared.stores.aws_integrations;loaded = [n for n in sys.modules if n.split('.')[0] in ('boto3', "
        "'pydantic', 'httpx') or n.startswith('shared.stores.memory') or n in ('shared.stores.aws_links', "
        "'shared.stores.aws_log')];sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.returncode == 0, done.stderr


def _objects(moto: OnMoto) -> list[str]:
    return [found["Key"] for found in moto.clients.s3.list_objects_v2(Bucket="archive").get("Contents", [])]
