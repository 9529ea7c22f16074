"""The contract of `ports.System` catches what it is there for: each of its tests fails for a system that
breaks just that promise."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import SyncError
from shared.ports import Capabilities
from shared.systems._http import HttpClient
from shared.systems.memory import MemorySystem
from tests.contract import broken_connections as connections
from tests.contract import broken_memory as memory
from tests.contract import broken_memory_lists as lists
from tests.contract.memory_bench import FACTS, MemoryBench
from tests.contract.sage_accounting_system_bench import SageAccountingBench
from tests.contract.system_bench import HttpBench, SystemBench
from tests.contract.system_contract import SystemContract
from tests.contract.test_system_memory import KINDS
from tests.contract.vtiger_system_bench import VtigerBench

AS_IT_IS = "as it is"
MEMORY: list[tuple[type[MemorySystem], str, str]] = [
    (memory.LeavesAnIdOut, AS_IT_IS, "read_answers_every_id_and_no_other"),
    (memory.AnswersMore, AS_IT_IS, "read_answers_every_id_and_no_other"),
    (memory.ReadsOnePage, AS_IT_IS, "more_records_than_one_call_takes_are_all_read"),
    (memory.CallsAnOutageGone, AS_IT_IS, "what_an_outage_hides_is_not_gone"),
    (memory.CallsTheForbiddenGone, AS_IT_IS, "a_denied_right_is_not_gone"),
    (memory.FindsTheFirst, AS_IT_IS, "find_answers_every_hit_of_every_value"),
    (memory.FindsOnePage, AS_IT_IS, "find_answers_every_hit_of_every_value"),
    (memory.FindsOnlyWhatIsThere, AS_IT_IS, "find_answers_every_hit_of_every_value"),
    (memory.FindsTheFirstValues, AS_IT_IS, "more_values_than_one_call_takes_are_all_found"),
    (memory.FindsWithWildcards, AS_IT_IS, "what_is_searched_for_is_taken_as_it_is"),
    (memory.FindsTheDeleted, AS_IT_IS, "the_deleted_are_not_found"),
    (memory.FindsNothingInAnOutage, AS_IT_IS, "a_search_that_failed_does_not_say_that_there_is_nothing"),
    (memory.NamesNoRecord, AS_IT_IS, "a_create_says_which_record_it_made"),
    (memory.MakesOneOfTwoKeys, "one record for one key", "two_keys_are_two_records"),
    (
        memory.MakesTwoOfOneKey,
        "one record for one key",
        "one_key_twice_is_one_record_or_can_be_told_from_the_vendor",
    ),
    (memory.ForgetsTheKey, AS_IT_IS, "one_key_twice_is_one_record_or_can_be_told_from_the_vendor"),
    (memory.TracesTheFirst, "traces", "one_key_twice_is_one_record_or_can_be_told_from_the_vendor"),
    (memory.ForgetsTheKey, AS_IT_IS, "a_key_that_can_be_searched_leads_to_its_record"),
    (memory.WritesTheWholeRecord, AS_IT_IS, "an_update_touches_the_fields_of_its_patch_alone"),
    (memory.StopsAtARefusal, AS_IT_IS, "a_refused_patch_stops_none_and_each_has_its_own_answer"),
    (memory.WritesTheWholeRecord, AS_IT_IS, "a_refused_patch_stops_none_and_each_has_its_own_answer"),
    (memory.AnswersInItsOwnOrder, AS_IT_IS, "a_refused_patch_stops_none_and_each_has_its_own_answer"),
    (memory.WritesOnePage, AS_IT_IS, "more_patches_than_one_call_takes_are_answered_in_order"),
    (memory.WritesEachRecordOnce, AS_IT_IS, "two_patches_of_one_record_are_written_one_after_the_other"),
    (
        memory.IgnoresVersions,
        AS_IT_IS,
        "a_patch_of_a_reading_that_is_out_of_date_is_refused_where_writes_are_guarded",
    ),
    (lists.NeverEnds, AS_IT_IS, "a_list_names_each_record_and_says_where_it_ends"),
    (lists.SaysNothingOfNothing, AS_IT_IS, "an_empty_list_has_an_end_too"),
    (lists.TellsOnce, AS_IT_IS, "the_same_cursor_gives_the_same_again"),
    (lists.ByTime, AS_IT_IS, "a_list_names_each_record_and_says_where_it_ends"),
    (lists.ByTime, AS_IT_IS, "a_list_goes_on_after_any_page"),
    (lists.ByTime, AS_IT_IS, "what_is_saved_in_the_second_that_was_read_last_comes_next_time"),
    (lists.ByOffset, AS_IT_IS, "records_that_move_under_the_reader_are_not_lost"),
    (lists.EndsInAnOutage, AS_IT_IS, "a_list_that_breaks_off_goes_on_where_it_was"),
    (lists.HidesDeletions, "tells of deletions", "deletions_come_with_the_list_where_the_vendor_tells"),
    (
        lists.CallsTheLivingDeleted,
        "tells of deletions",
        "deletions_come_with_the_list_where_the_vendor_tells",
    ),
    (lists.CallsALimitAnOutage, AS_IT_IS, "a_429_is_a_rate_limit_with_its_wait"),
    (lists.ForgetsTheWait, AS_IT_IS, "a_429_is_a_rate_limit_with_its_wait"),
    (lists.CallsEveryOutageUnknown, AS_IT_IS, "a_vendor_that_nobody_reaches_executed_nothing"),
    (lists.CallsEveryOutageUnknown, AS_IT_IS, "a_worker_without_time_sends_nothing"),
    (lists.CallsTheUnknownUnsent, AS_IT_IS, "a_create_whose_answer_is_lost_is_unknown_and_can_be_looked_for"),
    (memory.ForgetsTheKey, AS_IT_IS, "a_create_whose_answer_is_lost_is_unknown_and_can_be_looked_for"),
    (lists.CallsTheUnknownUnsent, AS_IT_IS, "a_create_that_did_not_happen_is_unknown_too"),
    (lists.CallsTheUnknownUnsent, AS_IT_IS, "a_create_that_takes_too_long_is_unknown"),
    (lists.CallsTheUnknownRefused, AS_IT_IS, "an_update_without_an_answer_is_never_called_refused"),
    (lists.CallsTheUnknownWritten, AS_IT_IS, "an_update_without_an_answer_is_never_called_refused"),
    (lists.LeavesTheLimitedOut, AS_IT_IS, "a_limit_in_the_middle_leaves_each_patch_with_an_answer"),
]
SPOILT: list[tuple[type[connections.Spoilt], str]] = [
    (connections.CallsAnErrorGone, "an_odd_answer_is_not_gone"),
    (connections.FindsNothingInAnError, "an_odd_answer_to_a_search_does_not_say_that_there_is_nothing"),
    (connections.EndsInAnError, "an_odd_answer_is_not_the_end_of_a_list"),
    (connections.IsNeverContent, "a_good_connection_has_nothing_wrong"),
    (connections.IsAlwaysContent, "check_tells_of_an_outage_and_raises_nothing"),
    (connections.IsAlwaysContent, "new_credentials_are_proved"),
    (connections.KeepsTheFirstSignIn, "what_is_kept_of_one_user_serves_no_other"),
    (connections.CallsAWrongSecretAnOutage, "a_wrong_secret_is_bad_credentials"),
]
EDGES: list[tuple[type[HttpClient], str]] = [
    (connections.FollowsRedirections, "a_redirection_is_never_followed"),
    (connections.TellsTheArchive, "no_secret_reaches_the_archive"),
    (connections.Rumour, "what_one_host_gave_goes_to_no_other"),
    (connections.FollowsAddresses, "a_next_page_on_another_host_is_never_asked_for"),
]
OPTIONS = "an_option_that_makes_no_sense_is_refused_with_a_sentence"


def keeps(bench: Callable[[], SystemBench], promise: str) -> bool:
    """Whether the contract's test of that name is content, with every one of its parameters."""
    test = getattr(SystemContract(), f"test_{promise}")
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    cases = [{mark.args[0]: value} for mark in marks for value in mark.args[1]] or [{}]
    try:
        for case in cases:
            test(bench=bench(), **case)
    except (AssertionError, SyncError, pytest.fail.Exception):
        return False
    return True


