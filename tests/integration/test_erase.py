"""A person erased from the real stores, on moto; and one who was only ever read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws

from shared.domain import codec
from shared.domain.decision import decision
from shared.domain.link import MAKING, Link, Outcome, Side, Wait
from shared.domain.rules import Rule
from shared.mapping.compile import compile_flow
from shared.operations.erase import Receipt, erase, subject
from shared.ports import Commit, Missing, Parked, Run
from shared.ports.audit import Entry
from shared.stores.aws import open_console
from shared.stores.body import expand
from tests.contract.stored import event, row
from tests.contract.stores_world import START, OnMoto

VTIGER, SAGE = "vtiger", "sage_accounting"
ANN = {"label": "Ann Smith", "email1": "ann@smith.test"}


@pytest.fixture
def aws() -> Iterator[OnMoto]:
    with mock_aws():
        yield OnMoto()


def services(aws: OnMoto, flow: str) -> Any:
    return SimpleNamespace(
        stores=aws.stores("acme"), flow=compile_flow(flow), clock=aws.clock,
        integration=SimpleNamespace(name="acme", connections=dict.fromkeys(flow.split("--"))),
    )  # fmt: skip


def everything(aws: OnMoto) -> str:
    """Each row and object with its body, whatever it is called."""
    found = []
    for table in ("state", "log"):
        for item in aws.clients.dynamodb.scan(TableName=table)["Items"]:
            packed = [item.pop(name)["B"] for name in ("data", "d", "i") if "B" in item.get(name, ())]
            found += [str(item), *(codec.dumps(expand(data)) for data in packed)]
    for item in aws.clients.s3.list_objects_v2(Bucket="archive", Prefix="spill/").get("Contents", []):
        body = aws.clients.s3.get_object(Bucket="archive", Key=item["Key"])["Body"].read()
        found.append(f"{item['Key']} {codec.dumps(expand(body))}")
    for name in aws.stores("acme").archive.objects():
        found.append(codec.dumps(aws.stores("acme").archive.lines(name)))
    return "\n".join(found)


def test_a_person_is_gone_from_both_tables_and_the_bucket(aws: OnMoto) -> None:
    stores, own = aws.stores("acme"), replace(event("12x345", "contact"), system=VTIGER)
    side = Side("12x345", "1", {"firstname": "Ann", "lastname": "Smith", "email": "ann@smith.test"}, {})
    link = Link("LINK1", "contact", VTIGER, "12x345", sides={VTIGER: replace(side, label="Ann Smith")})
    claims = ((VTIGER, "contact", "12x345"),)
    stores.links.commit(Commit(link, 0, "w", claims=claims), START)
    named = replace(row("9x1"), system=VTIGER, label="Invoice for Ann Smith")
    stores.log.append([replace(row("12x345"), system=VTIGER, entity="contact", label="Ann Smith"), named])
    stores.waits.add(Wait(SAGE, "account", "12x345", own))
    stores.waits.add(Wait(SAGE, "contact", MAKING, replace(own, snapshot={"sent": [ANN]})))
    stores.parks.park([Parked(own, START + timedelta(days=1), "away")])
    stores.missing.note(VTIGER, "contact", [Missing("12x345", START, "Ann Smith")])
    stores.decisions.put([decision("contact", {VTIGER: "12x345", SAGE: "b"}, "different", "r", START)])
    stores.cache.put("list", {"1": {"rows": {"12x345": ["v", ANN]}}}, START + timedelta(days=1))
    stores.archive.write(
        "20261122T101500Z-a1b2", [{"kind": "exchange", "path": "/x", "response": [ANN, {"n": 1}]}]
    )

    part = stores.sweeps.put(VTIGER, "contact", {"ids": ["12x345", "12x9"], "gone": [], "kept": ["12x345"]})
    stores.cursors.save(VTIGER, "contact", {"gone": {"12x345": "t"}, "since": "t"})
    stores.cursors.save("credit", "12x345", {"K": ["1.00", START - timedelta(hours=1)]})
    message = "Ann Smith has no address"
    stores.log.put_run(Run("20261122T101500Z-a1b2", "poll", "contact", VTIGER, START, START, "done", message))
    stores.gate.pause(SAGE, "Sage refuses Ann Smith")
    stores.calls.add("2026-11-22", {VTIGER: 1})
    why = Outcome("held", "because of Ann Smith", Rule.MATCH)
    other = Link("LINK2", "invoice", VTIGER, "9x1", sides={VTIGER: Side("9x1", "1", {}, {})}, outcome=why)
    stores.links.commit(Commit(other, 0, "w"), START)
    trail = open_console(aws.env, aws.clients).audit
    said = (VTIGER, "contact", "12x345", "other 12x345", "Ann Smith is one of two")
    trail.note(Entry(START, "p-1", "bob@firm.test", "decide", "acme", *said, id="1"))

    opened = services(aws, "vtiger--sage_accounting")
    receipt: Receipt = erase(opened, subject(opened, VTIGER, "contact", "12x345"), True, trail=trail)
    assert receipt.left == {}
    assert receipt.found["links"] == receipt.found["kept lists"] == 1
    assert receipt.found["waits"] == 2, "the note of its create too"
    left = everything(aws)
    assert "Smith" not in left and "ann@" not in left and "12x345" not in left
    assert stores.sweeps.get([part]) == [{"ids": ["12x9"], "gone": [], "kept": []}]
    assert [(one.name, one.action) for one in trail.newest("acme")] == [("bob@firm.test", "decide")]
    assert [one.label for one in stores.log.rows()] == ["Invoice for (erased)"]


def test_a_customer_who_was_only_ever_read_is_erased_by_what_is_said_of_them(aws: OnMoto) -> None:
    stores, opened = aws.stores("acme"), services(aws, "sugarcrm--sage_50")
    body = {"accountRef": "SMITH001", "name": "Ann Smith", "email": "ann@smith.test", "address4": "Leek"}
    stores.archive.write(
        "20261122T101500Z-a1b2", [{"kind": "exchange", "path": "/customers", "response": [body]}]
    )
    with pytest.raises(KeyError, match="--also"):
        subject(opened, "sage_50", "account", "SMITH001")
    one = subject(opened, "sage_50", "account", "SMITH001", ["Ann Smith"])
    assert erase(opened, one, True).left == {}
    assert "Leek" not in everything(aws) and "ann@" not in everything(aws)
