"""`python -m bench`: measures all figures, prints them, and writes bench/results.json. Exit code 1 when one
is missed.

`--only NAME` measures one group and leaves the other figures as they are. `--quick` measures less of each and
writes nothing.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from bench import readme
from bench.figures import Figures, exactly, row


def _orders(quick: bool) -> Figures:
    from bench import orders

    return orders.run(120 if quick else 1000)


def _idle(quick: bool) -> Figures:
    from bench import idle

    return idle.run(2_000 if quick else 100_000)


def _mapping(quick: bool) -> Figures:
    from bench.mapping.run import run

    return run(rounds=3, count=1_000, money_lines=10_000) if quick else run()


def _cold(quick: bool) -> Figures:
    from bench.cold.run import run

    return run(3 if quick else 9)


def _artifact(quick: bool) -> Figures:
    from bench import artifact

    return artifact.run()


def _memory(quick: bool) -> Figures:
    from bench import memory

    return memory.run(10_000 if quick else 100_000)


def _faults(quick: bool) -> Figures:
    from bench import faults

    return faults.run(("429", "slow", "lost_reply", "late_commit", "busy")) if quick else faults.run()


def _invoices(quick: bool) -> Figures:
    from bench.invoices.run import run

    return run(20_000 if quick else 1_000_000)


def _lines(quick: bool) -> Figures:
    from bench.lines.run import run

    return run(400) if quick else run()


def _payments(quick: bool) -> Figures:
    from bench.payments.run import run

    return run(2_000 if quick else 100_000)


def _companies(quick: bool) -> Figures:
    from bench.companies.run import run

    return run(1_000) if quick else run()


def _preview(quick: bool) -> Figures:
    from bench import preview

    return preview.run(500, 1) if quick else preview.run()


def _two_way(quick: bool) -> Figures:
    from bench import two_way

    return two_way.run(40 if quick else 1000)


def _watching(quick: bool) -> Figures:
    from bench import watching

    return watching.run(5_000 if quick else 100_000)


def _console(quick: bool) -> Figures:
    from bench import console

    return console.run(100_000, 10_000, 3) if quick else console.run()


def _erasure(quick: bool) -> Figures:
    from bench import erasure

    return erasure.run(10_000 if quick else 100_000)


def _trial(quick: bool) -> Figures:
    from bench import trial

    return trial.run(20_000, 200) if quick else trial.run()


def _rebuild(quick: bool) -> Figures:
    from bench import rebuild

    return rebuild.run(200) if quick else rebuild.run()


def _first_load(quick: bool) -> Figures:
    from bench.first_load.run import run

    return run(200, 200, 200) if quick else run()


def _first_load_sage(quick: bool) -> Figures:
    from bench.first_load_sage.run import run

    return run(350, 350, 100) if quick else run()


def _exactly_once(quick: bool) -> Figures:
    from bench.exactly_once.run import run

    return run(600, naive=300) if quick else run(_CHANGES, _WORKERS)


def _many(quick: bool) -> Figures:
    from bench.many.run import run

    return run(50, 3_000, 3, 20_000, 60) if quick else run()


def _credit(quick: bool) -> Figures:
    from bench import credit

    return credit.run(1_000, 200) if quick else credit.run()


def _stack_orders(quick: bool) -> Figures:
    from bench.stack.run import ORDERS, run

    return run(ORDERS, 100) if quick else run(ORDERS)


def _stack_organisations(quick: bool) -> Figures:
    from bench.stack.run import ORGANISATIONS, run

    return run(ORGANISATIONS, 100) if quick else run(ORGANISATIONS)


def _chaos(quick: bool) -> Figures:
    from bench.chaos.run import run

    return run(20, ("sugarcrm--sage_50",)) if quick else run()


def _silence(quick: bool) -> Figures:
    from bench.silence.run import run

    return run(30, 3) if quick else run()


def _quotations(quick: bool) -> Figures:
    from bench.quotations.run import run

    return run(5 if quick else 200)


def _units(quick: bool) -> Figures:
    from bench.units.run import run

    return run(5 if quick else 50)


def _budget(quick: bool) -> Figures:
    from bench.budget.run import run

    return run(20_000) if quick else run()


def _command_line(quick: bool) -> Figures:
    from bench import command_line

    return command_line.run(2, 20) if quick else command_line.run()


_CHANGES, _WORKERS = 1_000_000, 1
GROUPS: dict[str, Callable[[bool], Figures]] = {
    "cold": _cold,
    "mapping": _mapping,
    "artifact": _artifact,
    "memory": _memory,
    "idle": _idle,
    "orders": _orders,
    "faults": _faults,
    "invoices": _invoices,
    "payments": _payments,
    "companies": _companies,
    "lines": _lines,
    "preview": _preview,
    "two_way": _two_way,
    "watching": _watching,
    "first_load": _first_load,
    "first_load_sage": _first_load_sage,
    "exactly_once": _exactly_once,
    "many": _many,
    "console": _console,
    "erasure": _erasure,
    "rebuild": _rebuild,
    "trial": _trial,
    "credit": _credit,
    "stack_orders": _stack_orders,
    "stack_organisations": _stack_organisations,
    "chaos": _chaos,
    "silence": _silence,
    "quotations": _quotations,
    "units": _units,
    "budget": _budget,
    "command_line": _command_line,
}
LONG = (
    *("first_load", "rebuild", "credit", "stack_orders", "stack_organisations", "chaos", "silence"),
    *("quotations", "units", "budget", "command_line", "first_load_sage", "exactly_once", "many"),
)
"""Minutes to an hour each: measured by `--long`, or singly."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: a minute or two")
    parser.add_argument("--only", choices=sorted(GROUPS), help="one group of figures")
    parser.add_argument("--long", action="store_true", help=f"the groups that take long: {', '.join(LONG)}")
    parser.add_argument(
        "--write-readme", action="store_true", help="put the stored figures into README.md, and stop"
    )
    parser.add_argument("--changes", type=int, default=_CHANGES, help="of exactly_once")
    parser.add_argument("--workers", type=int, default=_WORKERS, help="processes of exactly_once")
    options = parser.parse_args(arguments)
    globals().update(_CHANGES=options.changes, _WORKERS=options.workers)
    if options.write_readme:
        readme.write(readme.stored())
        return 0
    groups = [options.only] if options.only else [name for name in GROUPS if (name in LONG) == options.long]
    figures = _measured(groups, options.quick)
    if not options.quick:
        _store(figures, groups)
    _show(figures)
    return 0 if all(one["ok"] for one in figures.values()) else 1


def _store(figures: Figures, groups: Sequence[str]) -> None:
    """The figures of these groups take the places of those that the same groups had."""
    before = readme.stored() if readme.RESULTS.exists() else {}
    kept = {name: one for name, one in before.items() if one.get("group") not in groups}
    readme.RESULTS.write_text(json.dumps(kept | figures, indent=2, ensure_ascii=False) + "\n")


def _unmeasured(group: str) -> str:
    return f"{group}: not measured"


def _measured(groups: list[str], quick: bool) -> Figures:
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    figures: Figures = {}
    for name in groups:
        begun = time.monotonic()
        try:
            found = GROUPS[name](quick)
        except AssertionError as fault:  # the other groups can still be measured
            found = {_unmeasured(name): exactly(1, 0, "faults", str(fault)[:500])}
        figures |= {figure: {**one, "group": name} for figure, one in found.items()}
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return figures


def _show(figures: Figures) -> None:
    table = Table("figure", "measured", "target", "", "note")
    for name, figure in figures.items():
        table.add_row(*row(name, figure), style="" if figure["ok"] else "red")
    Console(width=None if sys.stdout.isatty() else 200).print(table)


if __name__ == "__main__":
    sys.exit(main())
