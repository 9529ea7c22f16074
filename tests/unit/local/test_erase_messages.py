"""The person's messages on queues and among dead letters, on an SQS."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import boto3
from moto import mock_aws

from local.cli._erase_messages import messages
from shared.domain import codec
from shared.domain.erasure import Eraser, Person
from shared.operations.erase_person import Subject
from shared.settings import ENTITIES
from tests.contract.stored import event

ANN = Subject(
    "contact",
    {"vtiger": "12x345", "sage_accounting": "a1"},
    None,
    Eraser(Person(frozenset({"12x345", "a1"}), {"id": frozenset()}, frozenset({"Ann Other"}))),
)


@mock_aws
def test_her_messages_go_and_those_that_name_her_become_bare_hints() -> None:
    sqs: Any = boto3.client("sqs", region_name="eu-west-2")
    names = [f"{kind}-{entity}" for entity in ENTITIES for kind in ("sync", "dead")]
    url = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in names}
    target: Any = SimpleNamespace(
        client=lambda _: sqs,
        queue=lambda entity: url[f"sync-{entity}"],
        dead_letters=lambda entity: url[f"dead-{entity}"],
    )
    own = replace(event("12x345", "contact"), system="vtiger")
    naming = replace(event("9x1", "invoice"), snapshot={"customer": "Ann Other"}, snapshot_version="1")
    bodies = {
        "sync-contact": [codec.dumps(own), codec.dumps(replace(own, record_id="12x346"))],
        "dead-invoice": [codec.dumps(naming), "no event of ours, but Ann Other"],
        "dead-user": ["[]", "null", "[" * 100_000, '{"$": "o", "v": 7}'],
        "dead-contact": [codec.dumps(replace(own, system="sage_accounting", record_id="a1"))],
    }
    for name, texts in bodies.items():
        for text in texts:
            sqs.send_message(QueueUrl=url[name], MessageBody=text)

    look = messages(target)
    assert look(ANN, False) == 4 and look(ANN, False) == 4, "a dry run leaves them where they are"
    assert look(ANN, True) == 4 and look(ANN, False) == 0
    left = {
        name: [
            one["Body"]
            for one in sqs.receive_message(QueueUrl=url[name], MaxNumberOfMessages=10).get("Messages", [])
        ]
        for name in names
    }
    assert {name: len(texts) for name, texts in left.items() if texts} == {
        "sync-contact": 1,
        "dead-invoice": 1,
        "dead-user": 4,
    }
    kept = codec.event(codec.loads(left["dead-invoice"][0]))
    assert (kept.record_id, kept.snapshot, kept.snapshot_version) == ("9x1", None, None)
