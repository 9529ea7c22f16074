"""What `tieout trial` prints and writes, and its exit code; what it finds: tests/stories/test_trial.py."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from local.cli import trial as trial_module
from local.cli._trial_text import Sheet
from local.cli.main import app
from shared.mapping.compile import compile_flow
from shared.operations.trial_compare import Difference
from tests.stories.orders import Orders

Tieout = Callable[..., Result]
GROSS = '[sales_order.pricing]\nprices = "gross"\n'


@pytest.fixture(scope="module")
def here() -> Orders:
    made = Orders()
    made.win("desks", name="=Desks [red]")
    made.sync()
    return made


@pytest.fixture
def tieout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: Orders) -> Tieout:
    def run(text: str, *arguments: str, name: str = "flows/sugarcrm--sage_50.toml") -> Result:
        @contextmanager
        def opened(target: Any, integration: str | None) -> Iterator[Any]:
            yield here.rig.services()

        monkeypatch.setattr(trial_module, "open_target", lambda stack: None)
        monkeypatch.setattr(trial_module, "services", opened)
        file = tmp_path / "rules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return CliRunner().invoke(app, ["trial", "--rules", str(tmp_path / "rules"), *arguments])

    return run


def test_differences_are_told_field_by_field_and_in_money(tieout: Tieout) -> None:
    shown = tieout(GROSS)
    assert shown.exit_code == 1
    assert "=Desks [red] (SugarCRM desks)\tSage 50 invoiceItems 1 unitPrice\t100.00\t83.33" in shown.output
    assert "total GBP\t120.00\t100.00" in shown.output
    assert "sales order, SugarCRM to Sage 50: 1 tried; 1 would come out differently" in shown.output
    assert "totals GBP: 120.00 before, 100.00 after, -20.00" in shown.output


def test_nothing_that_differs_is_well(tieout: Tieout) -> None:
    shown = tieout("# nothing\n")
    assert shown.exit_code == 0 and "1 tried; nothing would differ" in shown.output


def test_the_file_has_a_line_for_each_field_and_no_formula(tieout: Tieout, tmp_path: Path) -> None:
    shown = tieout(GROSS, "--csv", str(tmp_path / "out.csv"), "--json")
    assert shown.exit_code == 1
    told = json.loads(shown.output)
    (found,), (way,) = told["differences"], told["ways"]
    assert way["money"] == {"GBP": ["120.00", "100.00"]} and way["fields"] == {"invoiceItems unitPrice": 1}
    assert found["fields"] == [["invoiceItems 1 unitPrice", "100.00", "83.33"]]
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["id"], row["value before"], row["value after"], row["total after"]) for row in rows] == [
        ("desks", "100.00", "83.33", "100.00")
    ]
    assert not rows[0]["name"].startswith("=")


def test_an_amount_below_zero_is_a_number_in_the_file() -> None:
    text, fields = io.StringIO(), (("discount", Decimal("-5.00"), "-5 off"),)
    totals = Decimal("-125.00"), Decimal("-1.5E+2"), "GBP"
    Sheet(text).add(
        Difference("invoice", "vtiger", "sage_50", "1", "Credit", "sent", "sent", fields, *totals)
    )
    assert text.getvalue().splitlines()[1].endswith(",discount,-5.00,'-5 off,-125.00,-150,GBP,archive")


def test_a_field_that_is_not_in_the_archive_is_named_and_is_no_finding(tieout: Tieout) -> None:
    text = '[fields]\nnotes = { path = "lead_source", access = "read" }\n'
    shown = tieout(text, name="systems/sugarcrm/sales_order.toml")
    assert shown.exit_code == 0 and "notes: not in the archive (1 record)" in shown.output
    assert "--live N reads N" in shown.output


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--entity", "invoices"), "Unknown entity “invoices”"),
        (("--since", "soon"), "“soon” is no time"),
        (("--rules", "nowhere"), "nowhere is not a folder"),
    ],
)
def test_what_cannot_be_tried_is_a_sentence(tieout: Tieout, arguments: tuple[str, ...], words: str) -> None:
    shown = tieout(GROSS, *arguments)
    assert shown.exit_code == 2 and words in " ".join(shown.output.split())


def test_rules_that_cannot_be_taken_say_why(tieout: Tieout) -> None:
    shown = tieout('[sales_order.pricing]\nprices = "free"\n')
    assert shown.exit_code == 2 and "prices" in shown.output
    assert compile_flow("sugarcrm--sage_50"), "what is stored stays"
