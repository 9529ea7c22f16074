"""Registers hooks: one for each object and action. Old ones of ours are replaced or removed.

There are none for products, invoices and users. A hook's address contains the webhook token, so these calls
are
recorded without addresses.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.errors import SyncError
from shared.ports import Finding
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import acknowledged
from shared.systems.sage_sales_management.faults import unreadable
from shared.systems.sage_sales_management.resources import resource_of

ACTIONS = ("insert", "update", "delete")
_COMPARED = ("action", "entity", "url")
_NOT_KEPT = "[addresses of hooks are not kept]"


def register_hooks(
    api: Api, address_for: Callable[[str, str], str], objects: Iterable[str], prefix: str = "tieout"
) -> list[Finding]:
    """`address_for(object, action)` is the https address with its token. Hooks named `{prefix} …` that fit
    none of them
    are removed; give each integration a prefix of its own. Never raises."""
    wanted = {
        f"{prefix} {name} {action}": {
            "name": f"{prefix} {name} {action}",
            "entity": resource_of(name).hook,
            "action": action,
            "url": address_for(name, action),
        }
        for name in dict.fromkeys(objects)
        if resource_of(name).hook
        for action in ACTIONS
    }
    try:
        found = _ours(api, prefix)
    except SyncError as fault:
        return [
            Finding(
                "error", "hooks", f"The hooks cannot be read: {fault}. Changes are found by the poll alone."
            )
        ]
    kept: dict[str, Mapping[str, Any]] = {}
    stale = [
        hook
        for hook in found
        if hook["name"] not in wanted or kept.setdefault(hook["name"], hook) is not hook
    ]
    return [
        *(_put(api, hook, kept.get(name)) for name, hook in wanted.items()),
        *(
            _try(api, "DELETE", f"hooks/{hook['id']}", hook, None, "removed, no longer needed")
            for hook in stale
        ),
    ]


def _ours(api: Api, prefix: str) -> list[Mapping[str, Any]]:
    rows = api.get("hooks", "list the hooks", secret=(_NOT_KEPT,))
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise unreadable("list the hooks", writes=False)
    return [
        row for row in rows if str(row.get("name", "")).startswith(f"{prefix} ") and not row.get("deleted")
    ]


def _put(api: Api, hook: Mapping[str, str], present: Mapping[str, Any] | None) -> Finding:
    if present is not None and all(present.get(name) == hook[name] for name in _COMPARED):
        return Finding("ok", hook["name"], "The hook is registered already.")
    method, path = ("PUT", f"hooks/{present['id']}") if present else ("POST", "hooks")
    return _try(api, method, path, hook, dict(hook), "registered")


def _try(
    api: Api, method: str, path: str, hook: Mapping[str, Any], body: dict[str, str] | None, done: str
) -> Finding:
    name, doing = str(hook["name"]), f"write the hook '{hook['name']}'"
    try:
        acknowledged(api.write(method, path, body, doing, secret=(str(hook.get("url", "")),)), doing)
    except SyncError as fault:
        return Finding("error", name, f"The hook was not {done}: {fault}")
    return Finding("ok", name, f"The hook was {done}.")
