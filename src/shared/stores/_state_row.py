"""The state of an integration as a row of the state table: an attribute for each field, one for each list
that the brake stopped (`braked__ENTITY__SYSTEM`), and sets for what was released and what is missing.

Releases before this one kept all but the missing lists in one attribute, `data`. Such a row is rewritten the
first time it is changed; the older release then reads it as previews only.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.settings import IntegrationState
from shared.stores import forms
from shared.stores._attributes import Item
from shared.stores._keys import moment, stamp
from shared.stores._state_steps import FIELDS, Step
from shared.stores._table import Condition
from shared.stores.body import expand

_BRAKED = "braked__"
_TIMES = ("live_since", "recovering_since")
NO_OLD_FORM = "attribute_not_exists(#data)"


def read(item: Item | None) -> IntegrationState:
    """Not live if no state was ever stored."""
    if item is None:
        return IntegrationState()
    if "data" in item:
        old = forms.state(expand(item["data"]), item.get("missing", ()))
        return replace(old, held_back=old.live_since is not None and not old.live)
    found = {name: _read(name, item[name]) for name in FIELDS if name in item}
    braked = {_list(name): text for name, text in item.items() if name.startswith(_BRAKED)}
    released = tuple(sorted(item.get("released", ())))
    return IntegrationState(
        **found, braked=braked, released=released, missing=tuple(sorted(item.get("missing", ())))
    )


def change(steps: Sequence[Step], before: IntegrationState) -> tuple[str, dict[str, Any], Condition]:
    """Update expression, its values, and the condition of all steps together."""
    sets, drops, values, holding = list[str](), list[str](), dict[str, Any](), [NO_OLD_FORM]
    for step in (one for one in steps if one.name != "released"):
        name = _attribute(step)
        if step.after is None:
            drops.append(f"#{name}")
        else:
            sets.append(f"#{name} = :{name}")
            values[f":{name}"] = _stored(step.after)
        if not step.frees:
            holding.append(_still(name, step.before, values))
        if step.name == "live" and step.after:
            holding.append(_still("held_back", before.held_back, values))
    adds = {one.key for one in steps if one.name == "released" and one.after}
    gone = {one.key for one in steps if one.name == "released" and not one.after}
    parts = {"SET": sets, "REMOVE": drops}
    for verb, lists in {"ADD": adds, "DELETE": gone}.items():
        if lists:
            parts[verb] = [f"#released :{verb.lower()}"]
            values[f":{verb.lower()}"] = lists
    text = " ".join(f"{verb} {', '.join(found)}" for verb, found in parts.items() if found)
    return text, values, Condition(" AND ".join(holding))


def renewed(state: IntegrationState) -> tuple[str, dict[str, Any]]:
    """Update expression and values that replace the one attribute of an older release."""
    whole = {name: getattr(state, name) for name in FIELDS} | {
        _BRAKED + key.replace(".", "__"): text for key, text in state.braked.items()
    }
    kept = {name: _stored(value) for name, value in whole.items() if value is not None}
    sets = ", ".join(f"#{name} = :{name}" for name in kept)
    values = {f":{name}": value for name, value in kept.items()}
    if not state.released:
        return f"SET {sets} REMOVE #data", values
    return f"SET {sets} REMOVE #data ADD #released :add", {**values, ":add": set(state.released)}


def _still(name: str, before: Any, values: dict[str, Any]) -> str:
    """A field that was never stored has its first value."""
    if before is None:
        return f"attribute_not_exists(#{name})"
    values[f":was_{name}"] = _stored(before)
    same = f"#{name} = :was_{name}"
    return same if before else f"(attribute_not_exists(#{name}) OR {same})"


def _attribute(step: Step) -> str:
    return _BRAKED + step.key.replace(".", "__") if step.name == "braked" else step.name


def _list(attribute: str) -> str:
    return attribute.removeprefix(_BRAKED).replace("__", ".")


def _stored(value: Any) -> Any:
    return stamp(value) if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return moment(value) if name in _TIMES else value
