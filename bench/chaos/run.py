"""Both clocks jumping, workers and the stack's own process killed, vendors and AWS failing, all at once,
while people go on working: what each flow has made of it in the end.

Real processes on the local stack. The machine's clock goes an hour ahead and back, and the functions' alone
two minutes; nobody's clock here moves that of the vendors.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from bench.chaos.clock import Clock, run_in
from bench.chaos.work import WORK
from bench.figures import Figures, at_most, exactly

SECONDS = 120.0


def run(seconds: float = SECONDS, flows: tuple[str, ...] = tuple(WORK)) -> Figures:
    """Figures by name, a few for each flow. Raises AssertionError if a storm cannot be carried out."""
    figures: Figures = {}
    for flow in flows:
        with tempfile.TemporaryDirectory() as folder:
            figures |= told(flow, _storm(flow, seconds, Path(folder)))
    return figures


def _storm(flow: str, seconds: float, folder: Path) -> dict[str, Any]:
    (folder / "chaos").mkdir()
    done = run_in(Clock(folder / "chaos"), ["-m", "bench.chaos.scenario", flow, str(seconds), str(folder)])
    assert done.returncode == 0, f"the storm over {flow} broke off with {done.returncode}"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def told(flow: str, found: dict[str, Any]) -> Figures:
    name = f"chaos, {flow}"
    weather = (
        f"{found['pieces']} records; {found['kills']} kills, {found['vendor_faults']} faults of vendors, "
        f"{found['aws_faults']} of AWS"
    )
    bad = found["lost"] + found["doubled"] + found["wrong"]
    people = [*found["pauses"], *found["left"]]
    return {
        f"{name}: lost, doubled, wrong": exactly(
            bad, 0, "records", "; ".join(found["examples"][:5]) or weather
        ),
        f"{name}: pauses, records and messages that need a person": exactly(
            len(people) + found["dead"], 0, "", "; ".join(people[:5]) or f"{found['dead']} dead letters"
        ),
        f"{name}: until quiet": at_most(found["minutes"], 30, "minutes", found["waiting"]),
    }
