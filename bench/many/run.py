"""A thousand integrations in one stack, of which one loads a hundred thousand records and one in twenty
hangs: how long a quiet one waits, beside how long it waits where nobody else is, and whether any tick is
lost. Then the sweep over a million records, with a worker that is killed."""

from collections.abc import Sequence

from bench.figures import Figures, at_most, exactly, told
from bench.many.stack import WORKERS, Stack
from bench.many.sweep import EDITED, GONE, PAGE, Swept
from shared.operations.sweep_list import PART

HANGING, AT_MOST = 0.05, 2


def run(
    integrations: int = 1000,
    backfill: int = 100_000,
    hours: float = 4,
    records: int = 1_000_000,
    dies_in: int = 300,
) -> Figures:
    return _waits(integrations, backfill, hours) | _sweep(records, dies_in)


def _waits(integrations: int, backfill: int, hours: float) -> Figures:
    alone = Stack(1, 0, 0, 24, pause=600)
    alone.run()
    among = Stack(integrations, backfill, HANGING, hours)
    among.run()
    unfair = Stack(integrations, backfill, HANGING, min(hours, 1.5), fair=False)
    unfair.run()
    name = f"{integrations} integrations, one loading {backfill:,} records, {HANGING:.0%} hanging"
    polled, hooked = ([_p95(one.waits[told_by]) for one in (among, alone)] for told_by in (False, True))
    return {
        f"{name}: wait of a quiet one, p95, times alone": at_most(
            round(polled[0] / polled[1], 3),
            AT_MOST,
            "times",
            f"found by a poll: {polled[0]:.0f} s, alone {polled[1]:.0f} s; {len(among.waits[False])} changes",
        ),
        f"{name}: wait of a quiet one told by a webhook, p95": told(
            round(hooked[0], 1),
            "s",
            f"alone {hooked[1]:.1f} s; {WORKERS} workers of this entity, busy with the first one's batches",
        ),
        f"{name}: the same, were queues not fair": told(
            round(_p95(unfair.waits[True]), 1), "s", "one message after the other, whoever it is of"
        ),
        f"{name}: ticks lost": exactly(among.lost_ticks(), 0, "ticks", "not polled within two intervals"),
        f"{name}: orders made": told(among.done, "orders", f"in {hours} hours of virtual time"),
    }


def _p95(waits: Sequence[float]) -> float:
    return sorted(waits)[int(0.95 * len(waits))]


def _sweep(records: int, dies_in: int) -> Figures:
    swept = Swept(records, dies_in)
    days = swept.run()
    wanted = {f"C{number}" for number in range(records) if number % GONE == 0 or number % EDITED == 0}
    name, kills = f"sweep over {records:,} records", swept.list.kills
    again = swept.list.pages - -(-records // PAGE)
    return {
        f"{name}: rounds not finished": exactly(int(not swept.finished()), 0, "rounds", f"{kills} kills"),
        f"{name}: changes not found": exactly(len(wanted - set(swept.queued)), 0, "records"),
        f"{name}: unchanged records queued": exactly(len(set(swept.queued) - wanted), 0, "records"),
        f"{name}: pages read again per kill": at_most(
            round(again / max(1, kills), 2), PART / PAGE, "pages", f"{swept.list.pages} pages in all"
        ),
        f"{name}: time, a page a second": told(
            round(days * 24, 2), "hours", f"{swept.invocations} invocations, kills waited for"
        ),
    }
