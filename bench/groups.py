"""The groups of figures by name, and which of them take long. Each loads what it needs when it is called."""

from collections.abc import Callable

from bench.figures import Figures

Group = Callable[[bool], Figures]
"""Measures: less of everything if it is quick."""
CHANGES = 1_000_000
"""Of exactly_once, unless told otherwise."""


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

    return run(3 if quick else 21)


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


def _long_lists(quick: bool) -> Figures:
    from bench import long_lists

    return long_lists.run((1_000, 2_000), 3) if quick else long_lists.run()


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


def exactly_once(quick: bool, changes: int = CHANGES, workers: int = 1) -> Figures:
    from bench.exactly_once.run import run

    return run(600, naive=1_200) if quick else run(changes, workers)


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


GROUPS: dict[str, Group] = {
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
    "long_lists": _long_lists,
    "lines": _lines,
    "preview": _preview,
    "two_way": _two_way,
    "watching": _watching,
    "first_load": _first_load,
    "first_load_sage": _first_load_sage,
    "exactly_once": exactly_once,
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
