"""Lists of changes: repeatable, and losing nothing whatever happens while they are read."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from shared.errors import SyncError
from shared.ports import Gone, Page, Snapshot, System
from tests.contract.contract_reads import BROKEN, outage
from tests.contract.doors import ODD_ANSWERS
from tests.contract.system_bench import SystemBench

Cursor = Mapping[str, Any] | None


class ChangesContract:
    def test_a_list_names_each_record_and_says_where_it_ends(self, bench: SystemBench) -> None:
        ids = bench.make_named([f"Record {number:02}" for number in range(11)])
        pages = list(bench.system().changes(bench.facts.spec, None, 4))
        assert sorted(told(pages)) == sorted(ids)
        assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
        assert len(pages) > 1
        whole = [one for page in pages for one in page.records if isinstance(one, Snapshot)]
        assert all(one.version for one in whole)

    def test_an_empty_list_has_an_end_too(self, bench: SystemBench) -> None:
        pages = list(bench.system().changes(bench.facts.spec, None))
        assert [(page.records, page.last) for page in pages] == [((), True)]
        (one,) = bench.make_named(["First of all"])
        assert one in told(bench.system().changes(bench.facts.spec, pages[0].cursor))

    def test_the_same_cursor_gives_the_same_again(self, bench: SystemBench) -> None:
        spec, ids = bench.facts.spec, bench.make_named([f"Record {number:02}" for number in range(9)])
        first = list(bench.system().changes(spec, None, 4))
        bench.pass_time(60)
        bench.edit(ids[4], **{bench.facts.note: "changed"})
        for cursor in (None, *(page.cursor for page in first)):
            kept = dict(cursor) if cursor is not None else None
            once = list(bench.system().changes(spec, cursor, 4))
            again = list(bench.system(owner="another").changes(spec, cursor, 4))
            assert cursor == kept, "a cursor is the caller's"
            assert shown(once) == shown(again)
        assert ids[4] in told(once), "told from the end of a list on"

    def test_a_list_goes_on_after_any_page(self, bench: SystemBench) -> None:
        """All records were saved in the same second."""
        spec, ids = bench.facts.spec, bench.make_named([f"Tie {number:02}" for number in range(23)])
        before: set[str] = set()
        pages = list(bench.system().changes(spec, None, 5))
        for page in pages[:-1]:
            before |= set(told([page]))
            assert before | set(told(bench.system().changes(spec, page.cursor, 5))) == set(ids)

    def test_what_is_saved_in_the_second_that_was_read_last_comes_next_time(self, bench: SystemBench) -> None:
        spec = bench.facts.spec
        bench.make_named([f"Tie {number:02}" for number in range(7)])
        cursor = list(bench.system().changes(spec, None, 3))[-1].cursor
        (late,) = bench.make_named(["Same second"])
        assert late in told(bench.system().changes(spec, cursor, 3))

    def test_records_that_move_under_the_reader_are_not_lost(self, bench: SystemBench) -> None:
        """People change what was read and what was not, and delete, between two pages."""
        spec, note = bench.facts.spec, bench.facts.note
        ids = bench.make_named([f"Moving {number:02}" for number in range(24)])
        met, seen, edited, cursor = set[str](), dict[str, Any](), dict[str, str](), None
        deleted: set[str] = set()
        for number, page in enumerate(bench.system().changes(spec, None, 4)):
            met |= set(told([page]))
            seen |= {one.id: one.values[note] for one in page.records if isinstance(one, Snapshot)}
            cursor = page.cursor
            bench.pass_time(10)
            read = [one for one in ids if one in met and one not in deleted]
            unread = [one for one in ids if one not in met and one not in deleted]
            if number == 1:
                deleted = {read.pop(), unread.pop(0)}
                for one in deleted:
                    bench.delete(one)
            fresh = next(one for one in read if one not in edited)  # vendors give ids in any order
            for one in [fresh, unread[-1]] if unread and number < 4 else []:
                edited[one] = f"page {number}"
                bench.edit(one, **{note: edited[one]})
        assert met >= set(ids) - deleted, "each was there all the time"
        again = told(bench.system().changes(spec, cursor, 4))
        missed = {one for one, text in edited.items() if seen[one] != text and one not in again} - deleted
        assert len(edited) > 4 and not missed, "a change that was not seen comes next time"

    @pytest.mark.parametrize("kind", BROKEN)
    def test_a_list_that_breaks_off_goes_on_where_it_was(self, bench: SystemBench, kind: str) -> None:
        spec, ids = bench.facts.spec, bench.make_named([f"Record {number:02}" for number in range(14)])
        system = bench.warm()
        bench.fault(kind)
        with pytest.raises(outage(kind)):
            list(system.changes(spec, None, 4))
        for skip in range(3):
            bench.mend()
            system = bench.warm()
            bench.fault(kind, skip=skip)
            met, cursor, ended = read_on(system.changes(spec, None, 4), None)
            bench.mend()
            assert not ended or met == set(ids), f"taken for the end: call {skip + 1}"
            if not ended:
                met |= set(told(bench.system().changes(spec, cursor, 4)))
            assert met == set(ids)

    def test_an_odd_answer_is_not_the_end_of_a_list(self, bench: SystemBench) -> None:
        door = bench.door or pytest.skip("nothing goes over HTTP")
        spec, ids = bench.facts.spec, bench.make_named([f"Record {number:02}" for number in range(7)])
        system = bench.warm()
        for odd in ODD_ANSWERS:
            for skip in (0, 1):
                door.answer(odd, skip)
                met, _, ended = read_on(system.changes(spec, None, 4), None)
                assert not ended or met == set(ids), f"{odd} in call {skip + 1}"

    def test_deletions_come_with_the_list_where_the_vendor_tells(self, bench: SystemBench) -> None:
        facts = bench.facts
        able = bench.system().capabilities.deletes
        kept, lost = bench.make_named(["Kept", "Lost"])
        cursor: Cursor = end_of(bench.system(), bench, None)
        bench.pass_time(10)
        cursor = end_of(bench.system(), bench, cursor)
        bench.delete(lost)
        bench.pass_time(facts.deletions_after or 10)
        pages = list(bench.system().changes(facts.spec, cursor))
        gone = {one.id for page in pages for one in page.records if isinstance(one, Gone)}
        assert gone == ({lost} if able and facts.deletions_after is not None else set())
        assert kept in bench.records()


def told(pages: Iterator[Page] | list[Page]) -> list[str]:
    """The ids that a list names as living, in its order."""
    return [one.id for page in pages for one in page.records if not isinstance(one, Gone)]


def shown(pages: list[Page]) -> list[Any]:
    return [[(type(one), one.id, getattr(one, "version", None)) for one in page.records] for page in pages]


def end_of(system: System, bench: SystemBench, cursor: Cursor) -> Cursor:
    return list(system.changes(bench.facts.spec, cursor))[-1].cursor


def read_on(pages: Iterator[Page], cursor: Cursor) -> tuple[set[str], Cursor, bool]:
    """What was named until the list ended or failed, where to go on, and whether it ended."""
    met: set[str] = set()
    try:
        for page in pages:
            met |= set(told([page]))
            cursor = page.cursor
            if page.last:
                return met, cursor, True
    except SyncError:
        pass
    return met, cursor, False
