"""The mapping guide's change in five minutes, done as the page says: its edit, then its commands one after
another, with the real engine and the emulated vendors."""

import re
import shlex
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.cli import log, sync
from local.demo.flows import FLOWS
from local.demo.settings_folder import scaffold, write_folder
from local.demo.sugarcrm_sage_50.sample import sample
from shared.bootstrap import Services, open_services
from shared.operations.handle_batch import Message, handle
from shared.operations.poll import poll
from shared.operations.poll_messages import message_of
from shared.operations.poll_tasks import PollTask
from shared.ports import Run
from tests.e2e.settings_world import Desk, Stack, vendors

PAGE = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text("utf-8")
SECTION = PAGE.partition("## One change in five minutes\n")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^ {7}tieout (.*)$", SECTION, re.M)
FOLDER = ".tieout/demo/"
(RULE,) = re.findall(rf"`{re.escape(FOLDER)}rules/(systems/\S+\.toml)`", SECTION)
(EDIT,) = re.findall(r"```toml\n(.*?)```", SECTION, re.S)


class Works(Stack):
    """A stack in memory that does what is queued at once."""

    def polls(self) -> Any:
        return self

    def send(self, messages: list[tuple[str, dict[str, Any]]]) -> None:
        for name, body in messages:
            opened = self._services(name)
            task = message_of(body)
            assert isinstance(task, PollTask)
            poll(opened, task)
            opened.close()
        while events := self.world.receive("sales_order", 50):
            handle([Message(str(at), one) for at, one in enumerate(events)], self._services)

    def _services(self, name: str) -> Services:
        return open_services(
            name,
            stores=self.stores(name),
            integrations=self.integrations(),
            environment=self.environment,
            owner="worker",
            deadline=datetime.now(UTC) + timedelta(minutes=5),
        )


@dataclass
class Here:
    """The demonstration, with five deals in it."""

    desk: Desk

    def __post_init__(self) -> None:
        demo = FLOWS["sugarcrm--sage_50"]
        connections = demo.connections(self.desk.addresses)
        write_folder(self.desk.folder, "acme", demo.flow, connections, demo.all_secrets({}))
        self.desk.started()
        self.tell("sage_50", "customers", {"accountRef": "SMITH001", "name": "Smith & Co", "currency": 1})
        self.tell("sugarcrm", "accounts", {"id": "acc-1", "name": "Smith", "sales_account_ref_c": "SMITH001"})
        for stage in ("Closed Won", "Negotiation/Review", "Prospecting", "Negotiation/Review"):
            deal = {"name": f"Chairs, {stage}", "amount": "100.00", "sales_stage": stage}
            self.tell(
                "sugarcrm",
                "opportunities",
                {**deal, "currency_id": "-99", "date_closed": "2026-11-20", "account_id": "acc-1"},
            )

    def tell(self, system: str, what: str, body: dict[str, Any]) -> None:
        url = f"{self.desk.addresses[system]}/_admin/{what}"
        assert httpx.post(url, json=body, trust_env=False).status_code == 200

    def orders(self) -> list[str]:
        """The names of the deals that became orders."""
        rows = self.desk.stack.stores("acme").log.rows(limit=100)
        return sorted(row.label for row in rows if row.outcome.kind == "created")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Here]:
    with vendors() as addresses:
        desk = Desk(tmp_path, monkeypatch, addresses, Works())
        for module, name in ((sync, "open_target"), (log, "open_target")):
            monkeypatch.setattr(module, name, lambda stack: desk.stack, raising=False)
        monkeypatch.setattr(log, "read_target", lambda stack: nullcontext(desk.stack), raising=False)
        monkeypatch.setattr(sync, "wait_for", lambda target, name, runs, *_, **__: _ended(target, name, runs))
        yield Here(desk)


def _ended(target: Any, name: str, runs: list[str]) -> list[Run]:
    return [run for run in target.stores(name).log.runs(limit=50) if run.run_id in runs]


def test_m4_the_page_works_as_it_stands(here: Here) -> None:
    desk, folder, tieout = here.desk, here.desk.folder, here.desk.tieout
    steps = [shlex.split(one.replace(FOLDER, f"{folder}/")) for one in COMMANDS]
    first, check, preview, connecting, syncing, logged = steps
    begun = tieout("sync", "--wait")
    assert begun.exit_code == 0, begun.output
    assert here.orders() == ["Chairs, Closed Won"]
    assert "rules that are stored" in tieout(*first).output

    _edit(folder / "rules" / RULE)
    assert tieout(*check).exit_code == 0
    tried = tieout(*preview)
    assert tried.output.count("create") >= 2 and "Negotiation/Review" in tried.output
    assert desk.stored().rules[RULE] == scaffold(RULE), "nothing was stored yet"

    changed = tieout(*connecting)
    assert changed.exit_code == 0 and "“Closed Won” (as shipped) →" in changed.output, changed.output
    assert tieout(*syncing).exit_code == 0
    shown = tieout(*logged)
    assert shown.exit_code == 0 and "Chairs, Negotiation/Review" in shown.output
    assert here.orders() == ["Chairs, Closed Won", *["Chairs, Negotiation/Review"] * 2]


def test_the_sample_has_as_many_such_deals_as_the_page_says() -> None:
    rows = [one.values for one in sample().opportunities if one.values["sales_stage"] == "Negotiation/Review"]
    assert len(rows) == 6 and "Six deals were in that stage" in SECTION


def test_the_shipped_file_has_the_lines_that_the_page_changes() -> None:
    header, line = EDIT.split("\n")[:2]
    shipped = scaffold(RULE).splitlines()
    assert f"#{header.strip()}" in shipped
    assert [one for one in shipped if one.startswith(f"#{line.strip().partition('=')[0]}=")]


def _edit(path: Path) -> None:
    """Takes the # away from the page's lines, and changes what they say."""
    lines = path.read_text("utf-8").splitlines()
    for wanted in filter(None, (one.strip() for one in EDIT.splitlines())):
        key = f"#{wanted.partition('=')[0]}"
        at = next(number for number, line in enumerate(lines) if line.startswith(key))
        lines[at] = wanted
    path.write_text("\n".join(lines) + "\n", "utf-8")
