"""`deletes = "delete"`: what is deleted in Sage is deleted for good in a CRM that has no way back.

Not before the days that the flow says are over since it was seen, and a sweep has read the whole list again
without finding it. Until then it is marked, as the shipped rules do for good.
"""

from collections.abc import Callable

import pytest

from shared.operations.preview import preview_entity
from shared.sync.engine.preview import Forecast
from tests.properties.ports import Killed
from tests.stories.clients import CRM, DELETE, LEDGER, Clients, sales_flow

MARKED = "Deleted in Sage"
FOR_GOOD = "was deleted for good"


def status(here: Clients, record: str = "CLIENT1", entity: str = "account") -> str:
    path = "statusId/value" if entity == "account" else "typeId/value"
    return str(here.native(CRM, entity)[here.id_of(CRM, record, entity)][path])


def lost(number: int = 6, rules: str = DELETE) -> Clients:
    """The first of so many customers was deleted in Sage, and that was seen today."""
    here = Clients.in_both(number, rules)
    here.delete(LEDGER, "CLIENT1")
    here.sync()
    return here


def forecasts(here: Clients, entity: str = "account") -> list[Forecast]:
    return list(preview_entity(here.rig.services(), entity))


# ---------------------------------------------------------------- when


def test_by_default_what_is_deleted_in_sage_is_marked_and_stays() -> None:
    here = lost(rules="")
    here.days(20)
    assert (status(here), here.deletions(), len(here.native(CRM))) == (MARKED, [], 6)


def test_deleted_in_sage_is_marked_at_once_and_deleted_for_good_a_week_later() -> None:
    here = lost()
    gone = here.id_of(CRM, "CLIENT1")
    outcome = here.says("updated", "put out of use", "will be deleted for good from", "cannot be undone")
    assert status(here) == MARKED, outcome
    here.days(6)
    assert here.deletions() == []
    here.days(2)
    assert here.deletions() == [gone]
    here.says("updated", FOR_GOOD, "deleted in Sage 50", "cannot be undone", rule="deletes")
    here.days(10)
    assert here.deletions() == [gone] and len(here.native(CRM)) == 5


def test_the_days_are_a_setting() -> None:
    here = lost(rules=f"{DELETE}\naccount.delete_days = 30")
    here.days(29)
    assert here.deletions() == []
    here.days(2)
    assert len(here.deletions()) == 1


def test_a_contact_deleted_in_sage_is_deleted_for_good_a_week_later() -> None:
    here = Clients.in_both(2, DELETE)
    for name in ("Ada", "Ben", "Cal", "Dee"):
        here.enter(LEDGER, name, "contact", full_name=f"{name} Smith", account="CLIENT1")
    here.sync()
    here.wait(minutes=2)
    gone = here.id_of(CRM, "Ada", "contact")
    here.delete(LEDGER, "Ada", "contact")
    here.days(6)
    assert (status(here, "Ada", "contact"), here.deletions()) == (MARKED, [])
    here.days(3)
    assert here.deletions() == [gone] and len(here.native(CRM, "contact")) == 3


def test_without_a_second_sweep_nothing_is_deleted() -> None:
    """Polls alone, however long, and notices of the record itself."""
    here = lost()
    for _ in range(30):
        here.sync(minutes=24 * 60)
        here.hear(LEDGER, "CLIENT1")
        here.hear(CRM, here.id_of(CRM, "CLIENT1"))
    assert here.deletions() == [] and status(here) == MARKED
    here.says("skipped", "with the next daily sweep", "cannot be undone", rule="deletes")
    here.days(1)
    assert len(here.deletions()) == 1


def test_a_sweep_that_cannot_read_the_list_confirms_nothing() -> None:
    here = lost()
    here.days(6)
    keep = dict(here.native(LEDGER))
    here.native(LEDGER).clear()
    here.days(3)
    assert here.deletions() == []
    here.native(LEDGER).update(keep)
    here.days(1)
    assert len(here.deletions()) == 1


def test_rules_that_delete_begin_with_a_new_week_for_what_was_marked_before() -> None:
    here = lost(rules="")
    here.days(20)
    here.rig.flow = sales_flow(DELETE)
    here.days(1)
    assert here.deletions() == []
    here.days(8)
    assert len(here.deletions()) <= 1


# ---------------------------------------------------------------- an edit beats a deletion


@pytest.mark.parametrize(
    "edit",
    [
        lambda here: here.edit(CRM, "CLIENT1", kind="Client"),
        lambda here: here.edit(CRM, "CLIENT1", phone="0113 496 0000"),
        lambda here: here.edit(CRM, "CLIENT1", billing_town="Leeds"),
    ],
    ids=["taken back into use", "its phone", "its town"],
)
def test_what_somebody_edited_in_the_crm_is_held_and_never_deleted(edit: Callable[[Clients], None]) -> None:
    here = lost()
    here.days(5)
    edit(here)
    here.days(20)
    assert here.deletions() == []
    here.says("held", "was changed in Sage Sales Management", "since both agreed", rule="deletes")


# ---------------------------------------------------------------- it comes back