@pytest.mark.parametrize(("kind", "vendor", "promise"), MEMORY)
def test_a_memory_system_that_breaks_a_promise_is_caught(
    kind: type[MemorySystem], vendor: str, promise: str
) -> None:
    def bench(of: type[MemorySystem]) -> Callable[[], SystemBench]:
        able: Capabilities | None = KINDS[vendor]
        facts = replace(FACTS, deletions_after=0.0 if able and able.deletes else None)
        return lambda: MemoryBench(kind=of, capabilities=able, facts=facts)

    assert keeps(bench(MemorySystem), promise)
    assert not keeps(bench(kind), promise)


@pytest.fixture(scope="module")
def vtiger() -> Iterator[VtigerBench]:
    with VtigerBench("8.4.0", "webservice") as bench:
        yield bench


@pytest.mark.parametrize(("kind", "promise"), SPOILT)
def test_a_connector_that_breaks_a_promise_is_caught(
    vtiger: VtigerBench, kind: type[connections.Spoilt], promise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = vtiger.system
    assert keeps(vtiger.reset, promise)
    monkeypatch.setattr(vtiger, "system", lambda **connecting: kind(sound(**connecting)))
    assert not keeps(vtiger.reset, promise)


@pytest.mark.parametrize(("kind", "promise"), EDGES)
def test_an_edge_that_breaks_a_promise_is_caught(
    vtiger: VtigerBench, kind: type[HttpClient], promise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind is connections.FollowsAddresses:
        with SageAccountingBench() as sage:
            _caught_at_the_edge(sage, kind, promise, monkeypatch)
    else:
        _caught_at_the_edge(vtiger, kind, promise, monkeypatch)


def _caught_at_the_edge(
    bench: HttpBench, kind: type[HttpClient], promise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeps(bench.reset, promise)
    monkeypatch.setattr(bench, "client", kind)
    assert not keeps(bench.reset, promise)


def test_options_that_are_not_looked_at_are_caught(
    vtiger: VtigerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = vtiger.system
    known = ("owner", "url", "secret", "timeout", "left")

    def deaf(**connecting: Any) -> Any:
        return sound(**{name: value for name, value in connecting.items() if name in known})

    assert keeps(vtiger.reset, OPTIONS)
    monkeypatch.setattr(vtiger, "system", deaf)
    assert not keeps(vtiger.reset, OPTIONS)


def test_each_promise_has_a_system_that_breaks_it() -> None:
    promises = {
        name.removeprefix("test_")
        for name, _ in inspect.getmembers(SystemContract)
        if name.startswith("test_")
    }
    caught = {row[-1] for row in (*MEMORY, *SPOILT, *EDGES)} | {OPTIONS}
    assert promises == caught
