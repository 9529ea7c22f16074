"""Creates and changes records. Changes always use `revise`, which changes only the fields named.

Vtiger has no conditional writes: if a reading is no longer fresh, the record is read again first. What is
sent is checked against `describe`, because an unknown name would be silently dropped."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from shared.errors import (
    Halt,
    MissingField,
    MissingPermission,
    NameTaken,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    StaleVersion,
    SyncError,
    Unavailable,
)
from shared.ports import Clock, ObjectSpec, Patch, Snapshot, Values
from shared.systems._http import encode
from shared.systems._named import naming
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.documents import Documents, refuses_lines
from shared.systems.vtiger.faults import Denied, Duplicate, WrongId
from shared.systems.vtiger.modules import DOCUMENTS, ITEMS, LINES, TAX, Module, Modules
from shared.systems.vtiger.owner import Owner
from shared.systems.vtiger.prices import PRICE, foreign_currency
from shared.systems.vtiger.reader import MODIFIED, Raw, Reader
from shared.systems.vtiger.reference import Reference
from shared.systems.vtiger.taxes import still_on, switches
from shared.systems.vtiger.values import native, normalise_id, sendable, tax_names, version_of

Answer = Snapshot | SyncError
_OWNER = "assigned_user_id"


class Writer:
    def __init__(
        self,
        api: Api,
        modules: Modules,
        reader: Reader,
        reference: Reference,
        owner: Owner,
        clock: Clock,
        line_writes: str,
        fresh: timedelta,
    ) -> None:
        self._api, self._modules, self._reader, self._reference = api, modules, reader, reference
        self._owner, self._clock, self._line_writes, self._fresh = owner, clock, line_writes, fresh
        self._documents = Documents(reader, reference)

    # ------------------------------------------------------------ create

    def create(self, spec: ObjectSpec, values: Values) -> Snapshot:
        module = self._modules.of(spec.object)
        element = self._element(module, values)
        if _OWNER in module.fields and not element.get(_OWNER):
            element[_OWNER] = self._owner.id()
        if spec.object in ITEMS:
            # Known before the write: a fault after it would hide what was made.
            self._reference.base_currency()
            element |= switches(values[TAX], {}, self._reference.taxes()) if TAX in values else {}
        if spec.object in DOCUMENTS:
            self._lines_allowed()
            element |= self._documents.money(element, values.get(LINES), None)
        at = self._clock.now()
        try:
            raw = self._send("create", {"elementType": module.name, "element": encode(element).decode()})
        except SyncError as met:
            raise naming(self._explained(module, element, met), _names(module, values), "(") from None
        if not native(raw.get("id")):
            raise OutcomeUnknown(
                f"Vtiger was asked to create a record of {module.name} and answered without its id"
            )
        return self._written(spec, module, raw, at, spec.object in DOCUMENTS)

    # ------------------------------------------------------------ update

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Answer]:
        """If the connection fails, the remaining patches get the same answer without another call."""
        answers: list[Answer] = []
        dead: SyncError | None = None
        for patch in patches:
            if dead is not None:
                answers.append(dead)
                continue
            try:
                answers.append(self._one(spec, patch))
            except (Halt, RateLimited, Unavailable) as met:
                dead = met
                answers.append(met)
            except SyncError as met:
                answers.append(met)
        return answers

    def _one(self, spec: ObjectSpec, patch: Patch) -> Snapshot:
        module = self._modules.of(spec.object)
        record_id = normalise_id(module.prefix, patch.id)
        with_lines = LINES in patch.values and spec.object in DOCUMENTS
        if with_lines:
            self._lines_allowed()
        before = self._before(module, record_id, patch, whole=with_lines or spec.object in ITEMS)
        element = self._element(module, patch.values)
        if spec.object in ITEMS and before is not None:
            self._price_allowed(element, before)
            element |= self._kept(patch.values, element, before)
        if with_lines and before is not None:
            element |= self._documents.money(element, patch.values[LINES], before)
        at = self._clock.now()
        try:
            raw = self._send("revise", {"element": encode({"id": record_id, **element}).decode()})
        except (Denied, WrongId) as met:
            raise self._verdict(module, record_id, met) from None
        except SyncError as met:
            raise naming(self._explained(module, element, met), _names(module, patch.values), "(") from None
        finally:
            self._reader.forget(record_id)
        if spec.object in ITEMS and (stuck := still_on(element, raw)):
            raw = self._send(
                "revise",
                {"element": encode({"id": record_id, **self._kept({}, element, raw), **stuck}).decode()},
            )
        return self._written(spec, module, {**raw, "id": record_id}, at, with_lines)

    def _before(self, module: Module, record_id: str, patch: Patch, whole: bool) -> Raw | None:
        """The record as it is now, if that must be known. Raises StaleVersion when it has been changed since
        it was read."""
        now = self._clock.now()
        fresh = patch.read_at is not None and now - patch.read_at <= self._fresh
        if not whole and (fresh or not patch.version):
            return None
        if whole:
            known = self._reader.recent(record_id, now - self._fresh) if fresh else None
            raw = known if known is not None else self._retrieved(module, record_id)
        else:
            rows = self._reader.present(module.name, [record_id])
            if not rows:
                raise _vanished(module, record_id)
            raw = rows[0]
        version = version_of(raw.get(MODIFIED))
        if patch.version and version != patch.version:
            raise StaleVersion(
                f"{module.label or module.name} {record_id} was changed in Vtiger at {version}, after it was "
                "read: it will be read again"
            )
        return raw

    def _retrieved(self, module: Module, record_id: str) -> Raw:
        try:
            return self._reader.retrieve(record_id)
        except (Denied, WrongId) as met:
            raise self._verdict(module, record_id, met) from None

    def _price_allowed(self, element: Mapping[str, Any], before: Raw) -> None:
        """Ours is in the base currency; sent to an item in another, it would become that many of those."""
        self._reference.base_currency()
        if PRICE in element and (foreign := foreign_currency(before, self._reference)):
            raise RecordRejected(
                f"Vtiger has its price in {foreign}, and would take {element[PRICE]} for {foreign} too: "
                "change the price in Vtiger, or give the item your own currency there"
            )

    def _kept(self, values: Values, element: Mapping[str, Any], before: Raw) -> dict[str, Any]:
        """Older servers drop the taxes and the price of a product if they are not sent with a change."""
        taxes = (
            switches(values[TAX], before, self._reference.taxes())
            if TAX in values
            else {name: native(before[name]) for name in tax_names(before)}
        )
        currency = native(before.get("currency_id")) or native(self._reference.base_currency().get("id"))
        kept = {"unit_price": element.get("unit_price", native(before.get("unit_price"))), **taxes}
        return {**kept, "currency_id": element.get("currency_id") or currency} if currency else kept

    # ------------------------------------------------------------ both

    def _lines_allowed(self) -> None:
        version = "" if self._api.cloud else self._api.me().version
        reason = refuses_lines(version, self._api.cloud, self._line_writes)
        if reason:
            raise RecordRejected(reason)

    def _element(self, module: Module, values: Values) -> dict[str, Any]:
        """With Vtiger's names. A label without a field is left out, as it is when reading."""
        element: dict[str, Any] = {}
        for path, value in values.items():
            if module.virtual(path) and path != "currency_id":
                continue
            if isinstance(value, (list, dict)):
                raise MissingField(
                    f"the rules write a list into '{path}' of Vtiger's {module.name}, which does not take a "
                    "list there"
                )
            name = path if module.virtual(path) else module.resolve(path)
            if name is not None:
                element[name] = sendable(value)
        return element

    def _send(self, operation: str, params: Mapping[str, str]) -> Raw:
        raw = self._api.post(operation, params)
        if not isinstance(raw, Mapping):
            raise OutcomeUnknown(f"Vtiger answered {operation} without the record")
        return raw

    def _written(self, spec: ObjectSpec, module: Module, raw: Raw, at: Any, again: bool) -> Snapshot:
        """From the answer, which is the whole record; with lines it shows wrong totals and is read again."""
        if not again:
            return self._reader.snapshot(spec, module, raw, at)
        record_id = native(raw["id"])
        try:
            began = self._clock.now()
            return self._reader.snapshot(spec, module, self._reader.retrieve(record_id), began)
        except SyncError:
            # It is written; anyone who needs its totals will read it.
            told = {
                path: native(raw[name])
                for path, name in module.own(spec).items()
                if name in raw and name in (MODIFIED, "id", "invoice_no", "subject")
            }
            return Snapshot(record_id, {**told}, at, None)

    def _verdict(self, module: Module, record_id: str, refused: SyncError) -> SyncError:
        """What it means when Vtiger refuses one record: it is gone, or this user may not change it."""
        if isinstance(refused, WrongId) or not self._reader.present(module.name, [record_id]):
            return _vanished(module, record_id)
        if not module.updateable:
            return MissingPermission(f"{refused}. The module {module.name} may not be changed by this user")
        return RecordRejected(
            f"{refused}. The record exists: check the user's rights to it, and the records it refers to"
        )

    def _explained(self, module: Module, element: Mapping[str, Any], met: SyncError) -> SyncError:
        if isinstance(met, Duplicate):
            unique = [
                f"{field['label']} “{element[name]}”"
                for name, field in module.fields.items()
                if field["unique"] and element.get(name)
            ]
            named = " and ".join(unique) or "one of its unique fields"
            return NameTaken(
                f"Vtiger already has another record of {module.label or module.name} with {named}, perhaps "
                "in the recycle bin: rename one of the two, link this one to it, or let Vtiger take a name "
                "twice (CRM Settings > Module Management > Module Layouts & Fields > Duplicate Prevention)"
            )
        if isinstance(met, Denied) and module.createable and module.updateable:
            return RecordRejected(
                f"{met}. Writing to the module is allowed, so check the owner and the records it refers to"
            )
        if isinstance(met, WrongId):
            return RecordRejected(
                f"{met}. Check the records it refers to; Vtiger 8.3 and later refuse an invoice with lines "
                "like this"
            )
        return met


def _names(module: Module, values: Mapping[str, Any]) -> dict[str, str]:
    """Vtiger's name of each field that is written -> its native path."""
    own = {path: None if module.virtual(path) else module.resolve(path) for path in values}
    return {name: path for path, name in own.items() if name}


def _vanished(module: Module, record_id: str) -> RecordRejected:
    return RecordRejected(
        f"{module.label or module.name} {record_id} no longer exists in Vtiger: nothing was written "
        "to it. Restore it there from the recycle bin, or unlink it"
    )
