"""What each fault of a vendor does to the record that met it, to the rest of the batch, and to the
connection."""

import contextlib
from collections.abc import Callable

import pytest

from shared.domain.keys import link_id
from shared.errors import (
    BadCredentials,
    Busy,
    LaneTaken,
    MissingField,
    NoTurn,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    StaleVersion,
    SyncError,
    Unavailable,
)
from shared.sync.engine import Deferred, Ended, Engine, Failed, Result
from shared.sync.engine.faults import close
from tests.properties.orders import CRM, ENTITY, SAGE, deal, deals, order_rig, orders_named, sage_orders
from tests.properties.rig import NAME, Rig


@pytest.fixture
def rig() -> Rig:
    made = order_rig()
    for number in (1, 2, 3):
        deal(made, f"o{number}")
    return made


def failing(rig: Rig, call: str, fault: Exception, times: int = 1) -> None:
    left = [times]

    def on(now: str) -> None:
        if now == call and left[0]:
            left[0] -= 1
            raise fault

    rig.line.on = on


def handle(rig: Rig, *ids: str, seconds: float = 290) -> list[Result]:
    rig.line.calls.clear()
    return Engine(rig.services(seconds).context()).handle([rig.event(CRM, ENTITY, one) for one in ids])


def intent(rig: Rig, record_id: str) -> object:
    key = link_id(NAME, ENTITY, CRM, record_id)
    lease = rig.stores.links.load([key])[key].lease
    return lease.intent if lease else None


@pytest.mark.parametrize(
    "fault",
    [
        RateLimited("slow down", 120),
        Unavailable("down"),
        BadCredentials("wrong password"),
        MissingField("no such field"),
    ],
)
def test_a_fault_of_the_connection_closes_its_gate_once_and_puts_the_rest_off_without_a_call(
    rig: Rig, fault: SyncError
) -> None:
    failing(rig, f"{SAGE}.create", fault, times=9)
    results = handle(rig, "o1", "o2", "o3")
    assert [type(result) for result in results] == [Deferred] * 3
    assert rig.line.calls.count(f"{SAGE}.create") == 1
    assert sum(call in ("gate.cool", "gate.pause") for call in rig.line.calls) == 1
    rig.line.on = lambda call: None
    handle(rig, "o1", "o2", "o3")
    assert not any(
        call.startswith((f"{CRM}.", f"{SAGE}.")) and "table" not in call for call in rig.line.calls
    )


def test_a_fault_closes_the_gate_of_the_connection_that_met_it(rig: Rig) -> None:
    """While a record is made at one system, another may be asked for what it refers to."""
    ctx = rig.services().context()
    crm, sage = sorted(ctx.systems)
    close(ctx, sage, RateLimited("the day is used up", 60, crm))
    close(ctx, crm, RateLimited("asked again", 600, crm))
    gates = ctx.stores.gate.read([crm, sage])
    assert (gates[crm].state, gates[crm].reason, gates[sage].state) == ("cooling", "the day is used up", "ok")
    assert list(ctx.closed) == [crm]


def test_who_has_no_time_for_its_turn_closes_no_gate_and_the_rest_have_not_begun(rig: Rig) -> None:
    """The settings limit the calls, and this invocation ends too soon: the next one has time."""
    met: list[str] = []

    def on(call: str) -> None:
        if call == f"{SAGE}.create":
            met.append(call)
            raise NoTurn("more calls wait", 40, SAGE)

    rig.line.on = on
    events = [rig.event(CRM, ENTITY, record) for record in sorted(deals(rig))]
    results = rig.services().engine().handle(events)
    assert all(isinstance(one, Deferred) for one in results)
    assert sorted(one.started for one in results if isinstance(one, Deferred)) == [False, False, True]
    assert len(met) == 1
    assert rig.stores.gate.read([SAGE])[SAGE].state == "ok"


