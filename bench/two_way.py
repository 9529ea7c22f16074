"""What a two-way flow costs: changed records on each side, and quiet cycles afterwards, in calls and
requests.

Calls are counted by the emulated vendors themselves, requests to AWS at the last moment before they would
leave the machine. A write is a vendor call that writes one record; a read is a call that is neither a write,
nor a list, nor a sign-in, nor the reading of a table that is kept for an hour.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from bench.aws_requests import Request
from bench.figures import Figures, at_most, exactly, told
from bench.firms import customer, organisation
from bench.pair import Memory, Moto, Pair, pair

_LISTS_VTIGER = ("query Accounts",)
_KEPT = (
    "GET /financial_settings",
    "GET /exchange_rates",
    "GET /tax_rates",
    "POST /token",
    "describe",
    "getchallenge",
    "login",
    "query Currency",
    "query Tax",
    "GET /business_settings",
    "GET /product_sales_price_types",
    "GET /service_rate_types",
)
PER_RECORD = ("link", "pointer", "log", "wait")
CYCLES = 96
_ACCOUNTS = {"contact": "off", "product": "off", "service": "off", "invoice": "off"}


def run(count: int = 1000, stored: int = 100) -> Figures:
    """Figures by name: vendor calls for `count` records on each side, requests to AWS for `stored` of
    them."""
    with pair(_ACCOUNTS, Memory) as here:
        made, changed = _new(here, count), _changed(here, count)
        figures = _calls(made, changed, count) | _echoes(here, count)
    with pair(_ACCOUNTS, Moto) as here:
        made, changed = _new(here, stored), _changed(here, stored)
        figures |= _requests(made, changed, stored)
    with pair({}, Memory) as here:
        figures |= _written_last(here)
    with pair({}, Moto) as here:
        return figures | _quiet(here)


@dataclass(frozen=True)
class Cost:
    """What one round cost. `own` are the DynamoDB writes for rows that belong to one record."""

    writes: int
    reads: dict[str, int]
    lists: dict[str, int]
    own: list[Request]
    sent: int


def _new(here: Pair, count: int) -> Cost:
    """`count` organisations made in Vtiger, and as many customers in Sage, none of which has a
    counterpart."""
    here.settle()
    here.post(here.crm, "records/Accounts", [_organisation(number) for number in range(count)])
    here.post(here.sage, "contacts", [_customer(number) for number in range(count)])
    cost = _cost(here)
    assert cost.writes == 2 * count, f"{cost.writes} writes for {2 * count} new records"
    here.settle()
    return cost


def _changed(here: Pair, count: int) -> Cost:
    """`count` linked records changed on each side, each on one side only."""
    mine = sorted(here.list(here.crm, "records/Accounts"), key=lambda one: int(one["id"].partition("x")[2]))
    theirs = [one for one in here.list(here.sage, "contacts") if one["name"].startswith("Ledger")]
    ours = [one for one in mine if one["accountname"].startswith("Company")]
    here.post(
        here.crm,
        "records/Accounts",
        [{"id": one["id"], "phone": f"0113 {index:07}"} for index, one in enumerate(ours)],
    )
    here.post(
        here.sage,
        "contacts",
        [{"id": one["id"], "tax_number": f"GB{index:09}"} for index, one in enumerate(theirs)],
    )
    assert len(ours) == len(theirs) == count
    return _cost(here)


def _cost(here: Pair) -> Cost:
    here.forget()
    here.tick()
    here.drain()
    sent = sum(
        number for operation, number in here.aws.operations("sqs").items() if operation.startswith("Send")
    )
    return Cost(here.writes(), _reads(here), _lists(here), here.aws.writes(PER_RECORD), sent)


def _calls(made: Cost, changed: Cost, count: int) -> Figures:
    name, both = f"two-way, {count} changed records on each side", 2 * count
    return {
        f"two-way, {both} new records: looks before creates, calls per record": told(
            sum(made.reads.values()) / both, "calls", _words(made.reads)
        ),
        f"{name}: write calls per change": at_most(changed.writes / both, 1.01, "calls"),
        f"{name}: reads per change": at_most(
            sum(changed.reads.values()) / both, 1, "calls", _words(changed.reads)
        ),
        f"{name}: list calls per change": told(
            sum(changed.lists.values()) / both, "calls", _words(changed.lists)
        ),
    }


def _requests(made: Cost, changed: Cost, count: int) -> Figures:
    name, both = f"two-way, {count} changed records on each side", 2 * count
    return {
        f"two-way, {both} new records: DynamoDB write requests per record": told(
            len(made.own) / both, "requests", _words(Counter(one.kind for one in made.own))
        ),
        f"two-way, {both} new records: DynamoDB write units per record": at_most(
            sum(one.units for one in made.own) / both, 10, "units", "indexes included"
        ),
        f"{name}: DynamoDB write requests per change": at_most(
            len(changed.own) / both, 3, "requests", _words(Counter(one.kind for one in changed.own))
        ),
        f"{name}: DynamoDB write units per change": at_most(
            sum(one.units for one in changed.own) / both, 6, "units", "indexes included"
        ),
        f"{name}: SQS requests per change": at_most(
            (changed.sent + 2 * both / 10) / both,
            0.35,
            "requests",
            f"{changed.sent} sends; receiving and deleting modelled, ten to a request",
        ),
    }


def _echoes(here: Pair, count: int) -> Figures:
    here.forget()
    queued = 0
    for _ in range(CYCLES):
        here.pass_time()
        queued += here.tick()
        here.drain()
    return {
        f"two-way, {CYCLES} cycles after {count} changes on each side: echo writes": exactly(
            here.writes(), 0, "writes"
        ),
        f"two-way, {CYCLES} cycles after {count} changes on each side: records looked at again": told(
            queued, "records"
        ),
    }


def _written_last(here: Pair, count: int = 20) -> Figures:
    """Records that Tieout wrote to Vtiger's lists, which name them without their values; a poll every ten
    seconds for two minutes, while the lists still show them, and one a quarter of an hour later."""
    here.settle()
    ledgers = {int(one["nominal_code"]): one["id"] for one in here.list(here.sage, "ledger_accounts")}
    here.post(here.sage, "products", [_product(number, ledgers) for number in range(count)])
    here.tick()
    here.drain()
    here.forget()
    for seconds in [10] * 12 + [900]:
        here.pass_time(seconds)
        here.tick()
        here.drain()
    looks = sum(number for name, number in here.calls(here.crm).items() if name.startswith("retrieve"))
    name = f"two-way, {count} products written to Vtiger, then 13 polls"
    return {
        f"{name}: single reads per record": at_most(looks / count, 1, "calls", "after its second is over"),
        f"{name}: writes": exactly(here.writes(), 0, "writes"),
    }


def _quiet(here: Pair) -> Figures:
    """Every entity both ways, with one linked record each; the cycle counted is not the first quiet one."""
    here.post(here.crm, "records/Accounts", _organisation(1))
    here.settle()
    for _ in range(2):
        here.pass_time()
        here.tick()
    here.forget()
    here.tick()
    counted = [one for one in here.aws.writes() if one.kind == "calls"]
    assert len(counted) == 1, f"the calls of a tick are added up once, not {len(counted)} times"
    beyond = [one for one in here.aws.writes() if one.kind not in ("run", "calls")]
    calls = {f"Vtiger {name}": number for name, number in here.calls(here.crm).items()}
    calls |= {f"Sage {name}": number for name, number in here.calls(here.sage).items()}
    lists = sum(calls.values()) - sum(
        number for name, number in calls.items() if any(kept in name for kept in _KEPT)
    )
    return {
        "two-way, quiet cycle, all five entities: calls, one for each polled list": exactly(
            lists, 19, "calls", _words(calls)
        ),
        "two-way, quiet cycle, all five entities: messages beyond the tick's": exactly(
            here.aws.operations("sqs").total(), 0, "requests"
        ),
        "two-way, quiet cycle, all five entities: DynamoDB writes beyond the runs": exactly(
            len(beyond), 0, "requests", ", ".join(sorted(one.kind for one in beyond))
        ),
        "two-way, quiet cycle, all five entities: DynamoDB reads": told(
            here.aws.operations("dynamodb").total() - len(here.aws.writes()), "requests"
        ),
    }


def _reads(here: Pair) -> dict[str, int]:
    found = {
        f"Vtiger {name}": number
        for name, number in here.calls(here.crm).items()
        if name not in _LISTS_VTIGER and not _kept(name) and not name.startswith(("create", "revise"))
    }
    return found | {
        f"Sage {name}": number
        for name, number in here.calls(here.sage).items()
        if name.startswith("GET") and "{key}" in name and not _kept(name)
    }


def _lists(here: Pair) -> dict[str, int]:
    found = {
        f"Vtiger {name}": number for name, number in here.calls(here.crm).items() if name in _LISTS_VTIGER
    }
    return found | {
        f"Sage {name}": number
        for name, number in here.calls(here.sage).items()
        if name.startswith("GET") and "{key}" not in name and not _kept(name)
    }


def _kept(name: str) -> bool:
    return any(name.startswith(kept) for kept in _KEPT)


def _organisation(number: int) -> dict[str, str]:
    return organisation(f"Company {number} Ltd", f"info@company{number}.test", number) | {
        "phone": "0113 496 0000"
    }


def _customer(number: int) -> dict[str, Any]:
    return customer(f"Ledger {number} Ltd", f"books@ledger{number}.test", number)


def _product(number: int, ledgers: dict[int, str]) -> dict[str, Any]:
    return {
        "description": f"Widget {number}",
        "item_code": f"WID-{number}",
        "sales_tax_rate_id": "GB_STANDARD",
        "sales_ledger_account_id": ledgers[4000],
        "purchase_ledger_account_id": ledgers[5000],
    }


def _words(counted: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counted.items()))
