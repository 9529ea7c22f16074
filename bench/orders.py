"""New orders from end to end: what each costs in vendor calls, DynamoDB requests and units, and SQS requests.

Counted by the emulated vendors and by the AWS clients themselves. Lambda's own receiving and deleting of
messages, which no code of ours does, is modelled: one request each for ten messages.
"""

from collections import Counter
from math import ceil

from bench.aws_requests import AwsRequests
from bench.books import Books
from bench.figures import Figures, at_most, exactly, told
from bench.installation import Installation, installation
from bench.site import Site, open_site, vendors

PAGE = 100
BATCH = 50
LISTS = {"v11": "POST /Opportunities/filter", "v4_1": "v4_1 get_entry_list"}
WRITE_BACKS = {
    "v11": ("POST /bulk", "PUT /Opportunities/{id}"),
    "v4_1": ("v4_1 set_entries", "v4_1 set_entry", "v4_1 get_entries"),
}
_CURRENCY_LISTS = 1
_LIST_NOTES = {
    "v11": "pages of 100, and a second look at each batch right before its orders are made",
    "v4_1": "pages of 100, an empty one at the end, and one list of currencies",
}
MOST_WRITE_BACKS = {"v11": 0.1, "v4_1": 0.2}
PER_ORDER = ("link", "pointer", "log")
"""Rows that belong to one record; all others are written once a batch, or once a poll."""


def run(count: int = 1000) -> Figures:
    """Figures by name. Raises AssertionError when an order is missing, for its cost would be missing too."""
    figures: Figures = {}
    with installation("v11") as here:
        here.accounts()
        ids = here.won(count)
        figures |= _new_orders(here, count) | _changes(here, ids[:100]) | _by_webhook(here, min(count, 50))
    with vendors() as addresses:
        return figures | _on_v4_1(open_site(addresses, "v4_1"), count)


def _new_orders(here: Installation, count: int) -> Figures:
    here.forget()
    here.world.tick()
    here.world.drain(rounds=count)
    requests = AwsRequests(list(here.aws.made))
    assert not here.world.dead, "no message may fail"
    return _vendor(here, "v11", count) | _storage(requests, count) | _queue(requests, count)


def _on_v4_1(site: Site, count: int) -> Figures:
    """Only the vendors' calls: storage and queues do not know which API it is, so their memory twins
    serve."""
    site.accounts()
    site.won(count)
    site.forget_calls()
    assert site.tick(), "the poll was stopped"
    site.drain(BATCH)
    assert not site.failed, site.failed
    return _vendor(site, "v4_1", count)


def _vendor(books: Books, api: str, count: int) -> Figures:
    sugar, sage = books.sugar_calls(), books.sage_calls()
    made = len(books.orders())
    assert made == count, f"{made} orders for {count} opportunities"
    names, start = WRITE_BACKS[api], f"{count} new orders, {api}"
    lists, back = sugar.get(LISTS[api], 0), sum(sugar.get(name, 0) for name in names)
    creates = sage.get("POST salesorder", 0)
    batches = sum(number for name, number in sugar.items() if name in names and "get_entries" not in name)
    others = {name: number for name, number in sugar.items() if name not in (*names, LISTS[api])}
    others |= {f"Sage {name}": number for name, number in sage.items() if name != "POST salesorder"}
    return {
        f"{start}: list calls": at_most(lists, _lists(api, count), "calls", _LIST_NOTES[api]),
        f"{start}: Sage creates per order": exactly(creates / count, 1, "calls"),
        f"{start}: write-back calls per order": at_most(
            back / count,
            MOST_WRITE_BACKS[api],
            "calls",
            _words({name: sugar[name] for name in names if name in sugar}),
        ),
        f"{start}: write calls per order, batched write-backs apart": at_most(creates / count, 1.01, "calls"),
        f"{start}: all write calls per order": told((creates + batches) / count, "calls"),
        f"{start}: every other call per order": told(sum(others.values()) / count, "calls", _words(others)),
    }


def _lists(api: str, count: int) -> int:
    """v11 says whether a list goes on; v4_1 does not, so that a list of whole pages ends with an empty one.
    What is looked at again is a list in v11, and in v4_1 a call of its own."""
    if api == "v11":
        return ceil(count / PAGE) + ceil(count / BATCH)
    return count // PAGE + 1 + _CURRENCY_LISTS


def _storage(requests: AwsRequests, count: int) -> Figures:
    own, start = requests.writes(PER_ORDER), f"{count} new orders"
    batches = ceil(count / BATCH)
    others = {kind: number for kind, number in sorted(requests.by_kind().items()) if kind not in PER_ORDER}
    return {
        f"{start}: DynamoDB write requests per order": at_most(
            len(own) / count, 5, "requests", _words(Counter(one.operation for one in own))
        ),
        f"{start}: DynamoDB write units per order": told(
            sum(one.units for one in own) / count, "units", "indexes included"
        ),
        f"{start}: DynamoDB write requests per batch for rows that records share": told(
            sum(others.values()) / batches, "requests", _words(others)
        ),
        f"{start}: S3 objects per batch": told(requests.operations("s3").total() / batches, "requests"),
    }


def _queue(requests: AwsRequests, count: int) -> Figures:
    made = requests.operations("sqs")
    sent = sum(number for name, number in made.items() if name.startswith("Send"))
    asked = made["GetQueueAttributes"]
    modelled = 2 * ceil(count / 10)
    return {
        f"{count} new orders: SQS requests per order, poll path": at_most(
            (sent + asked + modelled) / count,
            0.35,
            "requests",
            f"{sent} sends, {asked} looks at the depth, {modelled} modelled for receiving and deleting",
        ),
    }


def _changes(here: Installation, ids: list[str]) -> Figures:
    """Linked records that change: an edit, which this flow reports as drift, and a number that somebody
    blanked."""
    half = len(ids) // 2
    return _changed(here, ids[:half], "edited", amount="9999.00") | _changed(
        here, ids[half:], "its number blanked", sales_order_no_c=""
    )


def _changed(here: Installation, ids: list[str], how: str, **values: str) -> Figures:
    here.change(ids, **values)
    here.forget()
    for one in ids:
        here.world.hook({"data": {"id": one}})
    here.world.drain()
    own, name = here.aws.writes(PER_ORDER), f"linked record changed ({how})"
    assert here.sage_calls().get("POST salesorder", 0) == 0, "a linked record may not become an order again"
    return {
        f"{name}: DynamoDB write requests": at_most(
            len(own) / len(ids), 3, "requests", _words(Counter(one.operation for one in own))
        ),
        f"{name}: DynamoDB write units": told(
            sum(one.units for one in own) / len(ids), "units", "indexes included"
        ),
    }


def _by_webhook(here: Installation, count: int) -> Figures:
    ids = here.won(count)
    here.forget()
    for one in ids:
        status, words = here.world.hook({"data": {"id": one}})
        assert status == 202, words
    here.world.drain()
    sent, modelled = here.aws.operations("sqs").total(), 2 * ceil(count / 10)
    assert here.sage_calls()["POST salesorder"] == count
    lists = here.sugar_calls().get(LISTS["v11"], 0)
    return {
        f"{count} new orders by webhook: SQS requests per order": told(
            (sent + modelled) / count,
            "requests",
            f"{sent} sends, {modelled} modelled for receiving and deleting",
        ),
        f"{count} new orders by webhook: SugarCRM reads per order": told(
            lists / count, "calls", "read in batches"
        ),
    }


def _words(counted: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counted.items()))
