"""Stories check Tieout; this checks the stories: under an engine with one thing wrong, the story about that
very thing fails, and for that reason."""

from collections.abc import Callable

import pytest

from tests.properties.broken import BROKEN
from tests.stories import (
    test_deletions,
    test_edits,
    test_first_meeting,
    test_guards,
    test_lines,
    test_lost_answers,
    test_orders,
    test_references,
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
        test_guards.test_more_deletions_than_anybody_expects_stop_the_poll_and_ask,
        "skipped",
    ),
}


@pytest.mark.parametrize("name", CAUGHT)
def test_a_story_fails_under_an_engine_that_breaks_its_promise(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, why = CAUGHT[name]
    for module, step, replacement in BROKEN[name].swaps:
        monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()
