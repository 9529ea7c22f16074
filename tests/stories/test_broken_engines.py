"""Stories check Tieout; this checks the stories: under an engine with one thing wrong, the story about that
very thing fails, and for that reason."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shared.mapping import pricing, tax_periods
from shared.settings import IntegrationState
from shared.stores.forms import kept_state
from shared.stores.memory.services import MemoryIntegrationStore
from shared.sync import merge
from shared.sync.engine import exposure, line_tax, lookup
from shared.sync.engine.steps import already, create_many, decide, number
from shared.sync.engine.steps.look_again import LookAgain
from shared.sync.engine.who import Who
from shared.sync.matching import people, ranking, strong_keys, verdict
from tests.properties.broken import BROKEN, Broken, Swap
from tests.stories import (
    test_bulk_creates,
    test_copied_numbers,
    test_customer_facts,
    test_deletions,
    test_edits,
    test_first_meeting,
    test_guards,
    test_lines,
    test_lost_answers,
    test_missing,
    test_orders,
    test_references,
    test_second_look,
    test_vanished_tax,
    test_vat,
    test_vat_invoices,
    test_watched_orders,
    test_who_is_who,
    test_within_credit,
)

Story = Callable[[], None]
CAUGHT: dict[str, tuple[Story, str]] = {
    "reads only the notified side": (
        test_edits.test_both_sides_edit_one_field_and_the_preferred_side_wins,
        "'333'",
    ),
    "compares with base instead of seen": (
        test_edits.test_a_copy_that_did_not_get_an_edit_yet_is_no_edit_itself,
        "'phone': '111'",
    ),
    "keeps no losing values": (
        test_edits.test_both_sides_edit_one_field_and_the_preferred_side_wins,
        "'phone', '222'",
    ),
    "does not mark losers behind": (
        test_edits.test_a_field_edited_on_the_wrong_side_is_put_back_and_the_edit_is_in_the_log,
        "'222' == '111'",
    ),
    "changes an order that was made": (
        test_orders.test_an_opportunity_changed_after_its_order_is_drift,
        "250.00",
    ),
    "creates without key and without looking": (
        test_lost_answers.test_the_answer_is_lost_and_the_order_is_found_by_our_key,
        "'102'",
    ),
    "trusts a miss before settle": (
        test_lost_answers.test_the_vendor_commits_late_so_a_miss_right_after_proves_nothing,
        "'10[12]'",
    ),
    "drops the intent when put off": (
        test_lost_answers.test_the_answer_is_lost_and_the_order_is_found_by_our_key,
        "'102'",
    ),
    "looks for no traces": (
        test_lost_answers.test_a_vendor_without_our_key_is_asked_what_was_made_since,
        "contains one more item",
    ),
    "keeps no note of creates under way": (
        test_first_meeting.test_the_vendor_tells_of_the_record_that_we_are_just_making,
        "vtiger-1",
    ),
    "never looks at a twin again": (
        test_first_meeting.test_two_records_of_one_name_are_held_until_a_person_renames_one,
        "'smith'",
    ),
    "joins a link that is whole": (
        test_first_meeting.test_the_same_customer_entered_twice_is_not_made_twice,
        "kind='updated'",
    ),
    "wakes nobody": (
        test_references.test_a_person_waits_while_its_organisation_is_held_and_goes_once_that_is_settled,
        "'S1'",
    ),
    "makes again what was deleted": (
        test_deletions.test_deleted_here_and_a_person_decides_what_becomes_of_it_there,
        "kind='unchanged'",
    ),
    "puts out of use what was edited": (
        test_deletions.test_deleted_here_and_edited_there_and_the_edit_wins,
        "False",
    ),
    "undoes over a later edit": (test_guards.test_an_undo_respects_what_was_edited_since, "restored"),
    "aligns lines by position": (
        test_lines.test_a_line_that_is_split_is_coded_as_it_was_in_both_parts,
        "4900",
    ),
    "writes lines anew": (
        test_lines.test_a3_exempt_and_no_tax_sold_at_zero_stay_so_on_an_edit,
        "GB_EXEMPT",
    ),
    "guesses between lines": (
        test_lines.test_one_of_two_equal_lines_of_two_codings_is_deleted_and_a_person_says_which,
        "kind='updated'",
    ),
    "does not brake": (
        test_guards.test_more_changes_than_the_user_allows_stop_the_poll_and_ask,
        "updated",
    ),
    "believes whatever is not found": (
        test_missing.test_c4_every_list_is_empty_and_no_record_is_found,
        "False",
    ),
    "counts what the lists tell alone": (
        test_missing.test_records_that_are_not_found_while_others_are_worked_on_count_too,
        "out of use",
    ),
    "forgets what it put out of use": (
        test_missing.test_c4_and_what_was_deleted_comes_back_into_use_when_it_is_restored,
        "False",
    ),
}

WHO: dict[str, tuple[Any, str, Callable[..., Any], Story, str]] = {
    "one VAT number is one company": (
        verdict,
        "_kind",
        lambda agree, *given: ("same" if agree["vat_number"] else "different", False),
        test_who_is_who.test_a1_two_companies_of_one_vat_group_are_never_one,
        "Acme",
    ),
    "a mailbox is its owner's, whoever else uses it": (
        people,
        "_perhaps_one",
        lambda *given: True,
        test_who_is_who.test_a5_two_people_with_one_mailbox_are_two_people,
        "Ann Other",
    ),
    "whatever many carry is a number": (
        strong_keys,
        "unrelated",
        lambda names: False,
        test_who_is_who.test_a1_a_number_that_many_unrelated_names_carry_is_no_number,
        "7",
    ),
    "holds before it takes the best": (
        ranking,
        "_rank",
        lambda verdict: (0,),
        test_who_is_who.test_two_of_one_name_are_told_apart_by_what_they_share,
        "leeds",
    ),
}


@pytest.mark.parametrize("name", WHO)
def test_a_story_of_who_is_who_fails_where_people_are_told_apart_wrongly(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    *swap, story, why = WHO[name]
    monkeypatch.setattr(*swap)
    with pytest.raises(AssertionError, match=why):
        story()


def _asks_before_the_lane(look: LookAgain, waiting: list[Any]) -> bool:
    """And takes others' having had it for nothing."""
    if look._reserved:
        return False
    look._reserved = True
    for job in waiting:
        job.again()
    look._anew(waiting)
    look._ask(waiting)
    look._reserve(waiting, 0)
    return False


