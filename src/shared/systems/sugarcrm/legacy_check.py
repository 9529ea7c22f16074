"""What v4_1 says about a module: its fields and links, and what the user may do there."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import MissingPermission, SyncError
from shared.ports import FieldInfo
from shared.systems.sugarcrm.legacy_client import LegacyClient
from shared.systems.sugarcrm.rights import NoRight, judged

_NUMERIC = frozenset({"currency", "decimal", "double", "float", "int", "uint", "long", "short", "tinyint"})


class LegacyMetadata:
    """Read once per instance and module."""

    def __init__(self, client: LegacyClient) -> None:
        self._client = client
        self._known: dict[str, dict[str, FieldInfo] | None] = {}

    def fields(self, module: str) -> dict[str, FieldInfo] | None:
        """None when there is no such module, or the user may not see it."""
        if module not in self._known:
            try:
                answer = self._client.call("get_module_fields", module, [])
            except MissingPermission:
                answer = {}
            self._known[module] = _fields(answer)
        return self._known[module]

    def is_number(self, module: str, name: str) -> bool:
        field = (self.fields(module) or {}).get(name)
        return field is not None and field.type in _NUMERIC

    def judged(self, fault: NoRight, module: str, action: str, ids: Sequence[str]) -> SyncError:
        """What a refusal of these records means. Asked each time: rights are given and taken.
        Raises the SyncErrors of the call."""
        which = ids[0] if len(ids) == 1 else f"one of {len(ids)} that were asked for together"
        return judged(fault, module, action, which, everywhere=not self._allows(module, action))

    def _allows(self, module: str, action: str) -> bool:
        answer = self._client.call("get_available_modules", "all")
        rows = answer.get("modules") if isinstance(answer, Mapping) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, Mapping) and row.get("module_key") == module:
                acls = row.get("acls")
                return any(
                    isinstance(one, Mapping) and one.get("action") == action and bool(one.get("access"))
                    for one in (acls if isinstance(acls, list) else ())
                )
        return False


def _fields(answer: Any) -> dict[str, FieldInfo] | None:
    if not isinstance(answer, Mapping) or not answer.get("module_fields"):
        return None
    # PHP writes an empty map as [].
    links = answer.get("link_fields")
    found = {name: _info(name, item) for name, item in answer["module_fields"].items()}
    return {
        **found,
        **{name: FieldInfo(name, "link") for name in (links if isinstance(links, Mapping) else {})},
    }


def _info(name: str, item: Mapping[str, Any]) -> FieldInfo:
    length = str(item.get("len") or "")
    return FieldInfo(
        name,
        str(item.get("type", "")),
        int(length) if length.isdigit() else None,
        str(item.get("required", "0")) == "1",
        item.get("calculated") is True,
        choices=_choices(item.get("options")),
    )


def _choices(options: Any) -> tuple[tuple[str, str], ...]:
    """`{key: {name, value}}`; PHP writes an empty map as []."""
    rows = options.values() if isinstance(options, Mapping) else ()
    pairs = [
        (str(one.get("name", "")), str(one.get("value", ""))) for one in rows if isinstance(one, Mapping)
    ]
    return tuple((name, label) for name, label in pairs if name)
