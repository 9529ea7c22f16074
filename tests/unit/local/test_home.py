"""The state folder: its port and key are made once and kept."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.stack.home import default_root, free_port, holder, open_home, port_is_free


def test_port_and_key_are_remembered(tmp_path: Path) -> None:
    first = open_home(tmp_path / "state")
    again = open_home(tmp_path / "state")
    assert (again.port, again.secret) == (first.port, first.secret) and len(first.secret) > 30


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    home = open_home(tmp_path / "state")
    assert (home.root / "stack.json").stat().st_mode & 0o077 == 0
    assert home.root.stat().st_mode & 0o077 == 0


def test_a_port_that_was_taken_is_replaced_and_the_key_kept(tmp_path: Path) -> None:
    home = open_home(tmp_path / "state")
    with socket.create_server(("127.0.0.1", home.port)):
        moved = open_home(tmp_path / "state")
    assert moved.port != home.port and moved.secret == home.secret


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{")
    assert open_home(tmp_path).port > 0


def test_the_folder_can_be_chosen(tmp_path: Path) -> None:
    assert default_root({"TIEOUT_HOME": str(tmp_path)}) == tmp_path
    assert default_root({}).name == ".tieout"


def test_it_is_found_from_any_folder_below_and_else_beside_the_program(tmp_path: Path) -> None:
    work = tmp_path / "books" / "2026"
    work.mkdir(parents=True)
    assert default_root({}, work) in (work / ".tieout", Path(__file__).parents[3] / ".tieout")
    above = tmp_path / ".tieout"
    (work / ".tieout").mkdir()
    open_home(above)
    assert default_root({}, work) == above, "an empty folder is no stack"
    open_home(work / ".tieout")
    assert default_root({}, work) == work / ".tieout"
    assert default_root({"TIEOUT_HOME": "~/t"}, work) == Path.home() / "t"


def test_two_first_commands_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        homes = list(many.map(open_home, [tmp_path / "state"] * 8))
    assert len({(home.port, home.secret) for home in homes}) == 1


def test_two_that_look_at_once_do_not_take_each_other_for_a_running_stack(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    (home.root / "lock").write_text("1")
    with ThreadPoolExecutor(8) as many:
        assert set(many.map(holder, [home.root] * 400)) == {None}


@contextmanager
def running_stack(root: Path, **environment: str) -> Iterator[int]:
    """A process that holds the folder as an emulator does."""
    text = (
        "import fcntl, os, sys, time; lock = open('lock', 'a+'); fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "for name in ('lock', 'running'): open(name, 'w').write(str(os.getpid()))\n"
        "print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-S", "-c", text]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.kill()


@pytest.mark.parametrize("cut", ["lock", "running"])
def test_a_file_with_the_process_that_was_cut_hides_no_running_stack(tmp_path: Path, cut: str) -> None:
    with running_stack(tmp_path) as pid:
        (tmp_path / cut).write_text("")
        assert holder(tmp_path) == pid
    assert holder(tmp_path) is None


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
@pytest.mark.parametrize("left", ["", '{"port": 40', "[]"])
def test_a_cut_stack_json_does_not_lose_the_stack_that_runs(tmp_path: Path, left: str) -> None:
    with running_stack(tmp_path, GATEWAY_PORT="40123", AWS_SECRET_ACCESS_KEY="of this stack"):
        (tmp_path / "stack.json").write_text(left)
        for _ in range(2):
            home = open_home(tmp_path)
            assert (home.port, home.secret) == (40123, "of this stack")


def test_a_taken_port_is_not_free() -> None:
    port = free_port()
    assert port_is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free(port)
