"""How large one function's deployment package is: what `sam build` made, else the same content packed
here."""

import tempfile
import zipfile
from pathlib import Path

from bench.figures import Figures, told
from local.stack.package import pack

PROJECT = Path(__file__).parents[1]
_BUILT = PROJECT / ".aws-sam" / "build" / "SyncSalesOrder"


def run() -> Figures:
    """Figures by name. All functions share one content, so one of them stands for all."""
    with tempfile.TemporaryDirectory() as folder:
        packed, origin = (
            (_zipped(_BUILT, Path(folder)), "sam build")
            if _BUILT.is_dir()
            else (pack(Path(folder)), "src and the pinned packages, for this machine's processor")
        )
        with zipfile.ZipFile(packed) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        return {
            "artifact of one function, zipped": told(packed.stat().st_size / 1e6, "MB", origin),
            "artifact of one function, unpacked": told(unpacked / 1e6, "MB"),
        }


def _zipped(folder: Path, into: Path) -> Path:
    target = into / "built.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return target
