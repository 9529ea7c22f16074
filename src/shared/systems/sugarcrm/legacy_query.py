"""The SQL of v4_1's `query` argument. Pure; every value goes through `quote`, every name through a check.

Columns have their table's name (`opportunities.name`, custom ones `opportunities_cstm.x_c`), because related
tables are joined; columns of related modules cannot be used at all. `order_by` is the opposite: it takes bare
names, and a qualified name is silently dropped. NULL and '' both count as blank.
"""

import re
from collections.abc import Sequence

from shared.errors import RuleInvalid
from shared.ports import Condition, ObjectSpec
from shared.systems.sugarcrm.paging import Position
from shared.systems.sugarcrm.records import MODIFIED, is_related

BY_ID = "id ASC"
BY_TIME = f"{MODIFIED} ASC, id ASC"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_COMPARE = {"equals": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_NO_COLUMN = frozenset(
    {"email", "email1", "email2", "account_name", "account_id", "assigned_user_name", "currency_name"}
)
"""Filled in by Sugar on reading, but not columns of the module's table: a query that names them fails."""


def quote(value: str) -> str:
    """An SQL text literal for MySQL and similar databases: quotes and the escape character are doubled, and
    NUL is written as an escape."""
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\0", "\\0")
    return f"'{escaped}'"


def column(module: str, field: str) -> str:
    """Raises RuleInvalid for a name that is not a column."""
    if not _NAME.fullmatch(field) or not _NAME.fullmatch(module):
        raise RuleInvalid(f"'{module}.{field}' is not the name of a SugarCRM field: correct the rule file")
    table = module.lower()
    return f"{table}_cstm.{field}" if field.endswith("_c") else f"{table}.{field}"


def searchable(spec: ObjectSpec, path: str) -> str:
    """The column of a field of the module itself."""
    if is_related(spec, path) or path in _NO_COLUMN:
        raise RuleInvalid(
            f"sugarcrm/{spec.entity}.toml: the legacy API (v4_1) cannot filter {spec.object} on '{path}', "
            'which is kept in another table. Filter on a field of the module itself, or use api = "v11"'
        )
    return column(spec.object, path)


def condition(spec: ObjectSpec, item: Condition) -> str:
    name = searchable(spec, item.field)
    if item.op == "blank":
        return f"({name} IS NULL OR {name} = '')"
    if item.op == "not_blank":
        return f"({name} IS NOT NULL AND {name} <> '')"
    if item.op == "in":
        return is_in(name, item.value if isinstance(item.value, tuple) else ())
    if not isinstance(item.value, str):
        raise RuleInvalid(
            f"sugarcrm/{spec.entity}.toml: the condition on '{item.field}' ({item.op}) needs one text as "
            "its value"
        )
    if item.op == "not_equals":
        return f"({name} IS NULL OR {name} <> {quote(item.value)})"
    return f"{name} {_COMPARE[item.op]} {quote(item.value)}"


def is_in(name: str, values: Sequence[str]) -> str:
    if not values:
        raise RuleInvalid(f"a filter on {name} with 'in' needs a list of at least one text")
    return f"{name} IN ({', '.join(quote(value) for value in values)})"


def after(spec: ObjectSpec, position: Position) -> list[str]:
    """Rows behind the position, in the order of `BY_TIME` for a cursor and `BY_ID` for a worklist."""
    record_id, modified = column(spec.object, "id"), column(spec.object, MODIFIED)
    if spec.poll_mode != "cursor":
        return [f"{record_id} > {quote(position.id)}"] if position.id else []
    if position.at is not None:
        at = quote(f"{position.at:%Y-%m-%d %H:%M:%S}")
        return [f"({modified} > {at} OR ({modified} = {at} AND {record_id} > {quote(position.id or '')}))"]
    if position.since is None:
        return []
    return [_since(spec, position)]


def listed(spec: ObjectSpec, position: Position) -> str:
    """What the poll's list holds. Of a watched worklist also what has a number and was changed since: asked
    together with what was deleted, which must not bring back records that were deleted while they waited."""
    if spec.poll_mode == "cursor" or not spec.watched or spec.number_path is None or position.since is None:
        return where(spec, after(spec, position))
    waiting = [*(condition(spec, item) for item in spec.where), f"{column(spec.object, 'deleted')} = 0"]
    filled, changed = condition(spec, Condition(spec.number_path, "not_blank")), _since(spec, position)
    either = f"(({' AND '.join(waiting)}) OR ({filled} AND {changed}))"
    return " AND ".join([either, *after(spec, position)])


def _since(spec: ObjectSpec, position: Position) -> str:
    assert position.since is not None
    at = quote(f"{position.since:%Y-%m-%d %H:%M:%S}")
    return f"{column(spec.object, MODIFIED)} {'>' if position.strict else '>='} {at}"


def where(spec: ObjectSpec, extra: Sequence[str] = ()) -> str:
    return " AND ".join([*(condition(spec, item) for item in spec.where), *extra])
