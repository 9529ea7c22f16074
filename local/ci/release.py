"""`make release`: checks, packs what is deployed, and tags. Nothing leaves this machine.

    python -m local.ci.release [--dry-run]

The version is that of `pyproject.toml`. Refuses, with exit code 1 and a sentence, when something is not as a
release needs it. `--dry-run` does all of it but the tag.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from local.ci.changelog import Entry, newest
from local.ci.git import Git, GitFault
from local.ci.release_zip import pack
from local.version import PROJECT, read_version

ROOT = Path(__file__).parents[2]
Say = Callable[[str], None]


class Refused(Exception):
    """This cannot be released as it stands; the message is a sentence."""


def release(root: Path, *, dry: bool, today: date, say: Say = print) -> None:
    """Raises Refused before anything is tagged."""
    git = Git(root)
    version = read_version(root)
    tag = f"v{version}"
    entry = ready(root, git, version, tag, today)
    commit = git.commit()
    say(f"{PROJECT} {version}: the tree is clean and the changelog is dated. Now everything in .ci/run.")
    _check(root, git, commit)
    target = root / "dist" / f"{PROJECT}-{version}.zip"
    moment = datetime.fromtimestamp(git.committed_at(), UTC)
    checksum = pack(root, root / ".aws-sam" / "build", target, moment)
    say(f"Packed {target.relative_to(root)}; checksum in {checksum.relative_to(root)}.")
    if dry:
        say(f"A dry run: the tag {tag} was not made.")
        return
    _tag(git, tag, entry, say)


def ready(root: Path, git: Git, version: str, tag: str, today: date) -> Entry:
    """The changelog's entry about `version`. Raises Refused, or GitFault where git does not know who tags:
    all that is cheap to find out.
    """
    git.committer()
    if dirty := git.changes():
        raise Refused(f"The work tree is not clean: commit or remove {', '.join(dirty[:5])}.")
    if git.has_tag(tag):
        raise Refused(f"The tag {tag} exists: give pyproject.toml the next version.")
    try:
        entry = newest((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    except ValueError as fault:
        raise Refused(f"CHANGELOG.md: {fault}.") from None
    if entry.version != version:
        raise Refused(f"CHANGELOG.md is about {entry.version} and pyproject.toml about {version}.")
    if entry.day is None:
        raise Refused(f"CHANGELOG.md calls {version} unreleased: give it today's date and commit.")
    if entry.day > today:
        raise Refused(f"CHANGELOG.md gives {version} the date {entry.day}, which is still to come.")
    if not entry.text:
        raise Refused(f"CHANGELOG.md says nothing about {version}.")
    return entry


def _check(root: Path, git: Git, commit: str) -> None:
    """`.ci/run`, and whether it built something and left the tree as it was."""
    build = root / ".aws-sam" / "build"
    shutil.rmtree(build, ignore_errors=True)
    if subprocess.run([root / ".ci" / "run"], cwd=root, check=False).returncode != 0:
        raise Refused("A check failed: see above.")
    if not (build / "template.yaml").exists():
        raise Refused("Nothing was built: .ci/run needs a working python3.13 for that.")
    if git.changes() or git.commit() != commit:
        raise Refused("The work tree changed while it was checked: start again.")


def _tag(git: Git, tag: str, entry: Entry, say: Say) -> None:
    signed = git.signing_key() != ""
    message = f"{PROJECT} {entry.version}\n\n{entry.text}\n\nSigned-off-by: {git.committer()}\n"
    git.tag(tag, message, signed=signed)
    how = (
        "signed with your key"
        if signed
        else "annotated and signed off, but not signed: user.signingkey is not set"
    )
    say(f"Tagged {tag}, {how}. Publish it with: git push origin {tag}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.ci.release", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="all of it but the tag")
    options = parser.parse_args(arguments)
    try:
        release(ROOT, dry=options.dry_run, today=datetime.now(UTC).date())
    except (Refused, GitFault) as fault:
        print(f"No release. {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
