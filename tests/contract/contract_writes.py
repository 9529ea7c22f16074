"""Creates and updates: one record for one key, an answer for each patch, and nothing else touched."""

from datetime import datetime
from uuid import uuid4

import pytest

from shared.errors import RecordRejected, StaleVersion, SyncError
from shared.ports import Patch, Snapshot
from tests.contract.system_bench import SystemBench, snap


class WriteContract:
    def test_a_create_says_which_record_it_made(self, bench: SystemBench) -> None:
        facts, name = bench.facts, "Ünï & O'Neil 100%"
        made = bench.system().create(facts.spec, bench.values(name), key())
        assert bench.records().keys() == {made.id}
        read = snap(bench.system().read(facts.spec, [made.id])[made.id])
        assert read.id == made.id and read.values[facts.name] == name

    def test_two_keys_are_two_records(self, bench: SystemBench) -> None:
        system, spec = bench.system(), bench.facts.spec
        made = [system.create(spec, bench.values("Same name"), key()).id for _ in range(2)]
        assert bench.records().keys() == set(made) and made[0] != made[1]

    def test_one_key_twice_is_one_record_or_can_be_told_from_the_vendor(self, bench: SystemBench) -> None:
        """Some vendors keep a key and make one record; of the others it must be possible to learn that there
        are two."""
        spec, one_key, values = bench.facts.spec, key(), bench.values("Twice")
        able, since = bench.system().capabilities, self._now(bench)
        bench.make_named(["Other"])
        first = bench.system().create(spec, values, one_key)
        second = bench.system(owner="another").create(spec, values, one_key)
        made = {first.id, second.id}
        assert bench.named("Twice") == made
        if able.idempotent_create:
            assert len(made) == 1
        elif able.key_search:
            assert len(made) == 2 and spec.key_path
            found = bench.system().find(spec, spec.key_path, [one_key, key()])
            assert {one.id for one in found[one_key]} == made and [len(one) for one in found.values()] == [
                2,
                0,
            ]
        else:
            assert able.traces and len(made) == 2, "a lost create could never be looked for"
            assert {one.id for one in bench.system().trace(spec, values, since).made} == made

    def test_a_key_that_can_be_searched_leads_to_its_record(self, bench: SystemBench) -> None:
        spec = bench.facts.spec
        if not bench.system().capabilities.key_search:
            pytest.skip("the vendor keeps no key")
        keys = [key() for _ in range(3)]
        made = [bench.system().create(spec, bench.values(f"Record {one}"), one).id for one in keys]
        assert spec.key_path
        found = bench.system().find(spec, spec.key_path, keys)
        assert [[one.id for one in found[name]] for name in keys] == [[one] for one in made]

    # updates

    def test_an_update_touches_the_fields_of_its_patch_alone(self, bench: SystemBench) -> None:
        facts = bench.facts
        ids = bench.make([{facts.name: f"Record {number}", facts.note: "before"} for number in range(3)])
        before = {one: bench.record(one) for one in ids}
        bench.pass_time(10)
        answers = bench.system().update(
            facts.spec, [bench.patch(ids[2], "O'Neil 100%"), bench.patch(ids[0], "")]
        )
        assert [snap(one).id for one in answers] == [ids[2], ids[0]]
        after = {one: bench.record(one) for one in ids}
        assert after[ids[2]] == {**before[ids[2]], facts.note: "O'Neil 100%"}
        assert after[ids[0]] == {**before[ids[0]], facts.note: after[ids[0]][facts.note]}
        assert after[ids[0]][facts.note] in ("", None)
        assert after[ids[1]] == before[ids[1]]

    def test_a_refused_patch_stops_none_and_each_has_its_own_answer(self, bench: SystemBench) -> None:
        facts = bench.facts
        first, second, third, gone = bench.make_named(["First", "Second", "Third", "Gone"])
        bench.delete(gone)
        before = {one: bench.record(one) for one in (first, third)}
        refused = Patch(second, facts.refused, key=key()) if facts.refused else bench.patch(gone, "x")
        answers = bench.system().update(
            facts.spec,
            [
                bench.patch(first, "1"),
                refused,
                bench.patch(facts.unknown, "x"),
                bench.patch(gone, "x"),
                bench.patch(third, "3"),
            ],
        )
        assert [type(one) for one in answers] == [Snapshot, *[RecordRejected] * 3, Snapshot]
        assert [snap(answers[0]).id, snap(answers[4]).id] == [first, third]
        for one, note in ((first, "1"), (third, "3")):
            assert bench.record(one) == {**before[one], facts.note: note}
        assert gone not in bench.records() and facts.unknown not in bench.records()

    def test_more_patches_than_one_call_takes_are_answered_in_order(self, bench: SystemBench) -> None:
        facts = bench.facts
        ids = bench.make_named([f"Record {number:03}" for number in range(60)])
        patches = [bench.patch(one, f"Note {number}") for number, one in enumerate(ids)]
        patches[30] = bench.patch(facts.unknown, "x")
        answers = bench.system().update(facts.spec, patches)
        assert isinstance(answers[30], RecordRejected)
        rest = [(one, answer) for number, (one, answer) in enumerate(zip(ids, answers, strict=True))]
        assert all(snap(answer).id == one for one, answer in rest if one != ids[30])
        kept = bench.records()
        assert all(
            kept[one][facts.note] == f"Note {number}" for number, one in enumerate(ids) if number != 30
        )
        assert bench.system().update(facts.spec, []) == []

    def test_two_patches_of_one_record_are_written_one_after_the_other(self, bench: SystemBench) -> None:
        one, other = bench.make_named(["One", "Other"])
        patches = [bench.patch(one, "1"), bench.patch(other, "2"), bench.patch(one, "3")]
        answers = bench.system().update(bench.facts.spec, patches)
        assert [snap(answer).id for answer in answers] == [one, other, one]
        assert bench.records()[one][bench.facts.note] == "3"

    def test_a_patch_of_a_reading_that_is_out_of_date_is_refused_where_writes_are_guarded(
        self, bench: SystemBench
    ) -> None:
        facts, system = bench.facts, bench.system()
        one, other = bench.make_named(["One", "Other"])
        old = {record: snap(found) for record, found in system.read(facts.spec, [one, other]).items()}
        bench.pass_time(10)
        bench.edit(one, **{facts.note: "theirs"})
        answers = bench.system().update(
            facts.spec,
            [
                bench.patch(one, "ours", version=old[one].version),
                bench.patch(other, "ours", version=old[other].version),
            ],
        )
        assert snap(answers[1]).id == other and bench.records()[other][facts.note] == "ours"
        if not facts.guarded:
            assert isinstance(answers[0], Snapshot) and bench.records()[one][facts.note] == "ours", (
                "written, never dropped without a word"
            )
            return
        assert isinstance(answers[0], StaleVersion) and bench.records()[one][facts.note] == "theirs"
        now = snap(system.read(facts.spec, [one])[one])
        again = bench.system().update(facts.spec, [bench.patch(one, "ours", version=now.version)])
        assert not isinstance(again[0], SyncError) and bench.records()[one][facts.note] == "ours"

    @staticmethod
    def _now(bench: SystemBench) -> datetime:
        """The moment by a connector's clock: that of a reading which begins now."""
        (one,) = bench.make_named(["Clock"])
        return snap(bench.system().read(bench.facts.spec, [one])[one]).observed_at


def key() -> str:
    return f"T{uuid4().hex[:20]}"
