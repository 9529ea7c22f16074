"""So many changes over all six flows, in parts: an integration of its own each, with some hundred changes
under weather, then rest, then judgement. Finished parts are kept beside the system's temporary files, so that
a run that was stopped goes on where it was, as long as nothing of the code has changed.

The naive patterns go through the same on the flow that is the least hard for them.
"""

import gc
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from bench.exactly_once.deals import Deals
from bench.exactly_once.firms import Firms
from bench.exactly_once.naive import PATTERNS, SOURCE, TARGET
from bench.exactly_once.part import run_part
from bench.exactly_once.tally import Tally
from bench.figures import Figures, at_least, exactly, told

FLOWS: Mapping[str, tuple[str, ...]] = {
    "sugarcrm--sage_50": (),
    "sugarcrm--sage_accounting": (),
    "vtiger--sage_accounting": ("vtiger", "sage_accounting"),
    "vtiger--sage_50": ("vtiger", "sage_50"),
    "sage_sales_management--sage_50": ("sage_50",),
    "sage_sales_management--sage_accounting": ("sage_accounting",),
}
"""Flow -> the sides on which people enter and edit customers; none: it is about won opportunities."""
PART, NAIVE = 200, 2_000
ROOT = Path(__file__).resolve().parents[2]
Part = tuple[str, int, int]
"""Flow or pattern, seed, changes."""


def run(changes: int = 1_000_000, workers: int = 1, naive: int = NAIVE) -> Figures:
    """`workers`: processes."""
    size = min(PART, max(20, changes // len(FLOWS)))
    names = list(FLOWS)
    parts = [(names[number % len(names)], number, size) for number in range(-(-changes // size))]
    total, by_flow = Tally(), {name: Tally() for name in FLOWS}
    for (flow, _, _), tally in _done(parts, workers):
        total.add(tally)
        by_flow[flow].add(tally)
    name = f"exactly once, {total.changes:,} changes over {len(FLOWS)} flows"
    wrong = "; ".join(total.wrong)
    figures = {
        f"{name}: {what}": exactly(getattr(total, what), 0, "changes", wrong)
        for what in ("lost", "doubled", "stale", "unexplained")
    }
    figures |= {
        f"{name}: blows": told(total.blows.total(), "blows", _words(total.blows)),
        f"{name}: held for a person": told(total.held, "records", "the log says why"),
        f"{name}: dead letters replayed": told(total.dead_letters, "messages"),
        f"{name}: vendor calls per change": told(
            round(total.calls / total.changes, 2),
            "calls",
            ", ".join(f"{flow} {one.calls / max(1, one.changes):.2f}" for flow, one in by_flow.items()),
        ),
    }
    return figures | _naive(naive, workers)


def _naive(changes: int, workers: int) -> Figures:
    size = min(PART, changes)
    parts = [(name, seed, size) for name in PATTERNS for seed in range(-(-changes // size))]
    tallies = {name: Tally() for name in PATTERNS}
    for (name, _, _), tally in _done(parts, workers):
        tallies[name].add(tally)
    return {
        f"exactly once, {tally.changes:,} changes, naive: {name}: lost, doubled or stale": at_least(
            tally.lost + tally.doubled + tally.stale,
            1,
            "changes",
            f"must fail: {tally.lost} lost, {tally.doubled} doubled, {tally.stale} stale",
        )
        for name, tally in tallies.items()
    }


def _done(parts: Sequence[Part], workers: int) -> Iterator[tuple[Part, Tally]]:
    """Those of an earlier run first."""
    kept = _kept()
    left = [part for part in parts if part not in kept]
    yield from ((part, kept[part]) for part in parts if part in kept)
    begun = time.monotonic()
    with _file().open("a") as file, ProcessPoolExecutor(max(1, workers)) as pool:
        for number, (part, row) in enumerate(zip(left, pool.map(one_part, left), strict=True), 1):
            file.write(json.dumps([part, row]) + "\n")
            file.flush()
            _tell(number, len(left), begun)
            yield part, Tally.of(row)


def one_part(part: Part) -> dict[str, Any]:
    """In a process of its own, whose garbage is looked for between two parts, among what the last one made:
    looking all the time costs a seventh of it."""
    gc.disable()
    gc.freeze()
    try:
        return _one_part(part)
    finally:
        gc.enable()
        gc.collect()


def _one_part(part: Part) -> dict[str, Any]:
    name, seed, changes = part
    random = Random(f"{name} {seed}")
    if name in PATTERNS:
        world = Firms(f"{SOURCE}--{TARGET}", (SOURCE,), random, alone=True)
        world.site.make = PATTERNS[name]  # type: ignore[assignment]
        world.site.hints_only = True
        return run_part(world, changes, random).stored()
    kind = Firms if FLOWS[name] else Deals
    try:
        return run_part(kind(name, FLOWS[name], random), changes, random).stored()
    except AssertionError as fault:
        return Tally(changes, unexplained=1, wrong=[f"{name} {seed}: {fault}"[:300]]).stored()


def _tell(number: int, of: int, begun: float) -> None:
    if number % 10 == 0 or number == of:
        left = (time.monotonic() - begun) / number * (of - number) / 60
        print(f"exactly_once: part {number} of {of}, {left:.0f} minutes left", file=sys.stderr, flush=True)


def _kept() -> dict[Part, Tally]:
    found: dict[Part, Tally] = {}
    for line in _file().read_text().splitlines() if _file().exists() else ():
        try:
            part, row = json.loads(line)
        except ValueError:  # cut off by a kill
            continue
        found[part[0], part[1], part[2]] = Tally.of(row)
    return found


def _file() -> Path:
    digest = hashlib.sha256()
    for folder in ("src", "bench/exactly_once", "tests/properties", "tests/stories"):
        for path in sorted((ROOT / folder).rglob("*.[pt][yo]*")):
            if path.suffix in (".py", ".toml"):
                digest.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"tieout-exactly-once-{digest.hexdigest()[:12]}.jsonl"


def _words(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in sorted(counted.items()))
