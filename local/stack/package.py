"""Packs what is deployed into one zip: `src/` and exactly the packages that requirements.txt names.

The packages come from this interpreter's own environment, so nothing is downloaded. The same content gives
the same name, so an unchanged stack is not deployed again.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker

from local.stack.launch import StackFault

PROJECT = Path(__file__).parents[2]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)[^;\\\n]*(;[^\\\n]*)?", re.M)
_SKIPPED = ("__pycache__", ".pyc", ".pyi")
_EPOCH = (2020, 1, 1, 0, 0, 0)


def pack(folder: Path, project: Path = PROJECT) -> Path:
    """The zip's path in `folder`, named by its content. Raises StackFault when a required package is not
    installed."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted({**dict(packages(project / "requirements.txt")), **dict(sources(project / "src"))}.items())
    digest = hashlib.sha256()
    for name, path in files:
        digest.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    target = folder / f"code-{digest.hexdigest()[:16]}.zip"
    if not target.exists():
        for old in folder.glob("code-*.zip"):
            old.unlink()
        _write(target, files)
    return target


def sources(src: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(src.rglob("*")):
        if path.is_file() and not _skipped(path):
            yield path.relative_to(src).as_posix(), path


def packages(requirements: Path) -> Iterator[tuple[str, Path]]:
    """(name in the zip, file) of every package that is pinned for this platform."""
    for name, version in pins(requirements.read_text()):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            raise StackFault(
                f"{name} {version}, listed in requirements.txt, is not installed; run `make setup`."
            ) from None
        for file in found.files or ():
            path = Path(str(file.locate()))
            if ".." not in file.parts and not _skipped(path) and path.is_file():
                yield file.as_posix(), path


def pins(text: str) -> list[tuple[str, str]]:
    """(package, version) of each pinned line whose marker, if any, does not rule this platform out."""
    return [(found[1], found[2]) for found in _PIN.finditer(text) if not _ruled_out(found[3] or "")]


def _ruled_out(marker: str) -> bool:
    if not marker.strip("; "):
        return False
    return not Marker(marker.strip("; ")).evaluate()


def _skipped(path: Path) -> bool:
    return any(part in path.as_posix() for part in _SKIPPED)


def _write(target: Path, files: list[tuple[str, Path]]) -> None:
    fresh = target.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, path in files:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    fresh.replace(target)
