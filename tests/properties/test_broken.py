"""Checks the checker: each broken engine fails a scenario made of the machines' own actions, which the real
engine passes."""

import pytest

from tests.properties import scenarios as told
from tests.properties import scenarios_lines as rows
from tests.properties import scenarios_links as linked
from tests.properties.broken import BROKEN
from tests.stories import test_payments as payments

SCENARIOS: dict[str, told.Scenario] = {
    "reads only the notified side": told.both_edit,
    "drops the version guard": told.edit_before_the_write,
    "creates without key and without looking": told.answer_lost,
    "trusts a miss before settle": told.late_commit,
    "compares with base instead of seen": told.stale_copy,
    "does not mark losers behind": told.edit_the_wrong_way,
    "drops the intent when put off": told.put_off_twice,
    "waits without a second look": told.customer_made_in_between,
    "changes an order that was made": told.later_edit,
    "keeps no losing values": told.both_edit,
    "keeps no note of creates under way": told.echo_of_a_changed_name,
    "puts out of use what was edited": told.edited_and_deleted,
    "puts out of use what was not delivered": told.edited_and_not_delivered,
    "makes again what was deleted": told.copy_deleted,
    "waits in name only": linked.child_first,
    "registers its wait after the look": linked.parent_in_between,
    "wakes nobody": linked.child_first,
    "never looks at a twin again": linked.twin_renamed,
    "calls a record by its old name": linked.renamed_after_a_deletion,
    "takes a record for its successor": linked.came_back,
    "forgets begun writes": told.message_lost,
    "takes a record from another link": linked.merged_before_known,
    "forgets late references": linked.a_circle,
    "undoes over a later edit": told.undone,
    "does not brake": told.mass_edit,
    "believes whatever is not found": told.mass_deletion,
    "counts what the lists tell alone": told.mass_deletion_unheard,
    "forgets what it put out of use": told.deleted_and_restored,
    "writes to what is released": told.released,
    "joins a link that is whole": linked.the_same_name_twice,
    "takes any answer for its own": told.first_answer_again,
    "makes again what somebody changed": told.traces_changed,
    "looks for no traces": told.nothing_but_traces,
    "does not wait for a record's origin": told.storage_lost,
    "forgets which value a write replaced": payments.test_a8_part_paid_paid_and_the_payments_deleted,
    "does not say how an invoice was settled": payments.test_c5_credited_and_no_cash,
    "aligns lines by position": rows.a_line_above,
    "writes lines anew": rows.a_line_above,
    "guesses between lines": rows.one_of_two_equal_lines_gone,
    "patches what is given once": told.handed_over_once,
}


def test_every_broken_engine_has_its_scenario() -> None:
    assert set(SCENARIOS) == set(BROKEN)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_real_engine_passes(name: str) -> None:
    SCENARIOS[name]()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, step, replacement in BROKEN[name].swaps:
        monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=BROKEN[name].why):
        SCENARIOS[name]()