WATCHING = {
    "orders what was read long ago": Broken("C1", ((LookAgain, "before", lambda self, waiting: None),)),
    "takes the customer as he was before it had the lane": Broken(
        "d", ((LookAgain, "_take_the_lane", _asks_before_the_lane),)
    ),
    "forgets at once what it was told of a customer": Broken(
        "d", ((lookup, "_remembered", lambda *given: {}),)
    ),
    "lets a look take as long as it takes": Broken("d", ((LookAgain, "_in_time", lambda self, job: True),)),
    "believes every number to be its own": Broken("A4", ((number, "_whose", lambda ctx, jobs: None),)),
    "writes a number back unseen": Broken("c", ((number, "_still_there", lambda ctx, jobs: None),)),
    "tells nothing of a made order": Broken("C2", ((already, "source_rows", lambda *given: []),)),
    "keeps mapped fields alone of what it told": Broken(
        "C3", ((already, "_as_read", lambda ctx, side, reading: side),)
    ),
    "tells nothing of the ledger": Broken("a", ((already, "target_rows", lambda *given: []),)),
}
"""Only orders are watched, so that only their stories catch these."""
CAUGHT |= {
    "orders what was read long ago": (
        test_second_look.test_c1_another_amount_while_it_waits_is_what_is_ordered_and_it_is_said,
        "'100.00' == '250.00'",
    ),
    "takes the customer as he was before it had the lane": (
        partial(test_customer_facts.test_d_a_customer_put_on_hold_while_others_had_the_lane, "poll"),
        "JONES001",
    ),
    "forgets at once what it was told of a customer": (
        partial(
            test_customer_facts.test_d_each_customer_of_a_batch_is_asked_about_once, "poll", "BOLT", True
        ),
        "2",
    ),
    "lets a look take as long as it takes": (
        partial(test_customer_facts.test_d_no_order_is_made_of_what_was_asked_too_long_ago, None, 3),
        "<= 10",
    ),
    "believes every number to be its own": (
        test_copied_numbers.test_a4_a_copy_with_its_originals_number_is_told_whose_number_it_is,
        "already holds",
    ),
    "writes a number back unseen": (
        test_watched_orders.test_a_number_is_not_written_back_for_an_order_that_is_gone,
        "'101'",
    ),
    "tells nothing of a made order": (
        test_watched_orders.test_c2_another_amount_after_the_order_is_told_without_a_hook_and_once,
        "unchanged",
    ),
    "keeps mapped fields alone of what it told": (
        test_watched_orders.test_c3_our_reference_changed_in_sage_is_told_once,
        "2 more items",
    ),
    "tells nothing of the ledger": (
        test_watched_orders.test_another_net_total_in_sage_is_told_once,
        "unchanged",
    ),
}


