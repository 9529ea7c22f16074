"""A local stack on the real template: held until released, its state kept over a stop and, as last saved,
over a kill."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.stack import launch
from local.stack.home import Home, holder, open_home
from local.stack.process import down, reading, status, up
from local.stack.stack import start
from shared.ports import Run
from shared.settings import ENTITIES
from tests.integration.local_stack import SETTINGS

pytestmark = [pytest.mark.stack, pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found = open_home(tmp_path / "state")
    yield found
    if pid := holder(found.root):
        launch.end(found, pid)


def run_ids(home: Home) -> list[str]:
    with reading(home.root) as target:
        return [run.run_id for run in target.stores("main").log.runs()]


def test_what_it_knows_outlives_a_stop_and_a_kill_is_noticed(home: Home) -> None:
    stack = up(SETTINGS, home.root)
    assert status(home.root).state == "running" and launch.control(home, "status")["held"] is False
    log = stack.target.stores("main").log
    log.put_run(
        Run(
            "20261120T090000Z-aaaa",
            "manual",
            "sales_order",
            "sugarcrm",
            datetime(2026, 11, 20, 9, tzinfo=UTC),
        )
    )
    assert down(home.root) is True and status(home.root).state == "stopped"
    assert run_ids(home) == ["20261120T090000Z-aaaa"]

    stack = up(None, home.root)
    assert stack.target.integrations().state("main").recovering_since is None
    os.kill(stack.pid, signal.SIGKILL)
    while launch.alive(stack.pid):
        time.sleep(0.05)
    assert status(home.root).state == "killed"
    (home.root / "stack.json").write_text('{"port": ')  # as a full disk may leave it: key and port are new

    stack = up(None, home.root)
    assert stack.target.integrations().state("main").recovering_since is not None
    assert stack.target.stores("main").log.runs()[0].run_id == "20261120T090000Z-aaaa"
    assert down(home.root) is True and down(home.root) is None


def test_it_ends_with_its_starter_and_a_second_one_is_refused(home: Home) -> None:
    stack = start(home, SETTINGS, detached=False)
    with pytest.raises(launch.StackFault, match="is already running"):
        start(home, SETTINGS, detached=False)
    assert all(stack.target.stores("main").queue.depth(entity) == 0 for entity in ENTITIES)
    assert stack.process is not None and stack.process.stdin is not None
    stack.process.stdin.close()
    assert stack.process.wait(launch.STOP_SECONDS) == 0
    assert status(home.root).state == "stopped"


def test_a_deployment_that_fails_leaves_nothing_behind(home: Home) -> None:
    with pytest.raises(launch.StackFault, match="could not be deployed locally"):
        start(home, SETTINGS, detached=False, parameters={"PollMinutes": "soon"})
    assert launch.running(home) is None and not (home.root / "state" / "current").exists()
    with pytest.raises(launch.StackFault, match="no local stack yet"), reading(home.root):
        pass
