"""`make release` refuses what is not ready, packs what was built, and tags last. On a project of three files,
whose `.ci/run` builds a template and nothing else."""

import subprocess
import zipfile
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest

from local.ci.changelog import newest
from local.ci.git import GitFault
from local.ci.release import Refused, release
from local.ci.release_zip import pack

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 29)
BUILDS = """
mkdir -p .aws-sam/build/Poll
echo T > .aws-sam/build/template.yaml
echo x > .aws-sam/build/Poll/a.py"""
ENTRY = "### Added\n\n- A thing.\n"


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def project(
    root: Path, *, heading: str = "[0.2.0] - 2026-11-29", text: str = ENTRY, run: str = BUILDS
) -> Path:
    (root / ".ci").mkdir(parents=True)
    (root / ".ci/run").write_text(f"#!/bin/sh\n{run}\n")
    (root / ".ci/run").chmod(0o755)
    (root / ".gitignore").write_text(".aws-sam/\ndist/\n")
    (root / "pyproject.toml").write_text('[project]\nname = "tieout"\nversion = "0.2.0"\n')
    (root / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## {heading}\n\n{text}\n## [0.1.0] - 2026-11-22\n\nOld.\n"
    )
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--no-verify", "-m", "Begin")
    return root


@pytest.fixture(autouse=True)
def nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """git as on a new machine, whatever the person who runs the tests has configured."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann Bell")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.test")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)


def released(root: Path, *, dry: bool = False) -> list[str]:
    said: list[str] = []
    release(root, dry=dry, today=TODAY, say=said.append)
    return said


def test_a_release_is_packed_with_its_checksum_and_tagged(tmp_path: Path) -> None:
    root = project(tmp_path)
    said = released(root)
    packed = root / "dist/tieout-0.2.0.zip"
    assert set(zipfile.ZipFile(packed).namelist()) == {"template.yaml", "Poll/a.py", "CHANGELOG.md"}
    checksum = packed.with_name("tieout-0.2.0.zip.sha256").read_text()
    assert checksum == f"{sha256(packed.read_bytes()).hexdigest()}  tieout-0.2.0.zip\n"
    message = git(root, "tag", "-l", "v0.2.0", "--format=%(objecttype)\n%(contents)")
    assert message.startswith("tag\ntieout 0.2.0\n\n### Added\n\n- A thing.")
    assert "Signed-off-by: Ann Bell <ann@example.test>" in message and "Old." not in message
    assert "not signed: user.signingkey is not set" in said[-1] and "git push origin v0.2.0" in said[-1]


def test_a_dry_run_does_all_of_it_but_the_tag(tmp_path: Path) -> None:
    root = project(tmp_path)
    assert released(root, dry=True)[-1] == "A dry run: the tag v0.2.0 was not made."
    assert (root / "dist/tieout-0.2.0.zip").exists() and git(root, "tag") == ""


@pytest.mark.skipif(which("ssh-keygen") is None, reason="makes a key with OpenSSH")
def test_with_a_key_the_tag_is_signed(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    root = project(tmp_path / "project")
    git(root, "config", "gpg.format", "ssh")
    git(root, "config", "user.signingkey", str(key))
    assert "signed with your key" in released(root)[-1]
    assert "BEGIN SSH SIGNATURE" in git(root, "cat-file", "tag", "v0.2.0")


def test_a_key_that_does_not_sign_leaves_no_tag(tmp_path: Path) -> None:
    root = project(tmp_path)
    git(root, "config", "gpg.format", "ssh")
    git(root, "config", "user.signingkey", str(tmp_path / "no-such-key"))
    with pytest.raises(GitFault, match="git tag: "):
        released(root)
    assert git(root, "tag") == ""


@pytest.mark.parametrize(
    ("heading", "text", "said"),
    [
        ("[0.2.0] - unreleased", ENTRY, "calls 0.2.0 unreleased: give it today's date"),
        ("[0.2.0] - 29 November", ENTRY, "has the date “29 November”"),
        ("[0.2.0] - 2026-11-30", ENTRY, "2026-11-30, which is still to come"),
        ("[0.3.0] - 2026-11-29", ENTRY, "is about 0.3.0 and pyproject.toml about 0.2.0"),
        ("[0.2.0] - 2026-11-29", "", "says nothing about 0.2.0"),
    ],
)
def test_a_changelog_that_is_not_ready_is_refused(tmp_path: Path, heading: str, text: str, said: str) -> None:
    root = project(tmp_path, heading=heading, text=text)
    with pytest.raises(Refused, match=said):
        released(root)
    assert not (root / ".aws-sam").exists()


@pytest.mark.parametrize("name", ["README.md", "pyproject.toml"])
def test_a_tree_that_is_not_clean_is_refused(tmp_path: Path, name: str) -> None:
    root = project(tmp_path)
    with (root / name).open("a") as opened:
        opened.write("\n")
    with pytest.raises(Refused, match=f"not clean: commit or remove {name}"):
        released(root)


def test_a_tag_that_exists_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path)
    git(root, "tag", "v0.2.0")
    with pytest.raises(Refused, match=r"The tag v0\.2\.0 exists"):
        released(root)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (f"{BUILDS}; exit 1", "A check failed"),
        ("exit 0", r"Nothing was built: .* python3\.13"),
        (f"{BUILDS}; echo >> CHANGELOG.md", "changed while it was checked"),
        (f"{BUILDS}; git commit --quiet --allow-empty -m more", "changed while it was checked"),
    ],
)
def test_what_the_checks_do_not_pass_is_not_packed(tmp_path: Path, run: str, said: str) -> None:
    root = project(tmp_path, run=run)
    with pytest.raises(Refused, match=said):
        released(root)
    assert not (root / "dist").exists() and git(root, "tag") == ""


def test_what_an_earlier_build_left_is_not_released(tmp_path: Path) -> None:
    root = project(tmp_path, run="exit 0")
    (root / ".aws-sam/build").mkdir(parents=True)
    (root / ".aws-sam/build/template.yaml").write_text("old")
    with pytest.raises(Refused, match="Nothing was built"):
        released(root)


def test_git_must_know_who_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "")
    git(root, "config", "user.useConfigOnly", "true")
    with pytest.raises(GitFault, match="git var: "):
        released(root)


def test_the_same_build_is_packed_into_the_same_bytes(tmp_path: Path) -> None:
    build = tmp_path / "build"
    (build / "__pycache__").mkdir(parents=True)
    (build / "__pycache__/a.pyc").write_text("")
    (build / "bootstrap").write_text("x")
    (build / "bootstrap").chmod(0o700)
    moment = datetime(2026, 11, 29, 12, tzinfo=UTC)
    first, second = (pack(tmp_path, build, tmp_path / name / "a.zip", moment) for name in ("one", "two"))
    assert first.read_text() == second.read_text()
    (entry,) = zipfile.ZipFile(tmp_path / "one/a.zip").infolist()
    assert (entry.filename, entry.external_attr >> 16) == ("bootstrap", 0o100755)


def test_the_newest_entry_ends_where_the_next_begins() -> None:
    entry = newest("# Changelog\n\n## [2.0.0] - unreleased\n\nNew.\n\n## [1.0.0] - 2026-01-01\n\nOld.\n")
    assert (entry.version, entry.day, entry.text) == ("2.0.0", None, "New.")
    with pytest.raises(ValueError, match="no heading"):
        newest("# Changelog\n")


@pytest.mark.parametrize(("given", "handed_on"), [([], False), (["DRY=1"], True)])
def test_make_hands_the_dry_run_on(given: list[str], handed_on: bool) -> None:
    done = subprocess.run(
        ["make", "-n", "release", *given], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert "-m local.ci.release" in done.stdout and ("--dry-run" in done.stdout) is handed_on
