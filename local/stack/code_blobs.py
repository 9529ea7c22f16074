"""The handlers' code as the emulator keeps it: zip files named by their digest. Imported only by `server.py`.

What is not the file that was deployed is thrown away before anything runs, and what is missing is named,
so that the launcher sends it again: the emulator itself would start without it and fail every event.
"""

import hashlib
from pathlib import Path

from ministack.services import lambda_svc


def discard_altered() -> None:
    """Deletes every file whose content is not what its name says."""
    for found in Path(lambda_svc.CODE_BLOB_DIR).glob("*.zip"):
        if hashlib.sha256(found.read_bytes()).hexdigest() != found.stem:
            found.unlink()


def missing() -> list[str]:
    """The functions whose code the emulator does not have."""
    return sorted(
        str(key[-1]) for key, record in lambda_svc._functions._data.items() if not record.get("code_zip")
    )
