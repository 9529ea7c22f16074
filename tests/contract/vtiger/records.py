"""Records of an emulated Vtiger as tests look at them."""

from typing import Any

from shared.errors import (
    SyncError,
)
from shared.ports import Gone, ObjectSpec, Page, Patch
from tests.contract.vtiger_bench import Server

ODD = """O'Neil & "Sons" <Ltd> Ünï \\ 100% ; Привет"""


def emptied(server: Server) -> Server:
    server.reset()
    return server


def pages(server: Server, spec: ObjectSpec, cursor: Any = None, size: int | None = None) -> list[Page]:
    return list(server.system.changes(spec, cursor, size))


def ids(found: list[Page]) -> list[str]:
    return [record.id for page in found for record in page.records if not isinstance(record, Gone)]


def fault_of(server: Server, spec: ObjectSpec, patch: Patch) -> SyncError:
    found = server.system.update(spec, [patch])[0]
    assert isinstance(found, SyncError), found
    return found
