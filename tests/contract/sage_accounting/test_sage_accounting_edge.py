"""The edge to Sage Accounting: refusals, limits, lanes, and the sign-in that is kept alive."""

from datetime import timedelta
from threading import Thread

import pytest

from shared.clock import SystemClock
from shared.errors import (
    BadCredentials,
    LaneTaken,
    MissingPermission,
    RateLimited,
    RecordRejected,
    Unavailable,
)
from shared.ports import ObjectSpec, Patch, Snapshot
from shared.systems._lanes import HeldLanes
from tests.contract.sage_accounting.records import changed, customers, invoice, line, one
from tests.contract.sage_accounting_bench import (
    ACCOUNT,
    INVOICE,
    PERSON,
    PRODUCT,
    SERVICE,
    Bench,
)


def test_the_business_goes_with_every_call_and_a_first_token_is_soon_replaced(bench: Bench) -> None:
    second = bench.service.options.businesses[1].id
    grant = bench.grant()
    sage = bench.sage(business=second, refresh=grant["refresh_token"])
    sage.create(ACCOUNT, {"name": "Elsewhere"}, "key-1")
    assert {row["business"] for row in bench.writes()} == {second} and customers(bench) == []
    stored = bench.stores.tokens.load("sage_accounting")
    assert stored is not None and stored.value["refresh_token"] != grant["refresh_token"]