def _whole(
    store: MemoryIntegrationStore, name: str, before: IntegrationState, after: IntegrationState
) -> bool:
    store._states.put(kept_state(after), name)
    return True


_READY = Who.ready


def _records_only(who: Who, *, now: bool = False, records_only: bool = False) -> bool:
    return _READY(who, now=now, records_only=True)


ONLY_HERE: dict[str, tuple[Story, str, tuple[Swap, ...]]] = {
    "takes the first code of the rate": (
        test_vat_invoices.test_a3_exempt_and_no_vat_items_keep_their_codes_at_0_percent,
        "'GB_ZERO'",
        ((line_tax, "_candidates", lambda *given: iter(())),),
    ),
    "charges one code for all": (
        test_vat.test_a6_export_and_ec_customers_get_their_own_tax_code,
        "'20'",
        ((pricing, "ledgers_own", lambda *given: None),),
    ),
    "asks the item before the customer's tick": (
        test_vat.test_zero_rated_goods_stay_zero_rated_and_go_to_their_nominal,
        "'4002'",
        ((pricing, "ledgers_own", lambda name, line, customer, item: (item or customer).get(name)),),
    ),
    "takes the percentage of today": (
        test_vat_invoices.test_an_invoice_of_before_reads_as_it_was_after_the_change,
        "IE_FOOD 13.5 %",
        ((line_tax, "valid_on", lambda periods, day: tax_periods.valid_on(periods, None)),),
    ),
    "passes on a tax that vanished": (
        test_vanished_tax.test_what_else_was_edited_goes_and_the_tax_is_named_beside_it,
        "emptied|names no",
        ((merge, "_emptied", lambda *given: frozenset()),),
    ),
    "sends what is in doubt together again": (
        test_bulk_creates.spoils_a_call,
        "Cedar",
        ((create_many.Together, "_takes", lambda self, job: self._most(job) > 1),),
    ),
    "sends namesakes together": (
        test_bulk_creates.test_two_of_one_name_share_no_call,
        "LogRow",
        ((create_many, "_signs", lambda job: set()),),
    ),
    "counts only the orders that the ledger lists": (
        test_within_credit.test_within_credit_fifty_orders_of_one_customer_in_one_batch,
        "50 == 5",
        ((exposure.Exposure, "begin", lambda self, key, worth: None),),
    ),
    "counts what is invoiced twice": (
        test_within_credit.test_within_credit_an_order_that_is_invoiced_or_cancelled_leaves_the_sum,
        "2 == 3",
        ((exposure, "_done", lambda closed, row: False),),
    ),
    "sends what is owed along with what puts out of use": (
        test_deletions.test_deleted_here_while_its_last_edit_is_refused_there_and_put_out_of_use_all_the_same,
        "kind='held'",
        ((decide, "_written_to", lambda job: list(job.flow.maps)),),
    ),
    "decides who is who by what came in alone": (
        test_who_is_who.test_a_customer_deleted_since_the_last_full_look_is_nobodys_counterpart,
        "S1",
        ((Who, "ready", _records_only),),
    ),
    "writes the state back as it read it": (
        test_guards.test_f8_previews_only_while_a_poll_reads_stays_so,
        "live again",
        ((MemoryIntegrationStore, "change_state", _whole),),
    ),
}
"""Engines that no invariant is about, with what is swapped in them."""


@pytest.mark.parametrize("name", ONLY_HERE)
def test_a_story_fails_under_what_breaks_its_promise_alone_under_an_engine_that_breaks_its_promise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, why, swaps = ONLY_HERE[name]
    for module, step, replacement in swaps:
        monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()


@pytest.mark.parametrize("name", CAUGHT)
def test_a_story_fails_under_an_engine_that_breaks_its_promise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, why = CAUGHT[name]
    for module, step, replacement in (BROKEN | WATCHING)[name].swaps:
        monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()
