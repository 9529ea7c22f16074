"""Lists of changed records, page by page, each page's cursor resuming after it.

A query returns organisations and contacts completely, but leaves out the taxes and lines of products,
services and documents, so those become hints. Where records wait for a number, the first pass names
those, and each later one also what has a number and was changed since: it was made, and is watched. Deletions
come with the last page, if the server's `sync` works.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.mapping.conditions import unmet_condition
from shared.ports import Clock, Condition, Hint, ObjectSpec, Page, Reading
from shared.systems.vtiger import language
from shared.systems.vtiger.deletions import Deletions
from shared.systems.vtiger.modules import Module, Modules
from shared.systems.vtiger.reader import MODIFIED, Raw, Reader, whole_by_query
from shared.systems.vtiger.values import native, version_of
from shared.systems.vtiger.walk import Walk


class Changes:
    def __init__(self, reader: Reader, modules: Modules, deletions: Deletions, clock: Clock) -> None:
        self._reader, self._modules, self._deletions, self._clock = reader, modules, deletions, clock

    def pages(self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, size: int) -> Iterator[Page]:
        module = self._modules.of(spec.object)
        size = max(1, min(size, language.LARGEST_PAGE))
        worklist = spec.poll_mode == "worklist"
        state = cursor or {}
        walk = Walk.load(state, self._clock.now())
        made = spec.numbered is not None and bool(walk.since)
        columns = self._columns(spec, module)
        where = [] if made else _pushed(spec, module)
        pages = 2 if walk.after else 0
        while True:
            at = self._clock.now()
            rows = self._reader.query(language.select(columns, module.name, [*where, *walk.where()], size))
            listed = [
                row for row in rows if _wanted(spec, module, row) or (made and _number(spec, module, row))
            ]
            records = tuple(self._item(spec, module, row, at) for row in listed)
            pages += 1
            if rows:
                times = () if worklist else [native(row.get(MODIFIED)) for row in rows]
                walk = walk.read(native(rows[-1].get("id")), times)
            if len(rows) >= size:
                yield Page(records, {**walk.dump(), **self._deletions.kept(state)}, False)
                continue
            if worklist:
                yield Page(records, {}, True)
                return
            walk = walk.finish(self._clock.now(), pages)
            gone, kept = self._deletions.since(spec.object, state, walk.since)
            yield Page((*records, *gone), {**walk.dump(), **kept}, True)
            return

    def _columns(self, spec: ObjectSpec, module: Module) -> list[str]:
        if whole_by_query(spec.object):
            return self._reader.columns(spec, module)
        filtered = [name for item in spec.where if (name := module.resolve(item.field))]
        return list(dict.fromkeys(["id", MODIFIED, *filtered]))

    def _item(self, spec: ObjectSpec, module: Module, row: Raw, at: Any) -> Reading | Hint:
        if whole_by_query(spec.object):
            return self._reader.snapshot(spec, module, row, at)
        return Hint(native(row.get("id")), version_of(row.get(MODIFIED)), _number(spec, module, row))


def _pushed(spec: ObjectSpec, module: Module) -> list[str]:
    """The conditions that the query language can express exactly."""
    return [
        language.is_one_of(name, _values(item))
        for item in spec.where
        if item.op in ("equals", "in")
        and (name := module.resolve(item.field))
        and all(language.is_plain(value) for value in _values(item))
    ]


def _values(item: Condition) -> list[str]:
    return list(item.value) if isinstance(item.value, tuple) else [item.value or ""]


def _number(spec: ObjectSpec, module: Module, row: Raw) -> str:
    """The number it has, where a list is of those that wait for one."""
    name = module.resolve(spec.number_path or "") if spec.numbered is not None else None
    return native(row.get(name)).strip() if name else ""


def _wanted(spec: ObjectSpec, module: Module, row: Raw) -> bool:
    if not spec.where:
        return True
    named = {item.field: native(row.get(module.resolve(item.field) or "")) for item in spec.where}
    return unmet_condition(spec.where, named) is None
