"""A preview that somebody asked for in the console: made by the function of the polls, field by field, with
counts and money, and nothing is written to either system."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Unavailable
from shared.operations import preview_run
from shared.operations.answers import leave_out
from shared.operations.erase import erase, subject
from shared.operations.poll_messages import PreviewTask, message_of
from shared.operations.preview_run import ask, previewed, run
from shared.operations.preview_store import Made, Previews
from tests.browser.console_world import Polls
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import Orders
from tests.stories.world import World


def asked(here: World, entity: str) -> PreviewTask:
    polls = Polls()
    ask(here.rig.services(), polls, [entity], "Ann")
    ((_, message),) = polls.sent
    task = message_of(message)
    assert isinstance(task, PreviewTask)
    return task


def previews(here: World, entity: str) -> list[Made]:
    return Previews(here.rig.stores.cache).of([entity], here.rig.clock.now())[entity]


def made(here: World, entity: str) -> Made:
    task = asked(here, entity)
    here.rig.clock.advance(1)
    found = run(here.rig.services(), task)
    assert found is not None and previews(here, entity)[0] == found
    return found


def test_orders_are_counted_and_added_up_and_none_is_made() -> None:
    here = Orders()
    here.win("desks", amount="100.00")
    here.win("chairs", amount="250.50")
    here.win("blank", amount=None)
    found = made(here, "sales_order")
    assert dict(found.counts) == {"create": 2, "skip": 1}
    assert sum(found.totals["create"].values()) == Decimal("350.50")
    assert (found.state, found.by, found.read, found.more) == ("done", "Ann", 3, False)
    assert here.orders() == [] and here.log() == []
    records = {one.id: one for one in Previews(here.rig.stores.cache).records(found, here.rig.clock.now())}
    assert records["desks"].would == "create" and any(one.after for one in records["desks"].fields)
    assert "amount" in records["blank"].reason.lower()


def test_a_change_is_told_field_by_field_with_what_it_replaces() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    here.edit(VTIGER, phone="222")
    found = made(here, "account")
    (one,) = Previews(here.rig.stores.cache).records(found, here.rig.clock.now())
    assert one.would == "update"
    assert [(each.system, each.name, each.before, each.after) for each in one.fields] == [
        (SAGE, "phone", "111", "222")
    ]
    assert here.shows(SAGE)["phone"] == "111"


def test_a_record_that_is_left_out_for_good_is_told_as_that() -> None:
    here = Customers.linked_smith(name="Smith & Co", phone="111")
    leave_out(here.rig.services(), (VTIGER, "account", "smith"), "Ann", "skip")
    here.rig.drain()
    here.edit(VTIGER, phone="222")
    found = made(here, "account")
    (one, *_) = Previews(here.rig.stores.cache).records(found, here.rig.clock.now())
    assert one.would == "skip" and "left out for good by Ann" in one.reason


def test_a_message_that_comes_twice_is_worked_off_once() -> None:
    here = Orders()
    here.win("desks")
    task = asked(here, "sales_order")
    here.rig.clock.advance(1)
    assert run(here.rig.services(), task) is not None
    assert run(here.rig.services(), task) is None
    assert len(previews(here, "sales_order")) == 1


def test_two_at_once_are_one() -> None:
    here = Orders()
    task = asked(here, "sales_order")
    services = here.rig.services()
    assert services.stores.lanes.acquire(
        "preview.sales_order", "another", services.deadline, services.clock.now()
    )
    assert run(services, task) is None


def test_a_list_that_nobody_reads_is_not_previewed() -> None:
    here = Orders()
    assert previewed(here.rig.services()) == ["sales_order"]
    assert (
        run(here.rig.services(), PreviewTask("r", "demo", "nothing", "2026-11-30T00:00:00+00:00", "Ann"))
        is None
    )


def test_a_system_that_does_not_answer_ends_it_with_a_sentence() -> None:
    here = Orders()
    here.win("desks")
    with here.at("sugarcrm.changes", Unavailable("SugarCRM did not answer within 30 seconds")):
        found = made(here, "sales_order")
    assert found.state == "stopped" and "did not answer" in found.stopped


def test_it_ends_after_so_many_records_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_run, "MOST", 120)
    here = Orders()
    for number in range(130):
        here.win(f"deal-{number:03d}")
    found = made(here, "sales_order")
    assert (found.read, found.more, found.parts) == (120, True, 3)
    assert "only the first 120 sales order records" in " ".join(found.notes)
    assert len(Previews(here.rig.stores.cache).records(found, here.rig.clock.now())) == 120


def test_large_records_make_smaller_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_run, "HEAVY", 500)
    here = Orders()
    for number in range(4):
        here.win(f"deal-{number}", name="x" * 200)
    assert made(here, "sales_order").parts > 1


def test_the_newest_few_are_kept_and_they_end() -> None:
    here = Orders()
    here.win("desks")
    for _ in range(7):
        made(here, "sales_order")
        here.rig.clock.advance(60)
    kept = previews(here, "sales_order")
    assert len(kept) == 5 and kept[0].began_at > kept[-1].began_at
    here.rig.clock.advance(timedelta(days=15).total_seconds())
    assert previews(here, "sales_order") == []


def test_a_person_who_is_erased_is_in_no_preview() -> None:
    here = Customers.linked_smith(name="Ann Smith", email="ann@smith.test")
    here.edit(VTIGER, phone="222")
    found = made(here, "account")
    services = here.rig.services()
    erase(services, subject(services, VTIGER, "account", "smith"), True)
    assert Previews(here.rig.stores.cache).records(found, here.rig.clock.now()) == []
