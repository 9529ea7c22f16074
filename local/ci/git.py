"""The few questions that a release asks git."""

import subprocess
from pathlib import Path


class GitFault(Exception):
    """git refused; the message is what it said."""


class Git:
    def __init__(self, root: Path) -> None:
        self._root = root

    def changes(self) -> list[str]:
        """Paths that are changed or not yet known to git; ignored ones are not among them."""
        return [line[3:] for line in self._ask("status", "--porcelain").splitlines()]

    def commit(self) -> str:
        return self._ask("rev-parse", "HEAD").strip()

    def committed_at(self) -> int:
        """Seconds since 1970."""
        return int(self._ask("log", "-1", "--format=%ct"))

    def has_tag(self, name: str) -> bool:
        return self._ask("tag", "--list", name).strip() != ""

    def signing_key(self) -> str:
        """Blank: tags cannot be signed here."""
        return self._ask("config", "--default", "", "--get", "user.signingkey").strip()

    def committer(self) -> str:
        """Name and address, without the time that git adds. Raises GitFault where git knows neither."""
        return self._ask("var", "GIT_COMMITTER_IDENT").rsplit(" ", 2)[0]

    def tag(self, name: str, message: str, *, signed: bool) -> None:
        """Lines that begin with # are kept: they are headings. Raises GitFault, and leaves no tag, also where
        git could not load the key and tagged unsigned (seen with git 2.39 and an SSH key that is not there).
        """
        self._ask("tag", "-s" if signed else "-a", "--cleanup=whitespace", "-F", "-", name, text=message)
        if signed and " SIGNATURE-----" not in self._ask("cat-file", "tag", name):
            self._ask("tag", "--delete", name)
            raise GitFault("git tag: did not sign; does user.signingkey name a key that is there?")

    def _ask(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self._root, input=text, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise GitFault(f"git {arguments[0]}: {done.stderr.strip() or 'failed'}")
        return done.stdout
