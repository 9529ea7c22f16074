"""What a two-way flow costs: changed records on each side, and quiet cycles afterwards, in calls and requests.

Calls are counted by the emulated vendors themselves, requests to AWS at the last moment before they would leave the machine.
A write is a vendor call that writes one record; a read is a call that is neither a write, nor a list, nor a sign-in, nor the
reading of a table that is kept for an hour.
"""

from collections import Counter

from bench.figures import Figures, at_most, exactly, told
from bench.pair import Pair, pair

_LISTS_VTIGER = ("query Accounts",)
_KEPT = ("GET /financial_settings", "GET /exchange_rates", "GET /tax_rates", "POST /token", "describe", "getchallenge", "login",
         "query Currency", "query Tax", "GET /business_settings", "GET /product_sales_price_types", "GET /service_rate_types")
PER_RECORD = ("link", "pointer", "log", "wait")
CYCLES = 96


def run(count: int = 1000) -> Figures:
    """Figures by name."""
    with pair({"contact": "off", "product": "off", "service": "off", "invoice": "off"}) as here:
        figures = _new(here, count)
        figures |= _changed(here, count)
        figures |= _echoes(here, count)
    with pair({}) as here:
        return figures | _quiet(here)


def _new(here: Pair, count: int) -> Figures:
    """`count` organisations made in Vtiger, and as many customers in Sage, none of which has a counterpart."""
    here.settle()
    here.post(here.crm, "records/Accounts", [_organisation(number) for number in range(count)])
    here.post(here.sage, "contacts", [_customer(number) for number in range(count)])
    here.forget()
    here.tick()
    here.drain()
    assert here.writes() == 2 * count, f"{here.writes()} writes for {2 * count} new records"
    own = here.aws.writes(PER_RECORD)
    reads = _reads(here)
    here.settle()
    return {
        f"two-way, {2 * count} new records: DynamoDB write requests per record": at_most(
            len(own) / (2 * count), 5, "requests", _words(Counter(one.kind for one in own))),
        f"two-way, {2 * count} new records: DynamoDB write units per record": told(
            sum(one.units for one in own) / (2 * count), "units", "indexes included"),
        f"two-way, {2 * count} new records: looks before creates, calls per record": told(
            sum(reads.values()) / (2 * count), "calls", _words(reads)),
    }


def _changed(here: Pair, count: int) -> Figures:
    """`count` linked records changed on each side, each on one side only."""
    mine = sorted(here.list(here.crm, "records/Accounts"), key=lambda one: int(one["id"].partition("x")[2]))
    theirs = [one for one in here.list(here.sage, "contacts") if one["name"].startswith("Ledger")]
    ours = [one for one in mine if one["accountname"].startswith("Company")]
    here.post(here.crm, "records/Accounts", [{"id": one["id"], "phone": f"0113 {index:07}"} for index, one in enumerate(ours)])
    here.post(here.sage, "contacts", [{"id": one["id"], "tax_number": f"GB{index:09}"} for index, one in enumerate(theirs)])
    assert len(ours) == len(theirs) == count
    here.forget()
    here.tick()
    here.drain()
    changed, written = 2 * count, here.writes()
    own, reads, lists = here.aws.writes(PER_RECORD), _reads(here), _lists(here)
    name = f"two-way, {count} changed records on each side"
    sqs = here.aws.operations("sqs")
    sent = sum(number for operation, number in sqs.items() if operation.startswith("Send"))
    return {
        f"{name}: write calls per change": at_most(written / changed, 1.01, "calls"),
        f"{name}: reads per change": at_most(sum(reads.values()) / changed, 1, "calls", _words(reads)),
        f"{name}: list calls per change": told(sum(lists.values()) / changed, "calls", _words(lists)),
        f"{name}: DynamoDB write requests per change": at_most(
            len(own) / changed, 3, "requests", _words(Counter(one.kind for one in own))),
        f"{name}: DynamoDB write units per change": told(sum(one.units for one in own) / changed, "units", "indexes included"),
        f"{name}: SQS requests per change": at_most((sent + 2 * changed / 10) / changed, 0.35, "requests",
                                                    f"{sent} sends; receiving and deleting modelled, ten to a request"),
    }


def _echoes(here: Pair, count: int) -> Figures:
    here.forget()
    queued = 0
    for _ in range(CYCLES):
        here.pass_time()
        queued += here.tick()
        here.drain()
    return {
        f"two-way, {CYCLES} cycles after {count} changes on each side: echo writes": exactly(here.writes(), 0, "writes"),
        f"two-way, {CYCLES} cycles after {count} changes on each side: records looked at again": told(queued, "records"),
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
    calls = {f"Vtiger {name}": number for name, number in here.calls(here.crm).items()}
    calls |= {f"Sage {name}": number for name, number in here.calls(here.sage).items()}
    lists = sum(calls.values()) - sum(number for name, number in calls.items() if any(kept in name for kept in _KEPT))
    return {
        "two-way, quiet cycle, all five entities: calls, one for each polled list": exactly(
            lists, 19, "calls", _words(calls)),
        "two-way, quiet cycle, all five entities: queue messages": exactly(
            here.aws.operations("sqs").total(), 0, "requests"),
        "two-way, quiet cycle, all five entities: DynamoDB writes beyond the run rows": exactly(
            len([one for one in here.aws.writes() if one.kind != "run"]), 0, "requests",
            ", ".join(sorted(one.kind for one in here.aws.writes() if one.kind != "run"))),
        "two-way, quiet cycle, all five entities: DynamoDB reads": told(
            here.aws.operations("dynamodb").total() - len(here.aws.writes()), "requests"),
    }


def _reads(here: Pair) -> dict[str, int]:
    found = {f"Vtiger {name}": number for name, number in here.calls(here.crm).items()
             if name not in _LISTS_VTIGER and not _kept(name) and not name.startswith(("create", "revise"))}
    return found | {f"Sage {name}": number for name, number in here.calls(here.sage).items()
                    if name.startswith("GET") and "{key}" in name and not _kept(name)}


def _lists(here: Pair) -> dict[str, int]:
    found = {f"Vtiger {name}": number for name, number in here.calls(here.crm).items() if name in _LISTS_VTIGER}
    return found | {f"Sage {name}": number for name, number in here.calls(here.sage).items()
                    if name.startswith("GET") and "{key}" not in name and not _kept(name)}


def _kept(name: str) -> bool:
    return any(name.startswith(kept) for kept in _KEPT)


def _organisation(number: int) -> dict[str, str]:
    return {"accountname": f"Company {number} Ltd", "email1": f"info@company{number}.test", "phone": "0113 496 0000",
            "bill_street": f"{number} High Street", "bill_city": "Leeds", "bill_code": "LS1 4AP",
            "bill_country": "United Kingdom"}


def _customer(number: int) -> dict[str, object]:
    return {"name": f"Ledger {number} Ltd", "contact_type_ids": ["CUSTOMER"],
            "main_address": {"address_type_id": "ACCOUNTS", "name": "Main Address", "address_line_1": f"{number} Low Road",
                             "city": "York", "postal_code": "YO1 7HH", "country_id": "GB"},
            "main_contact_person": {"contact_person_type_ids": ["ACCOUNTS"], "name": "Main Contact",
                                    "email": f"books@ledger{number}.test", "is_main_contact": True}}


def _words(counted: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counted.items()))
