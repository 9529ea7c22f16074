"""What v11's metadata says: the fields of a module, and what the rules name that does not exist."""

from collections.abc import Mapping
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
