"""The promises of SyncLog, for both implementations."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from shared.domain.run_ids import hook_run_id
from shared.ports import Run, Stores
from tests.contract.stored import RUN, row
from tests.contract.stores_world import START, World

RECORD = ("sugarcrm", "sales_order", "opp-1")
OLDER = "20261122T100000Z-ffff"


def run(run_id: str = RUN, **parts: object) -> Run:
    return replace(Run(run_id, "poll", "sales_order", "sugarcrm", START), **parts)  # type: ignore[arg-type]


class TestRuns:
    """Runs and their counts."""

    def test_a_run_comes_back_and_is_replaced(self, stores: Stores) -> None:
        stores.log.put_run(run())
        assert stores.log.runs() == [run()]
        done = run(finished_at=START + timedelta(minutes=1), state="done", message="3 pages read")
        stores.log.put_run(done)
        assert stores.log.runs() == [done]

    def test_counts_add_up_and_putting_the_run_keeps_them(self, stores: Stores) -> None:
        stores.log.put_run(run())
        stores.log.count(RUN, {"created": 2, "skipped": 1})
        stores.log.put_run(run(state="done", counts={"created": 99}))
        stores.log.count(RUN, {"created": 3, "held": 0})
        stores.log.count(RUN, {})
        assert stores.log.runs() == [run(state="done", counts={"created": 5, "skipped": 1})]

    def test_counts_may_come_before_the_run(self, stores: Stores) -> None:
        stores.log.count(RUN, {"created": 1})
        assert stores.log.runs() == [Run(RUN, "", "", "", START, counts={"created": 1})]
        stores.log.put_run(run())
        assert stores.log.runs() == [run(counts={"created": 1})]

    def test_f8_a_run_that_is_only_counted_ends(self, stores: Stores, world: World) -> None:
        """A retry opens no run and closes none: it is over when nothing was counted for a quarter of an
        hour, and was over when it last was."""
        stores.log.count(RUN, {"created": 1})
        counted = world.clock.now()
        world.clock.pass_by(minutes=14)
        assert [(one.state, one.finished_at) for one in stores.log.runs()] == [("running", None)]
        world.clock.pass_by(minutes=1)
        (ended,) = stores.log.runs()
        assert (ended.state, ended.finished_at, ended.counts) == ("done", counted, {"created": 1})
        stores.log.count(RUN, {"created": 1})
        assert [one.state for one in stores.log.runs()] == ["running"], "it went on"
        stores.log.put_run(run())
        world.clock.pass_by(minutes=60)
        assert stores.log.runs() == [run(counts={"created": 2})], "whoever opened it says when it ends"

    def test_f8_the_webhooks_of_an_hour_end_with_it(self, stores: Stores, world: World) -> None:
        began = START.replace(minute=0)
        run_id = hook_run_id(START, "vtiger", "sales_order")
        world.clock.pass_by(minutes=1)
        stores.log.count(run_id, {"updated": 2})
        world.clock.pass_by(minutes=58 - (START - began).seconds // 60)
        (open_still,) = stores.log.runs()
        assert (open_still.cause, open_still.system, open_still.entity) == (
            "webhook",
            "vtiger",
            "sales_order",
        )
        assert open_still.state == "running"
        world.clock.pass_by(minutes=1)
        (ended,) = stores.log.runs()
        assert (ended.state, ended.finished_at) == ("done", START + timedelta(minutes=1))

    def test_newest_first_and_no_more_than_asked(self, stores: Stores) -> None:
        ids = [f"20261122T10{minute:02}00Z-aaaa" for minute in range(8)]
        for run_id in Random(3).sample(ids, 8):
            stores.log.put_run(run(run_id))
        assert [one.run_id for one in stores.log.runs(3)] == ids[:4:-1]
        assert [one.run_id for one in stores.log.runs()] == ids[::-1]

    def test_a_run_ends_with_the_retention(self, stores: Stores, world: World) -> None:
        stores.log.put_run(run())
        world.clock.pass_by(days=89)
        assert len(stores.log.runs()) == 1
        world.clock.pass_by(days=3)
        assert stores.log.runs() == []


class TestRows:
    """Rows of runs and records."""

    def test_rows_come_back_whole_newest_first(self, stores: Stores) -> None:
        rows = [row(minutes=number, seq=f"{number:03}") for number in range(40)]
        stores.log.append(Random(5).sample(rows, 40))
        assert stores.log.rows(run_id=RUN) == rows[::-1]
        assert stores.log.rows(record=RECORD) == rows[::-1]
        assert stores.log.rows(run_id=RUN, limit=3) == rows[:36:-1]
        assert stores.log.rows(record=RECORD, limit=3) == rows[:36:-1]

    def test_two_rows_of_one_moment_are_both_kept(self, stores: Stores) -> None:
        stores.log.append([row(), row(kind="updated")])
        found = stores.log.rows(record=RECORD)
        assert sorted(one.outcome.kind for one in found) == ["created", "updated"]
        assert all(one.seq for one in found)

    def test_rows_of_other_runs_records_and_outcomes_are_left_out(self, stores: Stores) -> None:
        stores.log.append(
            [row(), row("opp-2", "held"), row("opp-2", "created", OLDER, 1), row("opp#1", "held", OLDER)]
        )
        assert {one.record_id for one in stores.log.rows(run_id=RUN)} == {"opp-1", "opp-2"}
        assert [one.record_id for one in stores.log.rows(run_id=RUN, outcome="held")] == ["opp-2"]
        second = ("sugarcrm", "sales_order", "opp-2")
        assert [one.outcome.kind for one in stores.log.rows(record=second)] == ["created", "held"]
        assert [one.run_id for one in stores.log.rows(record=second, run_id=OLDER)] == [OLDER]
        assert [one.outcome.kind for one in stores.log.rows(record=second, outcome="held")] == ["held"]
        assert stores.log.rows(record=("sage_50", "sales_order", "opp-1")) == []

    def test_without_run_and_record_the_rows_of_all_runs_are_listed(self, stores: Stores) -> None:
        for run_id in (OLDER, RUN):
            stores.log.put_run(run(run_id))
        stores.log.append([row("a", "held", OLDER), row("b", "held", RUN, 1), row("c", "created", RUN, 2)])
        assert [one.record_id for one in stores.log.rows()] == ["c", "b", "a"]
        assert [one.record_id for one in stores.log.rows(outcome="held")] == ["b", "a"]
        assert [one.record_id for one in stores.log.rows(outcome="held", limit=1)] == ["b"]

    def test_a_row_past_its_retention_is_not_shown_although_it_is_still_there(
        self, stores: Stores, world: World
    ) -> None:
        stores.log.append([row(), row("opp-1", "held", minutes=60 * 24 * 10)])
        world.clock.pass_by(days=90)
        assert [one.outcome.kind for one in stores.log.rows(record=RECORD)] == ["held"]
        assert [one.outcome.kind for one in stores.log.rows(run_id=RUN)] == ["held"]

    def test_erasing_a_record_removes_its_rows_and_counts_them(self, stores: Stores) -> None:
        stores.log.append([row(minutes=number) for number in range(30)] + [row("opp-2")])
        assert stores.log.erase(RECORD) == 30
        assert stores.log.erase(RECORD) == 0
        assert stores.log.rows(record=RECORD) == []
        assert [one.record_id for one in stores.log.rows(run_id=RUN)] == ["opp-2"]

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.log.put_run(run())
        stores.log.append([row()])
        assert others.log.runs() == others.log.rows(run_id=RUN) == others.log.rows(record=RECORD) == []
        assert others.log.erase(RECORD) == 0
        assert len(stores.log.rows()) == 1

    def test_f14_the_newest_rows_come_first_whatever_caused_them(self, stores: Stores) -> None:
        """The webhooks of a day share a run that began at midnight; its rows are no older for that."""
        webhooks, quiet = "20261122T000000Z-hook", [f"20261122T10{n:02}00Z-poll" for n in range(20)]
        for run_id in quiet:
            stores.log.put_run(run(run_id, state="done"))
        rows = [row("a", "held", OLDER, 1), row("b", "created", webhooks, 2), row("c", "failed", webhooks, 3)]
        rows += [row("d", "unchanged", RUN, 4), row("e", "held", webhooks, 5)]
        stores.log.append(rows)
        assert [one.record_id for one in stores.log.rows()] == ["e", "d", "c", "b", "a"]
        assert [one.record_id for one in stores.log.rows(limit=2)] == ["e", "d"]
        assert [one.record_id for one in stores.log.rows(outcome="held")] == ["e", "a"]
        assert [one.record_id for one in stores.log.rows(run_id=webhooks)] == ["e", "c", "b"]

    def test_all_rows_of_a_run_are_found_however_many_others_lie_between(
        self, stores: Stores, world: World
    ) -> None:
        stores.log.append(
            [row(f"opp-{n}", "created" if n % 3 else "held", OLDER, n / 60) for n in range(250)]
        )
        stores.log.append([row("mine", "held", minutes=1), row("late", "created", minutes=100)])
        world.clock.pass_by(minutes=100)
        stores.log.count(RUN, {"held": 1, "created": 1})
        assert [one.record_id for one in stores.log.rows(run_id=RUN)] == ["late", "mine"]
        assert len(stores.log.rows(run_id=OLDER)) == 250
        assert len(stores.log.rows(run_id=OLDER, outcome="held", limit=50)) == 50


class TestEnsured:
    """Rows that were saved with a link are in the log once, whoever brought them there."""

    def test_what_is_there_stays_and_what_is_not_is_appended(self, stores: Stores) -> None:
        first, second = row(seq="000001"), row("opp-2", seq="000007", minutes=1)
        stores.log.append([first])
        for _ in range(2):
            stores.log.ensure([first, second])
        stores.log.ensure([])
        assert stores.log.rows(record=("sugarcrm", "sales_order", "opp-1")) == [first]
        assert stores.log.rows(record=("sugarcrm", "sales_order", "opp-2")) == [second]

    def test_rows_of_one_moment_under_other_names_are_two(self, stores: Stores) -> None:
        stores.log.ensure([row(seq="000001"), row(seq="000002")])
        assert len(stores.log.rows(record=("sugarcrm", "sales_order", "opp-1"))) == 2

    def test_what_has_expired_does_not_come_back(self, world: World, stores: Stores) -> None:
        world.clock.pass_by(days=91)
        stores.log.ensure([row(seq="000001")])
        world.clock.pass_by(days=-91)
        assert stores.log.rows(record=("sugarcrm", "sales_order", "opp-1")) == []