def test_the_gate_opens_by_itself_and_everything_goes_through(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create", RateLimited("slow down", 120))
    handle(rig, "o1", "o2", "o3")
    assert rig.stores.gate.read([SAGE])[SAGE].state == "cooling"
    rig.clock.advance(121)
    assert [type(result) for result in handle(rig, "o1", "o2", "o3")] == [Ended] * 3
    assert rig.stores.gate.read([SAGE])[SAGE].strikes == 0


def test_a_pause_lasts_until_a_person_ends_it(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create", BadCredentials("wrong password"))
    handle(rig, "o1")
    rig.clock.advance(7 * 86400)
    assert isinstance(handle(rig, "o1")[0], Deferred)
    rig.stores.gate.open(SAGE)
    assert isinstance(handle(rig, "o1")[0], Ended)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [(Busy("in use"), 20), (Busy("in use", 7), 7), (LaneTaken("taken"), 20), (StaleVersion("moved on"), 2)],
)
def test_a_short_wait_concerns_one_record_only(rig: Rig, fault: SyncError, seconds: float) -> None:
    failing(rig, f"{SAGE}.create", fault)
    results = handle(rig, "o1", "o2")
    assert results[0] == Deferred(seconds, str(fault)) and isinstance(results[1], Ended)
    assert intent(rig, "o1") is None, "nothing was executed, so nothing is in doubt"
    assert rig.stores.gate.read([SAGE])[SAGE].state == "ok"


def test_a_definite_rejection_is_held_at_once_with_the_vendors_reason(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create", RecordRejected(["Nominal code 4000 does not exist", "Line 1 is wrong"]))
    results = handle(rig, "o1", "o2")
    assert isinstance(results[0], Ended) and results[0].outcome.kind == "held"
    assert "Nominal code 4000" in results[0].outcome.reason and "Line 1" in results[0].outcome.reason
    assert isinstance(results[1], Ended) and results[1].outcome.kind == "created"
    assert intent(rig, "o1") is None


@pytest.mark.parametrize("call", [f"{SAGE}.create", f"{SAGE}.create done"])
def test_a_surprise_fails_one_record_and_leaves_its_intent(rig: Rig, call: str) -> None:
    failing(rig, call, ZeroDivisionError("a bug"))
    results = handle(rig, "o1", "o2")
    assert isinstance(results[0], Failed) and isinstance(results[1], Ended)
    assert intent(rig, "o1") is not None


# an unknown outcome, and everything that may happen before it is cleared up


def ends_by_outage(rig: Rig) -> None:
    failing(rig, f"{SAGE}.find", Unavailable("down"), times=9)


def ends_by_filter(rig: Rig) -> None:
    deal(rig, "o1", sales_stage="Closed Lost")


def ends_by_rule(rig: Rig) -> None:
    deal(rig, "o1", amount="0")


def ends_unreadable(rig: Rig) -> None:
    deal(rig, "o1", amount="a lot")


def ends_waiting(rig: Rig) -> None:
    deal(rig, "o1", **{"account.sales_account_ref_c": "NOBODY"})


def ends_deleted(rig: Rig) -> None:
    rig.systems[CRM].drop("Opportunities", "o1")


def ends_by_a_bug(rig: Rig) -> None:
    failing(rig, f"{CRM}.read", ZeroDivisionError("a bug"))


def ends_unknown_again(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create", OutcomeUnknown("no answer came"))


ENDINGS = [
    ends_by_outage,
    ends_by_filter,
    ends_by_rule,
    ends_unreadable,
    ends_waiting,
    ends_deleted,
    ends_by_a_bug,
    ends_unknown_again,
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_unknown_outcome_keeps_its_intent_through_every_ending(
    rig: Rig, ending: Callable[[Rig], None]
) -> None:
    failing(rig, f"{SAGE}.create", OutcomeUnknown("no answer came"))
    result = handle(rig, "o1")[0]
    assert isinstance(result, Deferred) and result.seconds == rig.systems[SAGE].settle_seconds
    assert intent(rig, "o1") is not None
    rig.line.on = lambda call: None
    rig.clock.advance(400)
    ending(rig)
    with contextlib.suppress(ZeroDivisionError):  # then the whole batch comes back
        handle(rig, "o1")
    assert intent(rig, "o1") is not None, "the first create may still have happened"


def test_before_settle_a_miss_is_not_even_asked_for(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create", OutcomeUnknown("no answer came"))
    handle(rig, "o1")
    rig.line.on = lambda call: None
    rig.clock.advance(30)
    result = handle(rig, "o1")[0]
    assert isinstance(result, Deferred) and 25 < result.seconds < 35
    assert f"{SAGE}.find" not in rig.line.calls and f"{SAGE}.create" not in rig.line.calls


def test_after_settle_the_record_is_found_by_our_key_and_linked(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create done", OutcomeUnknown("no answer came"))
    handle(rig, "o1")
    rig.clock.advance(61)
    result = handle(rig, "o1")[0]
    assert isinstance(result, Ended) and result.outcome.kind == "created"
    assert "made by an earlier try" in result.outcome.reason
    assert len(orders_named(rig, "o1")) == 1
    assert deals(rig)["o1"]["sales_order_no_c"] == orders_named(rig, "o1")[0]["orderNumber"]
    assert intent(rig, "o1") is None


def test_after_settle_a_miss_lets_it_be_made(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create", OutcomeUnknown("no answer came"))
    handle(rig, "o1")
    rig.clock.advance(61)
    assert isinstance(handle(rig, "o1")[0], Ended)
    assert len(orders_named(rig, "o1")) == 1


def test_two_records_with_our_key_are_a_persons_to_sort_out(rig: Rig) -> None:
    failing(rig, f"{SAGE}.create done", OutcomeUnknown("no answer came"))
    handle(rig, "o1")
    copied = dict(next(iter(sage_orders(rig).values())))
    rig.systems[SAGE].put("salesOrder", "copy", copied)
    rig.clock.advance(61)
    result = handle(rig, "o1")[0]
    assert isinstance(result, Ended) and result.outcome.rule == "doubled"


def test_a_lost_answer_of_the_write_back_writes_the_number_again_and_makes_nothing(rig: Rig) -> None:
    failing(rig, f"{CRM}.update", OutcomeUnknown("no answer came"))
    assert isinstance(handle(rig, "o1")[0], Deferred)
    rig.clock.advance(61)
    assert isinstance(handle(rig, "o1")[0], Ended)
    assert deals(rig)["o1"]["sales_order_no_c"] == orders_named(rig, "o1")[0]["orderNumber"]
