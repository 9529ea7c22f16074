"""One batch: who shares the work, who gives way, who waits for whom, and what is left when time runs
short."""

from datetime import timedelta

import pytest

from shared.domain.keys import link_id
from shared.domain.link import Lease
from shared.ports import Commit
from shared.sync.engine import Deferred, Ended, Engine, Result
from shared.sync.engine.waits import wake
from tests.properties.orders import CRM, ENTITY, SAGE, customer, deal, deals, order_rig, orders_named
from tests.properties.rig import NAME, Rig


@pytest.fixture
def rig() -> Rig:
    made = order_rig()
    deal(made, "o1")
    return made


def handle(rig: Rig, *ids: str, seconds: float = 290) -> list[Result]:
    rig.line.calls.clear()
    return Engine(rig.services(seconds).context()).handle([rig.event(CRM, ENTITY, one) for one in ids])


def kinds(results: list[Result]) -> list[str]:
    return [result.outcome.kind if isinstance(result, Ended) else type(result).__name__ for result in results]


def test_two_events_of_one_record_are_one_piece_of_work(rig: Rig) -> None:
    deal(rig, "o2")
    assert kinds(handle(rig, "o1", "o2", "o1")) == ["created"] * 3
    assert rig.line.calls.count(f"{SAGE}.create") == 2 and rig.line.calls.count(f"{CRM}.update") == 1
    assert len(rig.stores.log.rows(record=(CRM, ENTITY, "o1"))) == 1


def test_the_numbers_go_back_in_one_call(rig: Rig) -> None:
    ids = [f"n{number}" for number in range(12)]
    for record_id in ids:
        deal(rig, record_id)
    assert kinds(handle(rig, *ids)) == ["created"] * 12
    assert rig.line.calls.count(f"{CRM}.update") == 1 and rig.line.calls.count(f"{CRM}.read") == 1
    assert all(deals(rig)[one]["sales_order_no_c"] == orders_named(rig, one)[0]["orderNumber"] for one in ids)


def test_when_time_is_short_nothing_is_begun_and_no_attempt_is_counted(rig: Rig) -> None:
    result = handle(rig, "o1", seconds=20)[0]
    assert result == Deferred(1, "no time left in this run; sent again", started=False)
    assert not orders_named(rig, "o1") and rig.links() == []


def test_when_time_runs_out_in_the_middle_what_was_begun_is_finished(rig: Rig) -> None:
    deal(rig, "o2")

    def on(call: str) -> None:
        if call == f"{SAGE}.create":
            rig.clock.advance(270)

    rig.line.on = on
    results = handle(rig, "o1", "o2")
    assert kinds(results) == ["created", "Deferred"] and not results[1].started  # type: ignore[union-attr]
    assert deals(rig)["o1"]["sales_order_no_c"]


def test_a_record_in_other_hands_is_put_off_without_a_call(rig: Rig) -> None:
    handle(rig, "o1")
    link = rig.links()[0]
    until = rig.clock.now() + timedelta(seconds=100)
    rig.stores.links.commit(Commit(link, link.version, "other", Lease("other", until)), rig.clock.now())
    result = handle(rig, "o1")[0]
    assert isinstance(result, Deferred) and "another worker" in result.reason
    assert not any(call.startswith(CRM) and "table" not in call for call in rig.line.calls)


def test_an_unknown_customer_makes_the_order_wait_and_nothing_is_made(rig: Rig) -> None:
    deal(rig, "o1", **{"account.sales_account_ref_c": "LATER"})
    result = handle(rig, "o1")[0]
    assert isinstance(result, Ended) and result.outcome.waits_for == (SAGE, "account", "LATER")
    assert "LATER" in result.outcome.reason and not orders_named(rig, "o1")
    first, second = (number for number, call in enumerate(rig.line.calls) if call == f"{SAGE}.find")
    assert first < rig.line.calls.index("waits.add done") < second, "registered, then looked for again"


def test_the_order_goes_through_once_its_customer_exists(rig: Rig) -> None:
    deal(rig, "o1", **{"account.sales_account_ref_c": "LATER"})
    handle(rig, "o1")
    customer(rig, "LATER")
    assert wake(rig.stores, SAGE, "account", ["LATER"], "20261123T090000Z-beef") == 1
    rig.drain()
    assert len(orders_named(rig, "o1")) == 1 and rig.stores.waits.all() == []


def test_a_corrected_reference_ends_the_wait(rig: Rig) -> None:
    deal(rig, "o1", **{"account.sales_account_ref_c": "LATER"})
    handle(rig, "o1")
    deal(rig, "o1", **{"account.sales_account_ref_c": "SMITH001"})
    assert kinds(handle(rig, "o1")) == ["created"]
    assert rig.stores.waits.all() == []


def test_a_customers_own_event_only_wakes_those_who_wait_for_it(rig: Rig) -> None:
    deal(rig, "o1", **{"account.sales_account_ref_c": "LATER"})
    handle(rig, "o1")
    customer(rig, "LATER")
    handled = rig.handle([rig.event(SAGE, "account", "LATER")])
    assert handled is not None and handled.counts == {"unchanged": 1}
    assert not any(call.startswith(f"{SAGE}.") for call in rig.line.calls[-8:])
    rig.drain()
    assert len(orders_named(rig, "o1")) == 1


def test_an_order_is_never_changed_afterwards(rig: Rig) -> None:
    handle(rig, "o1")
    deal(rig, "o1", amount="250.00")
    result = handle(rig, "o1")[0]
    assert isinstance(result, Ended)
    assert (result.outcome.kind, result.outcome.reason) == ("skipped", "already order 101")
    assert len(rig.systems[SAGE].writes) == 1


def test_a_record_that_the_filter_turns_away_leaves_only_a_log_row(rig: Rig) -> None:
    deal(rig, "o1", sales_stage="Prospecting")
    assert kinds(handle(rig, "o1")) == ["skipped"]
    assert rig.links() == [] and "links.commit" not in rig.line.calls


def test_while_recovering_every_create_looks_first(rig: Rig) -> None:
    handle(rig, "o1")
    rig.lose_stack(
        {name: {} for name in rig.world.save()}
        | {
            "dynamodb": {
                kept: rows
                for kept, rows in rig.world.save()["dynamodb"].items()
                if kept[0] == "#integrations"
            }
        }
    )
    rig.systems[CRM].objects["Opportunities"]["o1"]["sales_order_no_c"] = None
    assert isinstance(handle(rig, "o1")[0], Deferred), "a miss proves nothing before settle"
    rig.clock.advance(61)
    assert kinds(handle(rig, "o1")) == ["created"]
    assert len(orders_named(rig, "o1")) == 1
    assert rig.links()[0].link_id == link_id(NAME, ENTITY, CRM, "o1")