def test_a_customer_that_comes_back_within_the_week_is_in_use_again() -> None:
    here = lost()
    kept = here.id_of(CRM, "CLIENT1")
    here.days(5)
    here.client("CLIENT1")
    here.days(10)
    assert (status(here), here.deletions(), here.id_of(CRM, "CLIENT1")) == ("Client", [], kept)


def test_a_customer_that_goes_again_has_a_week_of_its_own() -> None:
    here = lost()
    here.days(5)
    here.client("CLIENT1")
    here.days(1)
    here.delete(LEDGER, "CLIENT1")
    here.days(6)
    assert here.deletions() == []
    here.days(3)
    assert len(here.deletions()) == 1


@pytest.mark.parametrize("origin", [LEDGER, CRM], ids=["made in Sage", "made in the CRM"])
def test_a_customer_that_comes_back_later_is_made_anew_under_its_reference(origin: str) -> None:
    here = Clients.in_both(6, DELETE)
    if origin == CRM:
        here.enter(CRM, "new", name="Brand New Ltd", kind="Client", reference="BRAND1")
        here.sync()
        here.wait(minutes=5)
    mine = "BRAND1" if origin == CRM else "CLIENT1"
    record = here.id_of(LEDGER, "new") if origin == CRM else "CLIENT1"
    old = here.id_of(CRM, record)
    before = dict(here.native(LEDGER)[record])
    here.delete(LEDGER, record)
    here.days(10)
    assert here.deletions() == [old]
    here.rig.systems[LEDGER].put(here.rig.flow.entities["account"].maps[LEDGER].spec.object, record, before)
    here.sync()
    here.wait(minutes=5)
    new = here.id_of(CRM, record)
    assert new != old and here.shows(CRM, new)["reference"] == mine
    assert {CRM: new, LEDGER: record} in here.linked() and len(here.linked()) == len(here.native(LEDGER))
    here.says("created", "made anew", "deleted for good on", "under the same reference", of=record)
    writes = len(here.rig.systems[CRM].writes)
    here.days(10)
    assert len(here.rig.systems[CRM].writes) == writes


def test_what_people_delete_in_the_crm_is_never_made_anew_nor_deleted_in_sage() -> None:
    here = Clients.in_both(6, DELETE)
    here.delete(CRM, here.id_of(CRM, "CLIENT1"))
    here.days(10)
    here.edit(LEDGER, "CLIENT1", phone="0113 496 0000")
    here.days(2)
    assert len(here.native(LEDGER)) == 6 and len(here.native(CRM)) == 5
    assert here.deletions() == []


# ---------------------------------------------------------------- the brake


def test_many_deletions_at_once_are_asked_about_and_none_is_marked_or_deleted() -> None:
    here = Clients.in_both(8, DELETE)
    for number in range(1, 5):
        here.delete(LEDGER, f"CLIENT{number}")
    here.days(20)
    assert here.deletions() == [] and here.asked(LEDGER).records


def test_many_that_a_person_called_gone_are_asked_about_once_more_before_they_are_deleted_for_good() -> None:
    here = Clients.in_both(8, DELETE)
    for number in range(1, 5):
        here.delete(LEDGER, f"CLIENT{number}")
    here.sync()
    here.rig.answer(gone=True)
    here.days(10)
    assert here.deletions() == []
    key, why = next(iter(here.rig.services().state.braked.items()))
    assert key == "account.sage_sales_management.final"
    assert "4 of 8 account records would be deleted for good in Sage Sales Management" in why
    here.rig.release(key)
    here.days(1)
    assert len(here.deletions()) == 4 and here.rig.services().state.braked == {}
    assert here.rig.services().state.released == ()


def test_while_a_question_is_open_about_the_list_nothing_is_deleted_for_good() -> None:
    here = lost(8)
    here.days(6)
    for number in range(2, 6):
        here.delete(LEDGER, f"CLIENT{number}")
    here.days(5)
    assert here.deletions() == []


# ---------------------------------------------------------------- crashes


@pytest.mark.parametrize("when", [f"{CRM}.delete", f"{CRM}.delete done"])
def test_a_worker_that_dies_at_the_deletion_leaves_it_to_the_next(when: str) -> None:
    here = lost()
    here.days(6)
    with here.at(when, Killed):
        here.days(2)
    here.days(2)
    assert len(here.deletions()) == 1
    here.says("updated", FOR_GOOD, rule="deletes")
    here.client("CLIENT1")
    here.days(2)
    assert here.shows(CRM, "CLIENT1")["reference"] == "CLIENT1"


# ---------------------------------------------------------------- what people are told


def test_the_preview_says_that_it_is_final() -> None:
    here = lost()
    assert any("will be deleted for good" in one.reason for one in forecasts(here))
    here.days(7)
    told = [one.reason for one in forecasts(here) if "deleted for good" in one.reason]
    assert told == [] or "cannot be undone" in told[0]


def test_an_undo_says_that_it_cannot_be_undone() -> None:
    here = lost()
    here.days(10)
    run = next(row.run_id for row in here.rows() if FOR_GOOD in row.outcome.reason)
    (undone,) = here.undo(run)
    assert (undone.kind, undone.system) == ("removed", CRM) and "cannot be undone" in undone.reason
    assert len(here.native(CRM)) == 5
