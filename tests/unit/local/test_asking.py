"""What a command asks about first is not done for asking for JSON."""

from typing import Never

import pytest
from typer.testing import CliRunner

from local.cli import dead, decide, deletions, erase, undo
from local.cli.main import app


@pytest.mark.parametrize(
    "asked",
    [
        ("erase", "Ann Smith"),
        ("undo", "20261130T091500Z-4f1c"),
        ("decide", "11x42", "same", "c7a1"),
        ("decide", "--file", "pairs.csv"),
        ("deletions", "--gone"),
        ("deletions", "--not-gone"),
        ("dead", "--drop", "--all"),
    ],
    ids=" ".join,
)
def test_json_alone_answers_no_question(asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (dead, decide, deletions, erase, undo):
        monkeypatch.setattr(module, "open_target", _opened)
    refused = CliRunner().invoke(app, [*asked, "--json"])
    assert refused.exit_code == 2 and "nothing was done. Say --yes" in " ".join(refused.stderr.split())
    assert refused.stdout == ""
    with pytest.raises(Reached):
        CliRunner().invoke(app, [*asked, "--json", "--yes"], catch_exceptions=False)


@pytest.mark.parametrize("command", ["erase", "decide"])
def test_what_would_be_done_may_be_seen_as_json(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (decide, erase):
        monkeypatch.setattr(module, "open_target", _opened)
    said = ("same",) if command == "decide" else ()
    with pytest.raises(Reached):
        CliRunner().invoke(app, [command, "Ann", *said, "--dry-run", "--json"], catch_exceptions=False)


class Reached(Exception):
    """The stack was opened."""


def _opened(stack: str | None) -> Never:
    raise Reached
