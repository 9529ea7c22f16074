"""Findings of `connect` and `check`, as a table or JSON."""

from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.markup import escape
from rich.table import Table

from local.cli._app import FINDINGS, out, show_json
from shared.ports import Finding

_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


def report(findings: Sequence[Finding], as_json: bool) -> None:
    """Prints the findings; exits with 1 when one of them is an error."""
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        table = Table("", "what", "finding", box=None)
        for finding in findings:
            table.add_row(
                f"[{_COLOURS[finding.level]}]{finding.level}[/]",
                escape(finding.subject),
                escape(finding.message),
            )
        out.print(table)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(FINDINGS)
