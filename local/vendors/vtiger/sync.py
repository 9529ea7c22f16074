"""The delta: what was changed and deleted after a second, in pages that never split a second."""

from typing import Any

from local.vendors.vtiger.clock import stored_seconds
from local.vendors.vtiger.errors import PhpDeath, denied
from local.vendors.vtiger.server import Actor, Record, VtigerServer
from local.vendors.vtiger.show import fields_of

PAGE = 100


def sync(server: VtigerServer, actor: Actor, since: str, name: str, kind: str) -> dict[str, Any]:
    """Raises PhpDeath where the server has not been repaired, and for a time that is no number."""
    repaired = server.options.sync_works or actor.door == "cloud"
    if not repaired or not since.isdigit() or not name:
        raise PhpDeath
    if kind == "application" and not actor.user.is_admin:
        raise denied("Only admin users can perform application sync")
    module = server.module(name)
    if module is None:
        raise denied()
    changed = [] if name == "Users" else _changed(server, actor, name, kind, int(since))
    last = sorted(_time(record) for record in changed)[:PAGE][-1:] or [int(since)]
    page = [record for record in changed if _time(record) <= last[0]]
    return {
        "updated": [fields_of(server, record, query=True) for record in page if not record.deleted],
        "deleted": [server.wire(name, record.number) for record in page if record.deleted],
        "more": len(page) < len(changed),
        "lastModifiedTime": last[0],
    }


def _changed(server: VtigerServer, actor: Actor, name: str, kind: str, since: int) -> list[Record]:
    owners = {str(actor.user.id)}
    if kind == "userandgroup":
        owners |= {str(number) for number, _ in server.options.groups}
    return [
        record
        for record in server.of(name, deleted=True)
        if _time(record) > since
        and (kind == "application" or record.values.get("assigned_user_id") in owners)
    ]


def _time(record: Record) -> int:
    return stored_seconds(str(record.values["modifiedtime"]))
