"""The file that a release hands out: what `sam build` built, as one zip with its checksum."""

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

BESIDE = ("samconfig.toml", "LICENSE", "CHANGELOG.md")
"""Put in as well, so that `sam deploy` finds its defaults and the reader the terms."""
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


def pack(root: Path, build: Path, target: Path, moment: datetime) -> Path:
    """Writes `target`, and `target`.sha256 in the form that `sha256sum --check` reads; returns the latter.

    The same build gives the same bytes: names are sorted, every file bears `moment`, and of its rights only
    whether it can be run is kept.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    stamp = max(moment.astimezone(UTC), _EARLIEST).timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, path in sorted(_files(root, build)):
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
            made.writestr(entry, path.read_bytes())
    checksum = target.with_name(f"{target.name}.sha256")
    checksum.write_text(f"{_digest(target)}  {target.name}\n")
    return checksum


def _files(root: Path, build: Path) -> Iterator[tuple[str, Path]]:
    for path in build.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(build).as_posix(), path
    for name in BESIDE:
        if (root / name).exists():
            yield name, root / name


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
