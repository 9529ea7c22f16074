"""What goes wrong has the right name: what to wait for, what was not executed, and what nobody knows."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest

from shared.errors import OutcomeUnknown, RateLimited, Retry, SyncError, Unavailable
from shared.ports import Snapshot, System
from tests.contract.contract_writes import key
from tests.contract.system_bench import NOBODY, SystemBench, wait_until

LOST = ("lost_reply", "502", "truncated_json")
"""The write is executed, and its answer is lost."""


class FaultContract:
    def test_a_429_is_a_rate_limit_with_its_wait(self, bench: SystemBench) -> None:
        for name, call in calls(bench, bench.make_named(["Record"])[0]):
            system, before = bench.warm(), bench.records()
            bench.fault("429", times=-1, after=17)
            fault = met(partial(call, system))
            bench.mend()
            assert isinstance(fault, RateLimited), f"{name}: {fault!r}"
            assert fault.after is not None and 17 <= fault.after <= 60, name
            assert bench.records() == before, f"{name} was not executed"
            again = bench.system()
            assert not isinstance(met(partial(call, again)), SyncError), name

    def test_a_vendor_that_nobody_reaches_executed_nothing(self, bench: SystemBench) -> None:
        for name, call in calls(bench, bench.make_named(["Record"])[0]):
            bench.warm()
            system = bench.system(url=NOBODY)
            fault = met(partial(call, system))
            assert isinstance(fault, Unavailable), f"{name}: {fault!r}"

    def test_a_worker_without_time_sends_nothing(self, bench: SystemBench) -> None:
        for name, call in calls(bench, bench.make_named(["Record"])[0]):
            bench.warm()
            before = bench.records()
            system = bench.system(left=0.5)
            fault = met(partial(call, system))
            assert isinstance(fault, Retry) and not isinstance(fault, OutcomeUnknown), f"{name}: {fault!r}"
            assert bench.records() == before

    @pytest.mark.parametrize("kind", LOST)
    def test_a_create_whose_answer_is_lost_is_unknown_and_can_be_looked_for(
        self, bench: SystemBench, kind: str
    ) -> None:
        system = bench.warm()
        with pytest.raises(OutcomeUnknown):
            lost_create(bench, system, kind, "Lost")

    @pytest.mark.parametrize("kind", ["lost_request", "html", "500"])
    def test_a_create_that_did_not_happen_is_unknown_too(self, bench: SystemBench, kind: str) -> None:
        system = bench.warm()
        bench.fault(kind, bench.facts.creates, times=-1)
        with pytest.raises(OutcomeUnknown):
            system.create(bench.facts.spec, bench.values("Never"), key())
        bench.mend()
        assert bench.records() == {}

    def test_a_create_that_takes_too_long_is_unknown(self, bench: SystemBench) -> None:
        system = bench.warm(timeout=1.0)
        bench.fault("slow", bench.facts.creates, times=-1, after=1.4)
        with pytest.raises(OutcomeUnknown):
            system.create(bench.facts.spec, bench.values("Slow"), key())
        wait_until(lambda: bool(bench.named("Slow")))

    @pytest.mark.parametrize("kind", [*LOST, "lost_request", "html", "500"])
    def test_an_update_without_an_answer_is_never_called_refused(self, bench: SystemBench, kind: str) -> None:
        """Unknown, or what the connector saw when it looked."""
        facts, ids = bench.facts, bench.make_named(["One", "Two", "Three"])
        system = bench.warm()
        bench.fault(kind, facts.updates, times=-1)
        answers = updated(bench, system, ids)
        bench.mend()
        kept = bench.records()
        assert len(answers) == len(ids)
        assert [type(one) for one in answers if not isinstance(one, (OutcomeUnknown, Snapshot))] == []
        for one, answer in zip(ids, answers, strict=True):
            assert not isinstance(answer, Snapshot) or kept[one][facts.note] == "new", "called written"

    def test_a_limit_in_the_middle_leaves_each_patch_with_an_answer(self, bench: SystemBench) -> None:
        facts, ids = bench.facts, bench.make_named(["One", "Two", "Three"])
        system = bench.warm()
        bench.fault("429", facts.updates, times=-1, skip=1, after=17)
        answers = updated(bench, system, ids)
        kept = bench.records()
        assert len(answers) == len(ids)
        for one, answer in zip(ids, answers, strict=True):
            assert isinstance(answer, (Snapshot, RateLimited)), answer
            assert isinstance(answer, Snapshot) == (kept[one][facts.note] == "new")


Call = Callable[[System], Any]


def calls(bench: SystemBench, record_id: str) -> Iterator[tuple[str, Call]]:
    """Each of the port's calls about records, of one record."""
    facts = bench.facts
    yield "read", lambda system: system.read(facts.spec, [record_id])
    yield "find", lambda system: system.find(facts.spec, facts.name, ["Record"])
    yield "changes", lambda system: list(system.changes(facts.spec, None))
    yield "update", lambda system: system.update(facts.spec, [bench.patch(record_id, "new")])[0]
    yield "create", lambda system: system.create(facts.spec, bench.values("New"), key())


def met(call: Callable[[], Any]) -> Any:
    """The fault that was raised, else the answer (which may be a fault: that of a patch)."""
    try:
        return call()
    except SyncError as fault:
        return fault


def updated(bench: SystemBench, system: System, ids: Sequence[str]) -> list[Snapshot | SyncError]:
    """An answer for each: a fault of the whole call is that of each patch."""
    try:
        return system.update(bench.facts.spec, [bench.patch(one, "new") for one in ids])
    except SyncError as fault:
        return [fault] * len(ids)


def lost_create(bench: SystemBench, system: System, kind: str, name: str) -> None:
    """Raises what the create raised, or OutcomeUnknown where it found out by itself what became of it. In
    either case the record that was made can be learnt afterwards."""
    facts, one_key, values = bench.facts, key(), bench.values(name)
    (clock,) = bench.make_named(["Clock"])
    since = system.read(facts.spec, [clock])[clock].observed_at  # type: ignore[union-attr]
    bench.fault(kind, facts.creates, times=-1)
    outcome = met(lambda: system.create(facts.spec, values, one_key))
    bench.mend()
    made = bench.named(name)
    assert made
    if isinstance(outcome, Snapshot):
        assert made == {outcome.id}
        outcome = OutcomeUnknown("found out")
    able = system.capabilities
    if able.idempotent_create:
        assert {system.create(facts.spec, values, one_key).id} == made == bench.named(name)
    elif able.key_search:
        assert facts.spec.key_path
        found = system.find(facts.spec, facts.spec.key_path, [one_key])[one_key]
        assert {one.id for one in found} == made
    else:
        assert {one.id for one in system.trace(facts.spec, values, since).made} == made
    raise outcome
