"""Reads records: by query if a query shows them completely, one by one if it hides taxes or lines.

An empty answer does not prove a deletion: before many records count as gone, the module must prove that it
answers at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.errors import MissingPermission, RecordRejected, Unavailable
from shared.ports import Clock, Gone, ObjectSpec, Reading, Snapshot, Values
from shared.systems.vtiger import language
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.faults import BadQuery, Denied, WrongId
from shared.systems.vtiger.lines import deducted_tax, read_lines, shipping_tax
from shared.systems.vtiger.modules import (
    DEDUCTED_TAX,
    DOCUMENTS,
    ITEMS,
    LINES,
    SHIPPING_TAX,
    TAX,
    Module,
    Modules,
    paths_of,
)
from shared.systems.vtiger.prices import PRICE, price_of
from shared.systems.vtiger.reference import Reference
from shared.systems.vtiger.taxes import tax_of
from shared.systems.vtiger.values import group, is_id, native, normalise_id, sendable, tax_names, version_of
from shared.systems.vtiger.zones import as_seen

Raw = Mapping[str, Any]
MODIFIED = "modifiedtime"
_UNPROVEN = 3
"""This many records may be gone at once without a check that any are left."""
_ENABLED_FOR = timedelta(seconds=60)
_RECENT = 200


class Reader:
    def __init__(self, api: Api, modules: Modules, reference: Reference, clock: Clock) -> None:
        self._api, self._modules, self._reference, self._clock = api, modules, reference, clock
        self._recent: dict[str, tuple[datetime, Raw]] = {}

    # ------------------------------------------------------------ calls

    def query(self, text: str) -> list[Raw]:
        found = self._api.get("query", {"query": text})
        return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []

    def all(self, columns: Sequence[str], module: str, where: Sequence[str]) -> Iterator[Raw]:
        """Every row, 100 per call, in the order of the ids."""
        after = ""
        while True:
            rows = self.query(language.select(columns, module, [*where, after]))
            yield from rows
            if len(rows) < language.LARGEST_PAGE:
                return
            after = f"id > {language.quote(native(rows[-1].get('id')))}"

    def retrieve(self, record_id: str) -> Raw:
        """The whole record. Raises Denied if it does not exist, WrongId if it belongs to another module."""
        at = self._clock.now()
        raw = self._api.get("retrieve", {"id": record_id})
        if not isinstance(raw, Mapping):
            raise Unavailable(f"Vtiger was asked to read {record_id} and answered without a record")
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent[record_id] = (at, raw)
        return raw

    def recent(self, record_id: str, since: datetime) -> Raw | None:
        """What `retrieve` returned after `since`, if anything."""
        at, raw = self._recent.get(record_id, (None, None))
        return raw if at is not None and at >= since else None

    def forget(self, record_id: str) -> None:
        self._recent.pop(record_id, None)

    # ------------------------------------------------------------ the port's reads

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        module = self._modules.of(spec.object)
        wanted = {record_id: normalise_id(module.prefix, record_id) for record_id in ids}
        able = sorted({known for known in wanted.values() if is_id(module.prefix, known)})
        at = self._clock.now()
        found = self.snapshots(spec, module, able)
        return {asked: found.get(known) or Gone(known, at) for asked, known in wanted.items()}

    def snapshots(self, spec: ObjectSpec, module: Module, ids: Sequence[str]) -> dict[str, Snapshot]:
        """Those that exist. Raises any fault that prevents us from knowing."""
        if whole_by_query(spec.object):
            return self._by_query(spec, module, ids)
        found: dict[str, Snapshot] = {}
        missing: list[str] = []
        for record_id in ids:
            at = self._clock.now()
            try:
                found[record_id] = self.snapshot(spec, module, self.retrieve(record_id), at)
            except WrongId:
                continue
            except Denied as denied:
                missing.append(record_id)
                refusal = denied
        if missing and self.present(module.name, missing):
            raise MissingPermission(f"{refusal}") from None
        return found

    def present(self, module: str, ids: Sequence[str]) -> list[Raw]:
        """id and modifiedtime of those that exist. If none of a long list exists, that must be proved."""
        rows: list[Raw] = []
        for portion in language.portions(ids):
            rows += self.query(language.select(["id", MODIFIED], module, [language.is_one_of("id", portion)]))
        if not rows:
            self._prove(module, len(ids))
        return rows

    def _by_query(self, spec: ObjectSpec, module: Module, ids: Sequence[str]) -> dict[str, Snapshot]:
        columns, found = self.columns(spec, module), {}
        for portion in language.portions(ids):
            at = self._clock.now()
            rows = self.query(language.select(columns, module.name, [language.is_one_of("id", portion)]))
            if not rows:
                self._prove(module.name, len(portion))
            found.update({native(row["id"]): self.snapshot(spec, module, row, at) for row in rows})
        return found

    def _prove(self, module: str, asked: int) -> None:
        if asked > _UNPROVEN and not self.query(language.select(["id"], module, size=1, order="")):
            raise Unavailable(
                f"Vtiger shows none of {asked} records of {module}, and no others: before they count as "
                "deleted, check that the integration's user may see them"
            )

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        if path == spec.id_path:
            found = self.read(spec, values)
            return {value: [one] if isinstance(one := found[value], Snapshot) else [] for value in values}
        module = self._modules.of(spec.object)
        name = module.resolve(path)
        if name is None:
            return {value: [] for value in values}
        spec = replace(spec, fields=tuple(dict.fromkeys([*spec.fields, path])))
        sought = [value for value in dict.fromkeys(sendable(value).strip() for value in values) if value]
        plain = [value for value in sought if language.is_plain(value)]
        where = [language.is_one_of(name, portion) for portion in language.portions(plain)]
        where += [language.begins_like(name, value) for value in sought if value not in plain]
        rows = {
            native(row["id"]): row
            for condition in where
            if condition
            for row in self._found(spec, module, name, condition)
        }
        hits = {
            record_id
            for found in group(values, rows.values(), lambda row: row.get(name)).values()
            for record_id in (native(row["id"]) for row in found)
        }
        at = self._clock.now()
        return group(
            values,
            self._whole(spec, module, [rows[one] for one in rows if one in hits], at),
            lambda snapshot: snapshot.values.get(path),
        )

    def _found(self, spec: ObjectSpec, module: Module, name: str, condition: str) -> list[Raw]:
        columns = self.columns(spec, module) if whole_by_query(spec.object) else ["id", MODIFIED, name]
        try:
            return list(self.all(list(dict.fromkeys([*columns, name])), module.name, [condition]))
        except BadQuery as refused:
            raise RecordRejected(f"{refused}. The search was for {condition[:200]}") from None

    def _whole(
        self, spec: ObjectSpec, module: Module, rows: Sequence[Raw], at: datetime
    ) -> Iterable[Snapshot]:
        """Snapshots of rows that a query found."""
        if whole_by_query(spec.object):
            return [self.snapshot(spec, module, row, at) for row in rows]
        return self.snapshots(spec, module, [native(row["id"]) for row in rows]).values()

    def matching(self, spec: ObjectSpec, where: Sequence[str], fits: Any) -> list[Snapshot]:
        """Records that meet the conditions and of which `fits(raw row)` is true."""
        module, at = self._modules.of(spec.object), self._clock.now()
        named = [name for path in spec.witness if (name := module.resolve(path))]
        known = self.columns(spec, module) if whole_by_query(spec.object) else ["id", MODIFIED]
        columns = list(dict.fromkeys([*known, *named]))
        rows = [row for row in self.all(columns, module.name, where) if fits(row)]
        return list(self._whole(spec, module, rows, at))

    # ------------------------------------------------------------ one record

    def columns(self, spec: ObjectSpec, module: Module) -> list[str]:
        return list(dict.fromkeys(["id", MODIFIED, *module.own(spec).values()]))

    def snapshot(self, spec: ObjectSpec, module: Module, raw: Raw, at: datetime) -> Snapshot:
        """The spec's values of one answer, query's or retrieve's."""
        values: Values = {path: native(raw.get(name)) for path, name in module.own(spec).items()}
        for path, name in module.own(spec).items():
            if name != MODIFIED and values[path] and module.fields[name]["type"] == "datetime":
                values[path] = as_seen(str(values[path]), self._api.me().zone)
        for path in paths_of(spec):
            if module.virtual(path):
                values[path] = self._virtual(module, path, raw)
        if spec.object in ITEMS and PRICE in values:
            values[PRICE] = price_of(raw, self._reference)
        return Snapshot(native(raw.get("id")), values, at, version_of(raw.get(MODIFIED)))

    def _virtual(self, module: Module, path: str, raw: Raw) -> Any:
        if path == TAX:
            return tax_of(raw)
        if path == LINES:
            return self.lines(raw)
        if path == SHIPPING_TAX:
            return shipping_tax(raw)
        return deducted_tax(raw) if path == DEDUCTED_TAX else native(raw.get(path))

    def lines(self, raw: Raw) -> list[dict[str, Any]]:
        """The lines of a whole document, as `lines.py` shows them."""
        return read_lines(raw, self._service_prefix(raw), self.enabled)

    def _service_prefix(self, raw: Raw) -> str:
        """Read only if the lines do not say which kind of item they refer to."""
        lines = raw.get(LINES)
        told = not lines or all(isinstance(row, Mapping) and row.get("entity_type") for row in lines)
        return "" if told else self._modules.of("Services").prefix

    def item(self, record_id: str) -> Raw:
        """A product or service, read at most a minute ago; {} for one that is deleted."""
        known = self.recent(record_id, self._clock.now() - _ENABLED_FOR)
        try:
            return known if known is not None else self.retrieve(record_id)
        except (Denied, WrongId):
            return {}

    def enabled(self, record_id: str) -> frozenset[str]:
        """The taxes that are switched on for a product or service."""
        return frozenset(tax_names(self.item(record_id)))


def whole_by_query(module: str) -> bool:
    return module not in ITEMS and module not in DOCUMENTS
