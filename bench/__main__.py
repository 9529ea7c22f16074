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
from collections.abc import Mapping, Sequence
from functools import partial

from rich.console import Console
from rich.table import Table

from bench import readme
from bench.figures import Figures, exactly, row
from bench.groups import CHANGES, GROUPS, LONG, Group, exactly_once


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: a minute or two")
    parser.add_argument("--only", choices=sorted(GROUPS), help="one group of figures")
    parser.add_argument("--long", action="store_true", help=f"the groups that take long: {', '.join(LONG)}")
    parser.add_argument(
        "--write-readme", action="store_true", help="put the stored figures into README.md, and stop"
    )
    parser.add_argument("--changes", type=int, default=CHANGES, help="of exactly_once")
    parser.add_argument("--workers", type=int, default=1, help="processes of exactly_once")
    options = parser.parse_args(arguments)
    if options.write_readme:
        readme.write(readme.stored())
        return 0
    chosen = [options.only] if options.only else [name for name in GROUPS if (name in LONG) == options.long]
    sized = {"exactly_once": partial(exactly_once, changes=options.changes, workers=options.workers)}
    figures = _measured({name: sized.get(name, GROUPS[name]) for name in chosen}, options.quick)
    if not options.quick:
        _store(figures, chosen)
    _show(figures)
    return 0 if all(one["ok"] for one in figures.values()) else 1


def _store(figures: Figures, groups: Sequence[str]) -> None:
    """The figures of these groups take the places of those that the same groups had."""
    before = readme.stored() if readme.RESULTS.exists() else {}
    kept = {name: one for name, one in before.items() if one.get("group") not in groups}
    readme.RESULTS.write_text(json.dumps(kept | figures, indent=2, ensure_ascii=False) + "\n")


def _unmeasured(group: str) -> str:
    return f"{group}: not measured"


def _measured(groups: Mapping[str, Group], quick: bool) -> Figures:
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "CRITICAL")
    figures: Figures = {}
    for name, measure in groups.items():
        begun = time.monotonic()
        try:
            found = measure(quick)
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
