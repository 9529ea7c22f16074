"""One run as a list shows it: which list, why, and what it came to."""

import re
from collections.abc import Sequence
from typing import get_args

from shared.domain.link import OutcomeKind
from shared.domain.record import record
from shared.domain.titles import title
from shared.domain.wording import words
from shared.ports import Run

_HOOK = re.compile(r"[0-9]{8}T[0-9]{6}Z-hook(?:-(?P<system>[a-z0-9_]+)-(?P<entity>[a-z_]+))?")
ORDER = get_args(OutcomeKind)
_CAUSES = {"poll": "Read", "reconcile": "Daily sweep of", "manual": "Asked for:", "retry": "Tried again:"}


@record
class Told:
    """`counts` in the order of outcomes, without zeros. `quiet`: nothing came of it, and nothing went
    wrong."""

    run: Run
    what: str
    counts: tuple[tuple[str, int], ...]
    quiet: bool


def told(runs: Sequence[Run]) -> list[Told]:
    return [Told(run, what(run), _counts(run), _quiet(run)) for run in runs]


def what(run: Run) -> str:
    """Which list, and why: "Read account list in Vtiger"."""
    if (hook := _HOOK.fullmatch(run.run_id)) is not None:
        system, entity = hook["system"], hook["entity"]
        return f"Webhooks of {title(system)}: {words(entity)}" if system else "Webhooks of the day"
    if run.state == "warning":
        return "Warning"
    if not run.entity:
        return {"reconcile": "Daily sweep", "manual": "Asked for by a person"}.get(run.cause, "By a person")
    where = f" in {title(run.system)}" if run.system else ""
    return f"{_CAUSES.get(run.cause, 'Run:')} {words(run.entity)} list{where}"


def _counts(run: Run) -> tuple[tuple[str, int], ...]:
    return tuple((kind, run.counts[kind]) for kind in ORDER if run.counts.get(kind))


def _quiet(run: Run) -> bool:
    return run.cause == "poll" and run.state == "done" and not any(run.counts.values())
