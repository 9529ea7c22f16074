"""Tables of records: in a pipe one record a line with system and id, on a terminal whatever it is called."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from local.cli import _app, _preview_text, _tables, decide, deletions, reconcile, undo
from shared.operations.compare import Difference
from shared.operations.decide import Said
from shared.operations.missing import Question
from shared.operations.undo import Undone
from shared.ports import Missing
from shared.sync.engine.preview import Forecast
from tests.contract.stores_world import START

NAME, ID = r"Fenwick \[/b] & Sons", "7" * 90
LINE = {"sku": None, "quantity": Decimal("1.00")}


def preview() -> None:
    values = {"address1": None, "onHold": True, "net": Decimal("-5.0"), "lines": [LINE]}
    lost = {"system": "sage_50", "field": "name", "lost": "[/]"}
    one = Forecast(ID, NAME, "update", "why", {"sage_50": values}, (lost,), ("a note",), system="sugarcrm")
    _preview_text.print_forecasts([("sales_order", one)], Counter({"update": 1}))


PRINTED: dict[str, Callable[[], None]] = {
    "preview": preview,
    "undo": lambda: undo._print([Undone("account", "sugarcrm", ID, NAME, "restored", "why")]),
    "decide": lambda: decide._print([Said("account", ID, "S1", "same", (NAME, "S"), "why")]),
    "reconcile": lambda: reconcile._print(
        [Difference("account", NAME, "sugarcrm", ID, "name", "", "", "why")], 9
    ),
    "deletions": lambda: deletions._show(
        [Question("account", "sugarcrm", (Missing(ID, START, NAME),))], False
    ),
}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str, bool], str]:
    def printed(command: str, terminal: bool) -> str:
        for module in (_app, _preview_text, _tables, decide, deletions):
            monkeypatch.setattr(module, "on_terminal", lambda: terminal)
        monkeypatch.setattr(_app.out, "soft_wrap", not terminal)
        monkeypatch.setattr(_app.out, "_width", 80)
        PRINTED[command]()
        return capsys.readouterr().out

    return printed


@pytest.mark.parametrize("command", PRINTED)
def test_in_a_pipe_a_record_is_one_line_with_its_id(command: str, screen: Callable[[str, bool], str]) -> None:
    (line,) = [one.split("\t") for one in screen(command, False).splitlines() if "\t" in one]
    assert ID in line and NAME in line
    assert command == "decide" or "sugarcrm" in line


@pytest.mark.parametrize("command", PRINTED)
def test_on_a_terminal_a_name_is_shown_as_it_stands(command: str, screen: Callable[[str, bool], str]) -> None:
    shown = screen(command, True)
    assert max(map(len, shown.splitlines())) <= 80
    assert r"\[/b]" in shown and "│" not in shown


@pytest.mark.parametrize("terminal", [True, False])
def test_a_preview_has_nothing_of_python(terminal: bool, screen: Callable[[str, bool], str]) -> None:
    shown = " ".join(screen("preview", terminal).split())
    assert not any(python in shown for python in ("None", "True", "Decimal", "{"))
    for told in ("address1 = blank", "onHold = yes", "net = -5.0", "quantity 1.00", "name “[/]”", "a note"):
        assert told in shown
