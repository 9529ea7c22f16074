"""The state folder: its port and key are made once and kept."""

import socket
from pathlib import Path

from local.stack.home import default_root, free_port, open_home, port_is_free


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


def test_a_taken_port_is_not_free() -> None:
    port = free_port()
    assert port_is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free(port)
