"""Reading and finding: what every connector promises of `read` and `find`."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shared.errors import Halt, RateLimited, Retry, SyncError, Unavailable
from shared.ports import Gone, Snapshot
from tests.contract.doors import ODD_ANSWERS
from tests.contract.system_bench import SystemBench, snap

BROKEN = ("500", "502", "html", "truncated_json", "lost_request", "lost_reply", "429", "503")
SEARCHED = (
    ("O'Neil & Sons", "ONeil & Sons"),
    ('The "Quoted" Ltd', "The Quoted Ltd"),
    ("Ünï Ångström", "Ünï Änderung"),
    ("100% Wool", "100 kg of Wool"),
    ("under_score", "underXscore"),
    ("Star*", "Starling"),
    ("Back\\slash", "Backslash"),
    ("Semi; colon, comma", "Semi"),
    ("(round) [square] {curly}", "round"),
    ("Dash -- and /* star */", "Dash"),
    ("plus + and = and #", "plus"),
)
"""A name, and one that only a search which takes a character for something else would find."""


class ReadContract:
    def test_read_answers_every_id_and_no_other(self, bench: SystemBench) -> None:
        facts = bench.facts
        live, lost, also = bench.make_named(["Live", "Lost", "Also"])
        bench.delete(lost)
        asked = [also, live, lost, facts.unknown, *facts.malformed, live]
        found = bench.system().read(facts.spec, asked)
        assert found.keys() == set(asked)
        assert {one for one in found if isinstance(found[one], Snapshot)} == {live, also}
        assert {one for one in found if isinstance(found[one], Gone)} == {
            lost,
            facts.unknown,
            *facts.malformed,
        }
        assert snap(found[live]).values[facts.name] == "Live" and snap(found[live]).id == live
        assert bench.system().read(facts.spec, []) == {}

    def test_more_records_than_one_call_takes_are_all_read(self, bench: SystemBench) -> None:
        names = [f"Record {number:03}" for number in range(120)]
        ids = bench.make_named(names)
        found = bench.system().read(bench.facts.spec, ids)
        assert [snap(found[one]).values[bench.facts.name] for one in ids] == names

    @pytest.mark.parametrize("kind", BROKEN)
    def test_what_an_outage_hides_is_not_gone(self, bench: SystemBench, kind: str) -> None:
        (live,) = bench.make_named(["Live"])
        system = bench.warm()
        bench.fault(kind)
        with pytest.raises(outage(kind)):
            system.read(bench.facts.spec, [live])
        for skip in (0, 1):
            bench.mend()
            bench.fault(kind, skip=skip)
            unless_met(bench, lambda: system.read(bench.facts.spec, [live, bench.facts.unknown]))
        bench.mend()
        assert isinstance(system.read(bench.facts.spec, [live])[live], Snapshot)

    def test_an_odd_answer_is_not_gone(self, bench: SystemBench) -> None:
        door = bench.door or pytest.skip("nothing goes over HTTP")
        (live,) = bench.make_named(["Live"])
        system, spec = bench.warm(), bench.facts.spec
        for odd in ODD_ANSWERS:
            for skip in (0, 1):
                for asked in (live, bench.facts.unknown):
                    door.answer(odd, skip)
                    found = told_or_none(partial(system.read, spec, [asked]))
                    certain = found is None or isinstance(found[asked], Snapshot) or not door.answered
                    assert certain, f"{odd} in call {skip + 1} of a read: {found}"

    def test_a_denied_right_is_not_gone(self, bench: SystemBench) -> None:
        ids = bench.make_named(["One", "Two"])
        system = bench.warm()
        bench.deny()
        with pytest.raises(Halt):
            system.read(bench.facts.spec, [*ids, bench.facts.unknown])

    # finding

    def test_find_answers_every_hit_of_every_value(self, bench: SystemBench) -> None:
        facts = bench.facts
        many = bench.make_named(["Many of them"] * 120)
        few = bench.make_named(["Few"] * 3)
        bench.make_named(["Many of the others"])
        found = bench.system().find(facts.spec, facts.name, ["Few", "None at all", "Many of them"])
        assert found.keys() == {"Few", "None at all", "Many of them"}
        assert sorted(one.id for one in found["Many of them"]) == sorted(many)
        assert sorted(one.id for one in found["Few"]) == sorted(few)
        assert found["None at all"] == []
        assert all(snap(one).values[facts.name] == "Few" for one in found["Few"])

    def test_more_values_than_one_call_takes_are_all_found(self, bench: SystemBench) -> None:
        facts, names = bench.facts, [f"Pair {number:03}" for number in range(120)]
        firsts, seconds = bench.make_named(names), bench.make_named(names)
        found = bench.system().find(facts.spec, facts.name, names)
        assert {name: {one.id for one in hits} for name, hits in found.items()} == {
            name: {first, second} for name, first, second in zip(names, firsts, seconds, strict=True)
        }

    def test_what_is_searched_for_is_taken_as_it_is(self, bench: SystemBench) -> None:
        facts, names = bench.facts, [name for name, _ in SEARCHED]
        ids = dict(zip(names, bench.make_named(names), strict=True))
        bench.make_named([decoy for _, decoy in SEARCHED])
        system = bench.system()
        alone = {name: system.find(facts.spec, facts.name, [name])[name] for name in names}
        together = system.find(facts.spec, facts.name, names)
        for found in (alone, together):
            assert {name: [one.id for one in hits] for name, hits in found.items()} == {
                name: [one] for name, one in ids.items()
            }

    def test_the_deleted_are_not_found(self, bench: SystemBench) -> None:
        facts = bench.facts
        kept, lost = bench.make_named(["Twins", "Twins"])
        bench.delete(lost)
        assert [one.id for one in bench.system().find(facts.spec, facts.name, ["Twins"])["Twins"]] == [kept]

    @pytest.mark.parametrize("kind", BROKEN)
    def test_a_search_that_failed_does_not_say_that_there_is_nothing(
        self, bench: SystemBench, kind: str
    ) -> None:
        facts, ids = bench.facts, bench.make_named(["Twins", "Twins"])
        system = bench.warm()
        system.find(facts.spec, facts.name, ["Twins"])
        bench.fault(kind)
        with pytest.raises(outage(kind)):
            system.find(facts.spec, facts.name, ["Twins"])
        bench.mend()
        assert {one.id for one in system.find(facts.spec, facts.name, ["Twins"])["Twins"]} == set(ids)

    def test_an_odd_answer_to_a_search_does_not_say_that_there_is_nothing(self, bench: SystemBench) -> None:
        door = bench.door or pytest.skip("nothing goes over HTTP")
        facts, ids = bench.facts, bench.make_named(["Twins", "Twins"])
        system = bench.warm()
        for odd in ODD_ANSWERS:
            for skip in (0, 1):
                door.answer(odd, skip)
                found = told_or_none(lambda: system.find(facts.spec, facts.name, ["Twins"])["Twins"])
                assert found is None or {one.id for one in found} == set(ids), f"{odd} in call {skip + 1}"


def outage(kind: str) -> type[Retry]:
    """What a call that reads raises for a fault."""
    return RateLimited if kind == "429" else Unavailable


def told_or_none(look: Callable[[], Any]) -> Any:
    """What was answered, None where it was refused with an error that Tieout expects."""
    try:
        return look()
    except SyncError:
        return None


def unless_met(bench: SystemBench, look: Callable[[], Any]) -> None:
    """A call that met a fault says so: it has no answer that could be believed."""
    found = told_or_none(look)
    assert found is None or bench.faults_left(), found
