"""What `describe` says about a module: its id prefix, its fields, what the user may do there. Kept for an
hour.

Vtiger silently ignores unknown field names, so every name is looked up here before it is used. A name
"@Label" is a custom field, found by its label, because its internal name (cf_854) differs between
installations."""

import html
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from shared.domain.record import record
from shared.errors import MissingField
from shared.ports import Cache, Clock, FieldInfo, ObjectSpec
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.faults import Denied

ITEMS = frozenset({"Products", "Services"})
DOCUMENTS = frozenset({"Invoice", "Quotes", "SalesOrder", "PurchaseOrder"})
LINES, SHIPPING_TAX, DEDUCTED_TAX, TAX = "LineItems", "shipping_tax", "deducted_tax", "tax"
_OWN = {
    **{module: frozenset({TAX, "currency_id"}) for module in ITEMS},
    **{module: frozenset({LINES, SHIPPING_TAX, DEDUCTED_TAX}) for module in DOCUMENTS},
}
_KEPT = timedelta(hours=1)
_KIND = "vtiger.describe"


@record
class Module:
    """`fields` is name -> {label, type, mandatory, editable, unique}."""

    name: str
    label: str
    prefix: str
    createable: bool
    updateable: bool
    retrieveable: bool
    fields: Mapping[str, Mapping[str, Any]]

    def resolve(self, path: str) -> str | None:
        """Vtiger's name of the field; None for a label that no field has. Raises MissingField for an unknown
        name."""
        if path.startswith("@"):
            return self._labelled(path[1:])
        if path in self.fields:
            return path
        raise MissingField(
            f"Vtiger's module {self.name} has no field '{path}'. Correct the name in the rule file, or write "
            '"@Label" to refer to a custom field by its label'
        )

    def own(self, spec: ObjectSpec) -> dict[str, str]:
        """path -> Vtiger's name, for every path that is stored as a field; labels without a field are left
        out."""
        virtual = _OWN.get(self.name, frozenset())
        found = {path: self.resolve(path) for path in paths_of(spec) if path not in virtual}
        return {path: name for path, name in found.items() if name is not None}

    def virtual(self, path: str) -> bool:
        return path in _OWN.get(self.name, frozenset())

    def _labelled(self, label: str) -> str | None:
        wanted = _plain(label)
        found = [name for name, field in self.fields.items() if _plain(str(field["label"])) == wanted]
        return next((name for name in found if name.startswith("cf_")), found[0] if found else None)


class Modules:
    def __init__(self, api: Api, cache: Cache, clock: Clock) -> None:
        self._api, self._cache, self._clock = api, cache, clock
        self._known: dict[str, Module] = {}
        self._whole: set[str] = set()
        """Read here and now, with the choices of picklists, which are not kept in the cache."""

    def of(self, name: str) -> Module:
        """Raises Denied when there is no such module, or the user may not see it."""
        if name not in self._known:
            key = f"{name}@{self._api.address}"
            found = self._cache.get(_KIND, [key], self._clock.now()).get(key)
            self._known[name] = _module(name, found) if found else self.fresh(name)
        return self._known[name]

    def fresh(self, name: str) -> Module:
        """Read again, because a field was created or the mapping was changed."""
        row = _row(self._api.get("describe", {"elementType": name}))
        self._cache.put(
            _KIND, {f"{name}@{self._api.address}": _without_choices(row)}, self._clock.now() + _KEPT
        )
        self._known[name] = _module(name, row)
        self._whole.add(name)
        return self._known[name]

    def infos(self, name: str) -> dict[str, FieldInfo] | None:
        try:
            fields = (self.of(name) if name in self._whole else self.fresh(name)).fields
        except Denied:
            return None
        return {
            field: FieldInfo(
                field,
                str(facts["type"]),
                None,
                bool(facts["mandatory"]),
                not facts["editable"],
                choices=tuple((str(value), str(label)) for value, label in facts.get("choices") or ()),
            )
            for field, facts in fields.items()
        }


def paths_of(spec: ObjectSpec) -> list[str]:
    """Every native path of the spec, each once; for a list, only its own name."""
    named = (
        spec.version_path,
        spec.key_path,
        spec.natural_path,
        spec.number_path,
        *spec.label_paths,
        spec.id_path,
    )
    paths = [
        *spec.fields,
        *spec.witness,
        *(name for name in named if name),
        *(item.field for item in spec.where),
    ]
    return list(dict.fromkeys(LINES if path.startswith(f"{LINES}.") else path for path in paths))


def labels_of(spec: ObjectSpec) -> Iterable[str]:
    return (path for path in paths_of(spec) if path.startswith("@"))


def _plain(label: str) -> str:
    return html.unescape(label).strip().casefold()


def _row(said: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        str(item["name"]): {
            "label": str(item.get("label", "")),
            "type": str((item.get("type") or {}).get("name", "")),
            "mandatory": bool(item.get("mandatory")),
            "unique": bool(item.get("isunique")),
            "editable": bool(item.get("editable", True)),
            **_choices(item.get("type") or {}),
        }
        for item in said.get("fields") or ()
    }
    rights = {right: bool(said.get(right, True)) for right in ("createable", "updateable", "retrieveable")}
    return {
        "prefix": str(said.get("idPrefix", "")),
        "label": str(said.get("label", "")),
        "fields": fields,
        **rights,
    }


def _without_choices(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        name: {key: one for key, one in facts.items() if key != "choices"}
        for name, facts in row["fields"].items()
    }
    return {**row, "fields": fields}


def _choices(kind: Mapping[str, Any]) -> dict[str, Any]:
    """`picklistValues` of a picklist: value and label of each."""
    listed = kind.get("picklistValues")
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    pairs = [[str(one.get("value", "")), str(one.get("label", ""))] for one in found]
    return {"choices": [pair for pair in pairs if pair[0]]} if pairs else {}


def _module(name: str, row: Mapping[str, Any]) -> Module:
    return Module(
        name,
        str(row["label"]),
        str(row["prefix"]),
        bool(row["createable"]),
        bool(row["updateable"]),
        bool(row["retrieveable"]),
        row["fields"],
    )
