"""Registers Sugar's web logic hooks: one for each module and event; old ones of ours are replaced or removed.

This needs an administrator. A hook's address contains the webhook token, so these calls are recorded without
addresses.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.errors import SyncError
from shared.ports import Finding
from shared.systems.sugarcrm.rest import SugarV11
from shared.systems.sugarcrm.rest_client import RestClient, record_path

EVENTS = ("after_save", "after_delete")
_MODULE = "WebLogicHooks"
_FIELDS = "id,name,webhook_target_module,trigger_event,url,request_method"
_COMPARED = ("webhook_target_module", "trigger_event", "url", "request_method")
_PAGE = 100


def register_hooks(
    system: SugarV11, address_for: Callable[[str, str], str], objects: Iterable[str], prefix: str = "tieout"
) -> list[Finding]:
    """`address_for(module, event)` is the https address with its token. Hooks named `{prefix} …` that fit
    none of them are removed; give each integration a prefix of its own where several share one SugarCRM.
    Never raises."""
    wanted = {
        f"{prefix} {name} {event}": _hook(f"{prefix} {name} {event}", name, event, address_for(name, event))
        for name in dict.fromkeys(objects)
        for event in EVENTS
    }
    try:
        found = _ours(system.client, prefix)
    except SyncError as fault:
        return [
            Finding(
                "error",
                _MODULE,
                f"The web logic hooks cannot be read: {fault} Only an administrator may register them; "
                "without hooks, changes are found only by the poll.",
            )
        ]
    keep: dict[str, Mapping[str, Any]] = {}
    stale = [
        hook
        for hook in found
        if hook["name"] not in wanted or keep.setdefault(hook["name"], hook) is not hook
    ]
    return [
        *(_put(system.client, hook, keep.get(name)) for name, hook in wanted.items()),
        *(_remove(system.client, hook) for hook in stale),
    ]


def _hook(name: str, module: str, event: str, url: str) -> dict[str, str]:
    return {
        "name": name,
        "webhook_target_module": module,
        "trigger_event": event,
        "url": url,
        "request_method": "POST",
        "description": "Tells Tieout that a record changed. Made by 'tieout connect sugarcrm'.",
    }


def _ours(client: RestClient, prefix: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    offset = 0
    while offset >= 0:
        body = {
            "filter": [{"name": {"$starts": f"{prefix} "}}],
            "fields": _FIELDS,
            "order_by": "id:asc",
            "max_num": _PAGE,
            "offset": offset,
        }
        answer = client.call("POST", f"{_MODULE}/filter", "list the web logic hooks", body=body, secret=True)
        rows = answer.get("records", []) if isinstance(answer, dict) else []
        found += [row for row in rows if str(row.get("name", "")).startswith(f"{prefix} ")]
        offset = int(answer.get("next_offset", -1)) if rows else -1
    return found


def _put(client: RestClient, hook: Mapping[str, str], present: Mapping[str, Any] | None) -> Finding:
    if present is not None and all(present.get(name) == hook[name] for name in _COMPARED):
        return Finding("ok", hook["name"], "The web logic hook is registered already.")
    method, path = ("PUT", record_path(_MODULE, str(present["id"]))) if present else ("POST", _MODULE)
    return _try(client, method, path, hook["name"], hook, "registered")


def _remove(client: RestClient, hook: Mapping[str, Any]) -> Finding:
    return _try(
        client,
        "DELETE",
        record_path(_MODULE, str(hook["id"])),
        str(hook["name"]),
        None,
        "removed, no longer needed",
    )


def _try(
    client: RestClient, method: str, path: str, name: str, body: Mapping[str, str] | None, done: str
) -> Finding:
    try:
        client.call(
            method, path, f"write the hook '{name}'", body=body, writes=True, one_record=True, secret=True
        )
    except SyncError as fault:
        return Finding("error", name, f"The web logic hook was not {done}: {fault}")
    return Finding("ok", name, f"The web logic hook was {done}.")
