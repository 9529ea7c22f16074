"""The chaos bench sees what it is there to see, and its AWS fails as AWS does."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.chaos.aws_faults import STORM_EVERY, AwsFaults, service_of
from bench.chaos.clock import Clock, run_in
from bench.chaos.run import told
from bench.chaos.work import WORK

SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20261130/eu-west-2/{service}/aws4_request, SignedHeaders=host"


def headers(service: str, operation: str = "", key: str = "ASIA0123456789ABCDEF") -> dict[str, str]:
    return {
        "authorization": SIGNED.format(key=key, service=service),
        "x-amz-target": f"DynamoDB_20120810.{operation}",
    }


def here(**lists: Any) -> Any:
    """Vendors that hold these rows, by the last word of the list's address."""
    return SimpleNamespace(crm="crm", sage="sage", get=lambda _, path: lists[path.rpartition("/")[2].lower()])


def order(number: int, net: str) -> dict[str, Any]:
    return {"orderNumber": number, "itemsNet": net}


def deal(number: int, shows: str | None) -> dict[str, Any]:
    return {"id": f"deal-{number:04}", "sales_order_no_c": shows}


@pytest.mark.parametrize(
    ("orders", "deals", "seen"),
    [
        ([order(1, "100"), order(2, "101.0")], [deal(0, "1"), deal(1, "2")], (0, 0, 0)),
        ([order(1, "100")], [deal(0, "1"), deal(1, None)], (1, 0, 0)),
        ([order(1, "100"), order(2, "101"), order(3, "101")], [deal(0, "1"), deal(1, "3")], (0, 1, 0)),
        ([order(1, "100"), order(2, "101")], [deal(0, "1"), deal(1, None)], (0, 0, 1)),
        ([order(1, "100"), order(2, "101"), order(3, "7")], [deal(0, "1"), deal(1, "2")], (0, 0, 1)),
    ],
)
def test_orders_that_are_lost_doubled_or_wrong_are_counted(orders: Any, deals: Any, seen: Any) -> None:
    verdict = WORK["sugarcrm--sage_50"].judge(here(orders=orders, opportunities=deals), 2)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == seen and bool(verdict) is any(seen)


def test_a_company_that_is_on_one_side_only_twice_or_otherwise_is_counted() -> None:
    mine = [{"accountname": f"Firm {n:04} Ltd", "email1": f"a{n}"} for n in (0, 1, 1)]
    theirs = [
        {"name": f"Firm {n:04} Ltd", "main_contact_person": {"email": mail}}
        for n, mail in ((0, "other"), (1, "a1"))
    ]
    verdict = WORK["vtiger--sage_accounting"].judge(here(accounts=mine, contacts=theirs), 3)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == (1, 1, 1), verdict.examples


def test_a_customer_whose_telephone_did_not_arrive_is_counted() -> None:
    mine = [{"name": "Firm 0000 Ltd", "extId": "F1", "phone": "1"}]
    theirs = [{"name": "Firm 0000 Ltd", "accountRef": "F1", "telephone": "2"}]
    work = WORK["sage_sales_management--sage_50"]
    assert work.judge(here(accounts=mine, customers=theirs), 1).wrong == 1
    assert not work.judge(here(accounts=[{**mine[0], "phone": "2"}], customers=theirs), 1)


def test_only_the_functions_requests_fail() -> None:
    assert service_of(headers("sqs")) == "sqs"
    assert service_of(headers("sqs", key="tieout")) == "" == service_of({})


def test_every_service_has_its_storm_and_every_answer_can_be_read() -> None:
    faults, body = AwsFaults(), b'{"TableName": "t", "ConditionExpression": "a"}'
    for number in range(2_000):
        for service in ("dynamodb", "sqs", "s3", "secretsmanager", "kms"):
            failure = faults.failure(headers(service, "UpdateItem"), body, number / 2_000 * 5 * STORM_EVERY)
            if failure and service != "s3":
                assert json.loads(failure.body)["__type"] and failure.status in (400, 500)
    counted = {name.split()[0] for name in faults.counted}
    assert counted == {"dynamodb", "sqs", "s3", "secretsmanager", "kms"}
    assert {"dynamodb ConditionalCheckFailedException", "s3 SlowDown"} <= set(faults.counted)


@pytest.mark.skipif(subprocess.call(["which", "cc"], stdout=subprocess.DEVNULL) != 0, reason="no C compiler")
def test_a_process_lives_by_the_clock_and_what_counts_since_the_start_does_not(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    clock.set(3_600.0, 120.0)
    text = (
        "import time, datetime as d; print(time.time(), d.datetime.now().timestamp(),"
        "time.monotonic() - time.clock_gettime(time.CLOCK_MONOTONIC))"
    )
    now, same, steady = map(float, run_in(clock, ["-c", text]).stdout.split())
    real = float(
        subprocess.run([sys.executable, "-c", "import time; print(time.time())"], capture_output=True).stdout
    )
    assert 3_590 < now - real < 3_610 and abs(now - same) < 1 and abs(steady) < 1
    ours = float(run_in(clock, ["-c", text], AWS_LAMBDA_FUNCTION_NAME="f").stdout.split()[0])
    assert 3_700 < ours - real < 3_730


def test_the_figures_name_what_needs_a_person() -> None:
    found = {
        "lost": 1, "doubled": 0, "wrong": 0, "examples": ["lost: a"], "pieces": 5, "minutes": 3.0,
        "pauses": ["sage_50: refused"], "waiting": "", "kills": 1, "vendor_faults": 2, "aws_faults": 3,
        "dead": 2, "left": [],
    }  # fmt: skip
    figures = list(told("one--other", found).values())
    assert [(one["value"], one["ok"]) for one in figures] == [(1, False), (3, False), (3.0, True)]
    assert figures[1]["note"] == "sage_50: refused"
