"""Which version this is. `pyproject.toml` alone names it; an installed copy has it in its metadata."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROJECT = "tieout"
_ROOT = Path(__file__).parents[1]


def read_version(root: Path = _ROOT) -> str:
    """The version of the clone at `root`; of the installed package where there is no clone; else "unknown".

    The clone comes first: an older copy may be installed beside it, and is not what runs.
    """
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if project["name"] == PROJECT:
            return str(project["version"])
    except (OSError, KeyError):
        pass
    try:
        return version(PROJECT)
    except PackageNotFoundError:
        return "unknown"
