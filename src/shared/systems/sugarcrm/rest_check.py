"""What v11 says about a module: its fields, and what the user may do there."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.errors import Unavailable
from shared.ports import FieldInfo
from shared.systems.sugarcrm.rest_client import RestClient


class RestMetadata:
    """Read once per instance and module."""

    def __init__(self, client: RestClient) -> None:
        self._client = client
        self._known: dict[str, dict[str, FieldInfo] | None] = {}

    def fields(self, module: str) -> dict[str, FieldInfo] | None:
        """None when there is no such module, or the user may not see it."""
        if module not in self._known:
            answer = self._client.call(
                "GET",
                "metadata",
                f"describe {module}",
                params={"type_filter": "modules", "module_filter": module},
            )
            self._known[module] = _fields(answer, module)
        return self._known[module]

    def denies(self, module: str, action: str, names: Iterable[str] = ()) -> bool:
        """Whether the user may do this to no record of the module, or not with one of the fields `names`.
        True where the server does not say. Asked each time: rights are given and taken."""
        answer = self._client.call("GET", "me", "say what the user may do")
        user = answer.get("current_user") if isinstance(answer, dict) else None
        rights = user.get("acl") if isinstance(user, dict) else None
        return not isinstance(rights, dict) or _denies(rights.get(module), action, names)

    def who(self) -> str:
        answer = self._client.call("GET", "me", "say who is signed in")
        user = answer.get("current_user", {}) if isinstance(answer, dict) else {}
        return str(user.get("user_name") or user.get("full_name") or "the integration's user")


def _fields(answer: Any, module: str) -> dict[str, FieldInfo] | None:
    if not isinstance(answer, dict) or not isinstance(answer.get("modules"), (dict, list)):
        raise Unavailable(
            f"SugarCRM was asked for the fields of {module} and answered with something else: try again later"
        )
    # PHP writes an empty map as [].
    modules = answer["modules"] or {}
    found = modules.get(module, {}).get("fields") if isinstance(modules, dict) else None
    if not isinstance(found, dict) or not found:
        return None
    return {name: _info(name, item) for name, item in found.items() if isinstance(item, Mapping)}


def _denies(rights: Any, action: str, names: Iterable[str]) -> bool:
    """Only what is denied is listed; PHP writes an empty map as []."""
    if not isinstance(rights, dict):
        return False
    fields = rights.get("fields")
    denied = [one for name in names if isinstance(fields, dict) and isinstance(one := fields.get(name), dict)]
    return "no" in (rights.get("access"), rights.get(action)) or any("no" in one.values() for one in denied)


def _info(name: str, item: Mapping[str, Any]) -> FieldInfo:
    length = str(item.get("len", ""))
    return FieldInfo(
        name,
        str(item.get("type", "")),
        int(length) if length.isdigit() else None,
        _flag(item.get("required")),
        _flag(item.get("readonly")) or _flag(item.get("calculated")),
        item.get("source") != "non-db",
    )


def _flag(value: Any) -> bool:
    return value in (True, 1, "1", "true")
