"""The zip that is deployed locally, and how a template is made ready for it."""

import zipfile
from pathlib import Path

import pytest

from local.stack.deploy import declared
from local.stack.launch import StackFault
from local.stack.package import pack, pins

ROOT = Path(__file__).parents[3]


def project(tmp_path: Path, requirements: str = "h11==0.16.0 \\\n    --hash=sha256:aa\n") -> Path:
    (tmp_path / "src" / "shared").mkdir(parents=True)
    (tmp_path / "src" / "shared" / "a.py").write_text("A = 1\n")
    (tmp_path / "src" / "shared" / "__pycache__").mkdir()
    (tmp_path / "src" / "shared" / "__pycache__" / "a.pyc").write_text("")
    (tmp_path / "requirements.txt").write_text(requirements)
    return tmp_path


def test_it_holds_the_sources_and_the_pinned_packages_and_nothing_else(tmp_path: Path) -> None:
    names = zipfile.ZipFile(pack(tmp_path / "build", project(tmp_path))).namelist()
    assert "shared/a.py" in names and "h11/__init__.py" in names
    assert not [name for name in names if "__pycache__" in name or not name.startswith(("shared/", "h11"))]


def test_the_same_content_has_the_same_name_and_another_has_another(tmp_path: Path) -> None:
    made = project(tmp_path)
    first = pack(tmp_path / "build", made)
    assert pack(tmp_path / "build", made) == first
    (made / "src" / "shared" / "a.py").write_text("A = 2\n")
    assert pack(tmp_path / "build", made) != first and not first.exists()


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        StackFault, match=r"no-such-thing 1\.0, listed in requirements\.txt, is not installed"
    ):
        pack(tmp_path / "build", project(tmp_path, "no-such-thing==1.0\n"))


def test_markers_decide() -> None:
    assert pins(
        'a==1 ; sys_platform == "nowhere"\nb==2 ; python_version >= "3"\nc==3 \\\n    --hash=sha256:0\n'
    ) == [("b", "2"), ("c", "3")]


def test_the_parameters_of_a_template_are_found() -> None:
    found = declared((ROOT / "template.yaml").read_text())
    assert {"AllowLocal", "PollMinutes"} <= found and not found & {"Type", "StateTable", "Globals"}
    assert declared("Resources:\n  A:\n") == set()
