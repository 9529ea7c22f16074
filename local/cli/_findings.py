"""Findings of `connect` and `check`, as a table or JSON."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import typer
from rich.markup import escape
from rich.table import Table

from local.cli._app import FINDINGS, out, show_json
from shared.errors import RuleInvalid
from shared.ports import Finding

_LONG = re.compile(r"https?://\S{40,}")
_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


def report(findings: Sequence[Finding], as_json: bool) -> None:
    """Prints the findings; exits with 1 when one of them is an error."""
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        _print_table(findings) if out.is_terminal else _print_lines(findings)
        for address in addresses(findings):  # whole, to be copied: a table breaks what is longer than a line
            out.print(address, highlight=False, markup=False, soft_wrap=True)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(FINDINGS)


def _print_table(findings: Sequence[Finding]) -> None:
    table = Table("", "what", "finding", box=None)
    for finding in findings:
        table.add_row(
            f"[{_COLOURS[finding.level]}]{finding.level}[/]",
            escape(finding.subject),
            escape(_LONG.sub("(below)", finding.message)),
        )
    out.print(table)


def _print_lines(findings: Sequence[Finding]) -> None:
    """A line for each, whole: for a pipe or a file."""
    for finding in findings:
        typer.echo(f"{finding.level}: {finding.subject}: {_LONG.sub('(below)', finding.message)}")


@contextmanager
def faults_found(as_json: bool) -> Iterator[None]:
    """What is wrong with a settings file or with rules is a finding too: each fault is one, and the exit code
    is theirs."""
    try:
        yield
    except RuleInvalid as fault:
        report([Finding("error", "rules and settings", one) for one in str(fault).splitlines()], as_json)


def addresses(findings: Sequence[Finding]) -> list[str]:
    """Those too long for a table, each with what it is for."""
    return [f"{finding.subject}: {one}" for finding in findings for one in _LONG.findall(finding.message)]
