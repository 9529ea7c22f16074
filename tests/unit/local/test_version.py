"""The version stands in one place, and the changelog is about it."""

import re
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from local import version
from local.ci.changelog import newest

ROOT = Path(__file__).parents[3]


def metadata_of(found: str | None) -> object:
    def asked(name: str) -> str:
        assert name == "tieout"
        if found is None:
            raise PackageNotFoundError(name)
        return found

    return asked


def test_a_clone_says_what_its_project_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "version", metadata_of("0.0.9"))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tieout"\nversion = "7.1.0"\n')
    assert version.read_version(tmp_path) == "7.1.0"


@pytest.mark.parametrize("text", [None, "[tool.ruff]\n", '[project]\nname = "other"\nversion = "9.9.9"\n'])
@pytest.mark.parametrize(("installed", "said"), [("0.0.9", "0.0.9"), (None, "unknown")])
def test_an_installed_copy_says_what_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, installed: str | None, said: str
) -> None:
    monkeypatch.setattr(version, "version", metadata_of(installed))
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    assert version.read_version(tmp_path) == said


def test_the_changelog_is_about_this_version() -> None:
    entry = newest((ROOT / "CHANGELOG.md").read_text())
    assert entry.version == version.read_version() and entry.text


def test_no_program_or_setting_names_the_version_by_hand() -> None:
    files = [path for folder in ("src", "local", "bench") for path in (ROOT / folder).rglob("*.py")]
    files += [ROOT / name for name in ("Makefile", "template.yaml", "samconfig.toml", ".ci/run")]
    naming = re.compile(rf"(?<![\w.]){re.escape(version.read_version())}(?![\w.])")
    assert [path.name for path in files if naming.search(path.read_text(encoding="utf-8"))] == []
