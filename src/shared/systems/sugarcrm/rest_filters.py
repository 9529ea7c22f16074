"""Poll conditions and list positions as v11 filter operators. Pure.

A custom field that was never filled in is NULL, one that was cleared is '': `blank` finds both, and
`not_equals` includes NULL, as people expect.
"""

from typing import Any

from shared.errors import RuleInvalid
from shared.ports import Condition, ObjectSpec
from shared.systems.sugarcrm.paging import Position
from shared.systems.sugarcrm.records import MODIFIED

Filter = dict[str, Any]
_PLAIN = {"equals": "$equals", "gt": "$gt", "gte": "$gte", "lt": "$lt", "lte": "$lte"}


def conditions(spec: ObjectSpec) -> list[Filter]:
    return [condition(spec, item) for item in spec.where]


def listed(spec: ObjectSpec, position: Position) -> list[Filter]:
    """What the poll's list holds: the conditions, or else a number filled in and a change since."""
    if not spec.watched or spec.number_path is None or position.since is None:
        return conditions(spec)
    filled = condition(spec, Condition(spec.number_path, "not_blank"))
    return [{"$or": [{"$and": conditions(spec)}, {"$and": [filled, *since(position)]}]}]


def condition(spec: ObjectSpec, item: Condition) -> Filter:
    """Raises RuleInvalid where the value does not fit the operator."""
    name = field_name(spec, item.field)
    if item.op == "blank":
        return {"$or": [{name: {"$is_null": ""}}, {name: {"$equals": ""}}]}
    if item.op == "not_blank":
        return {"$and": [{name: {"$not_null": ""}}, {name: {"$not_equals": ""}}]}
    if item.op == "in":
        return {name: {"$in": list(_several(spec, item))}}
    value = _one(spec, item)
    if item.op == "not_equals":
        return {"$or": [{name: {"$is_null": ""}}, {name: {"$not_equals": value}}]}
    return {name: {_PLAIN[item.op]: value}}


def field_name(spec: ObjectSpec, path: str) -> str:
    """A rule writes `account.x` with the related record's name; Sugar needs the link's name."""
    head, dot, rest = path.partition(".")
    links = {item.name: item.link for item in spec.related}
    return f"{links[head]}.{rest}" if dot and head in links else path


def after_id(position: Position) -> list[Filter]:
    return [{"id": {"$gt": position.id}}] if position.id else []


def after_time(position: Position) -> list[Filter]:
    """Rows behind the position in the order (date_modified, id)."""
    if position.at is not None:
        at = position.at.isoformat()
        same_second = {"$and": [{MODIFIED: {"$equals": at}}, {"id": {"$gt": position.id or ""}}]}
        return [{"$or": [{MODIFIED: {"$gt": at}}, same_second]}]
    return since(position)


def since(position: Position) -> list[Filter]:
    if position.since is None:
        return []
    return [{MODIFIED: {"$gt" if position.strict else "$gte": position.since.isoformat()}}]


def joined(parts: list[Filter]) -> list[Filter]:
    return [{"$and": parts}] if parts else []


def _one(spec: ObjectSpec, item: Condition) -> str:
    if not isinstance(item.value, str):
        raise RuleInvalid(
            f"sugarcrm/{spec.entity}.toml: the condition on '{item.field}' ({item.op}) needs one text as "
            "its value"
        )
    return item.value


def _several(spec: ObjectSpec, item: Condition) -> tuple[str, ...]:
    if not isinstance(item.value, tuple) or not item.value:
        raise RuleInvalid(
            f"sugarcrm/{spec.entity}.toml: the condition on '{item.field}' (in) needs a list of texts as "
            "its value"
        )
    return item.value