def test_a_refusal_is_a_sentence_with_the_field_and_the_request_id(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    with pytest.raises(RecordRejected) as refused:
        sage.create(INVOICE, invoice(contact, invoice_lines=[line(tax_rate_id="")]), "key-1")
    assert "line, tax rate: This field is required." in str(refused.value) and "Sage's request id" in str(
        refused.value
    )
    with pytest.raises(RecordRejected, match="10 characters"):
        sage.create(ACCOUNT, {"name": "Acme", "reference": "MUCH-TOO-LONG"}, "key-2")
    bench.customer("First", reference="TAKEN")
    with pytest.raises(RecordRejected, match="reference"):
        sage.create(ACCOUNT, {"name": "Acme", "reference": "TAKEN"}, "key-3")
    assert isinstance(changed(sage, ACCOUNT, contact, is_active=False), RecordRejected)
    bench.options(denied=["POST contacts"])
    with pytest.raises(MissingPermission, match="Settings > Users"):
        sage.create(ACCOUNT, {"name": "Acme"}, "key-4")


def test_a_limit_without_a_wait_is_a_short_one_and_ends_the_updates(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    one(sage, ACCOUNT, contact)
    bench.fault("429", "/v3.1/contacts")
    with pytest.raises(RateLimited) as limit:
        sage.read(ACCOUNT, [contact])
    assert limit.value.after == 5.0
    bench.fault("429", "/v3.1/contacts", method="PUT")
    patches = [Patch(contact, {"notes": "a"}), Patch(contact, {"notes": "b"})]
    assert [type(answer) for answer in sage.update(ACCOUNT, patches)] == [RateLimited, RateLimited]


def test_no_two_writers_of_one_resource_at_once(bench: Bench) -> None:
    def taken(resource: str) -> None:
        raise LaneTaken(f"another function is using {resource}")

    sage = bench.sage(lanes=taken)
    with pytest.raises(LaneTaken, match="documents"):
        sage.create(INVOICE, invoice("x"), "key-1")
    answers = sage.update(ACCOUNT, [Patch("a", {"name": "x"}), Patch("b", {"name": "y"})])
    assert [type(answer) for answer in answers] == [LaneTaken, LaneTaken] and bench.writes() == []


def test_writers_in_parallel_take_turns(bench: Bench) -> None:
    bench.options(refuse_parallel=True, delay_seconds=0.03)
    until, made = bench.clock.now() + timedelta(minutes=1), list[str]()

    def write(number: int) -> None:
        lanes = HeldLanes(bench.stores.lanes, "sage_accounting", f"worker {number}", until, SystemClock())
        sage = bench.sage(f"worker {number}", lanes=lanes.take)
        try:
            made.append(sage.create(ACCOUNT, {"name": f"Customer {number}"}, f"key-{number}").id)
        finally:
            lanes.release()

    bench.sage().businesses()
    threads = [Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 3 and bench.admin.get("/overlaps").json() == []


def test_an_expired_access_token_is_renewed_once_and_a_dead_sign_in_says_what_to_do(bench: Bench) -> None:
    sage, contact = bench.sage(), bench.customer()
    one(sage, ACCOUNT, contact)
    bench.post("/tokens", {"expire": "access"})
    assert one(sage, ACCOUNT, contact).id == contact
    bench.clock.shift = timedelta(seconds=290)
    assert one(sage, ACCOUNT, contact).id == contact
    bench.post("/tokens", {"expire": "all"})
    with pytest.raises(BadCredentials, match="tieout connect sage_accounting"):
        sage.read(ACCOUNT, [contact])
    fresh = bench.sage(refresh=bench.grant()["refresh_token"])
    assert one(fresh, ACCOUNT, contact).id == contact


def test_two_workers_that_refresh_at_once_ask_sage_once(bench: Bench) -> None:
    contact, first = bench.customer(), bench.grant()["refresh_token"]
    bench.fault("slow", "/token$", after=0.1, times=-1)
    workers = [bench.sage(f"worker {number}", refresh=first) for number in range(4)]
    found: list[Snapshot] = []
    threads = [
        Thread(target=lambda worker=worker: found.append(one(worker, ACCOUNT, contact))) for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and bench.admin.get("/calls").json()["POST /token"] == 1


def test_a_lost_answer_to_a_refresh_is_asked_for_again_and_then_a_person_is_needed(bench: Bench) -> None:
    contact, first = bench.customer(), bench.grant()["refresh_token"]
    bench.fault("lost_request", "/token$")
    assert one(bench.sage(refresh=first), ACCOUNT, contact).id == contact and 5.0 in bench.clock.slept
    bench.post("/tokens", {"expire": "access"})
    bench.fault("lost_reply", "/token$")
    with pytest.raises(BadCredentials, match=r"lost on the way.*tieout connect sage_accounting"):
        bench.sage(refresh=first).read(ACCOUNT, [contact])
    bench.fault("lost_request", "/token$", times=2)
    with pytest.raises(Unavailable):
        bench.sage(refresh=bench.grant()["refresh_token"]).read(ACCOUNT, [contact])


def test_keep_alive_refreshes_daily_and_warns_a_week_before_the_end(bench: Bench) -> None:
    sage = bench.sage()
    assert sage.keep_alive() == [] and sage.keep_alive() == []
    assert bench.admin.delete("/calls").json() == {"POST /token": 1}
    bench.clock.shift = timedelta(hours=25)
    assert sage.keep_alive() == [] and bench.admin.delete("/calls").json() == {"POST /token": 1}
    bench.fault("503", "/token$", times=-1)
    bench.clock.shift = timedelta(days=26)
    assert [found.level for found in sage.keep_alive()] == ["warning", "warning"]
    bench.clock.shift = timedelta(days=40)
    ended = bench.sage(refresh="").keep_alive()
    assert ended[0].level == "error" and "tieout connect sage_accounting" in ended[0].message


def test_check_says_what_works_and_what_is_missing(bench: Bench) -> None:
    sage = bench.sage()
    found = sage.check([ACCOUNT, PERSON, PRODUCT, SERVICE, INVOICE])
    assert {finding.level for finding in found} == {"ok"} and "with stock" in " ".join(
        one.message for one in found
    )
    odd = ObjectSpec("sage_accounting", "account", "contacts", "id", "updated_at", ("name", "website"))
    assert "website" in next(finding.message for finding in sage.check([odd]) if finding.level == "error")
    assert [finding.level for finding in bench.sage(business="").check([])] == ["error"]
    assert "has no access to the business" in bench.sage(business="f" * 32).check([])[0].message
    wrong = bench.sage(zero_rate="GB_NONE").check([])
    assert any(finding.level == "error" and "zero_rate" in finding.message for finding in wrong)
    bench.options(plan="Standard")
    bench.clock.shift = timedelta(days=2)
    said = " ".join(finding.message for finding in bench.sage().check([]))
    assert "without stock" in said and "one currency" in said
    bench.options(subscription_active=False)
    dead = bench.sage().check([])
    assert [finding.level for finding in dead] == ["error"] and "subscription" in dead[0].message


def test_the_first_tax_rate_of_nought_is_the_one_to_write(bench: Bench) -> None:
    rows = bench.sage().table("tax_codes")
    assert rows[0]["id"] == "GB_ZERO" and {row["id"] for row in rows} >= {"GB_STANDARD", "GB_EXEMPT"}
    assert bench.sage(zero_rate="GB_NO_TAX").table("tax_codes")[0]["id"] == "GB_NO_TAX"
    assert sum(row["id"] == "GB_ZERO" for row in rows) == 1
