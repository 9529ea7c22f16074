"""What the command line takes, and whether `tieout why` knows why.

Processor time is that of the command's own process, the least of several tries: what else the machine does
only adds to it. `status` asks a real local stack in which two hundred records are open. The causes are those
of the stories: each seeded alone, on memory stores.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figures, at_most, exactly, told
from local.stack.process import down, up
from shared.domain.link import Outcome
from shared.domain.rules import FlowRule
from shared.domain.run_ids import new_run_id
from shared.ports import Run, Stores
from tests.contract.stored import commit, link
from tests.contract.stores_world import START
from tests.integration.local_stack import SETTINGS
from tests.stories import causes, test_why

ROOT = Path(__file__).parents[1]


def run(tries: int = 9, opened: int = 200) -> Figures:
    return {**_help(tries), **_status(tries, opened), **_why()}


def _help(tries: int) -> Figures:
    found = _least(tries, ["--help"])
    return {"processor time of `tieout --help`": at_most(found, 0.4, "s")}


def _status(tries: int, opened: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "state"
        stack = up(SETTINGS, root)
        try:
            _seed(stack.target.stores("main"), opened)
            found = _least(tries, ["--home", str(root), "status"], code=1)
        finally:
            down(root)
    note = f"{opened} records open, of two reasons"
    return {"processor time of `tieout status`": at_most(found, 0.8, "s", note)}


def _seed(stores: Stores, opened: int) -> None:
    """As an integration that has been polled for a while, with records that need a person."""
    now = datetime.now(UTC)
    for system in ("sugarcrm", "sage_50"):
        stores.log.put_run(Run(new_run_id(now), "poll", "sales_order", system, now, now, "done", "0 read"))
    for number in range(opened):
        outcome = Outcome(
            "held", f"The amount is -{number}.", FlowRule("credit_note" if number % 2 else "size")
        )
        one = replace(link(f"LINK{number}"), outcome=outcome, origin_id=f"opp-{number}")
        stores.links.commit(commit(one), START)


def _least(tries: int, arguments: Sequence[str], code: int = 0) -> float:
    """Seconds of processor time, the kernel's work for the process included."""
    return min(_seconds(arguments, code) for _ in range(tries))


def _seconds(arguments: Sequence[str], code: int) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "local.cli", *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == code, done.stdout + done.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _why() -> Figures:
    named, slowest = 0, 0.0
    cases = _causes()
    for case in cases:
        began = time.perf_counter()
        try:
            case()
            named += 1
        except AssertionError:
            continue
        finally:
            slowest = max(slowest, time.perf_counter() - began)
    return {
        "`tieout why`: causes seeded": told(len(cases), "causes"),
        "`tieout why`: causes not named, or without their cure": exactly(len(cases) - named, 0, "causes"),
        "`tieout why`: longest answer": at_most(slowest, 2.0, "s", "with seeding it; vendors of memory"),
    }


def _causes() -> list[Callable[[], None]]:
    outcomes = [
        lambda said=said: test_why.test_an_outcome_is_named_with_its_sentence_and_its_cure(*said)
        for said in causes.SAID
    ]
    nowhere = [
        lambda said=said: test_why.test_a_record_that_is_nowhere_or_somewhere_is_told_why(*said)
        for said in causes.NOWHERE
    ]
    lists = [
        lambda said=said: test_why.test_what_stops_a_whole_list_is_told_too(*said) for said in causes.LISTS
    ]
    return [*outcomes, *nowhere, *lists]
