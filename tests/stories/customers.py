"""Vtiger and Sage Accounting under the shipped rules that go both ways, told in `World`'s language.

The vendors are memory, and no abler than the real ones: neither keeps our key. Vtiger can be asked what was
made through its interface of late; Sage answers a create repeated under its key with its first result.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from shared.domain.record import replace
from shared.errors import NameTaken, SyncError
from shared.mapping.compile import compile_flow
from shared.mapping.maps import ObjectMap
from shared.mapping.model import Flow
from shared.ports import Capabilities, ObjectSpec, Page, Patch, Snapshot
from shared.systems.memory import MemorySystem
from tests.properties.ports import Ticker
from tests.properties.rig import Rig
from tests.stories.world import Values, World

VTIGER, SAGE = "vtiger", "sage_accounting"
FLOW = f"{VTIGER}--{SAGE}"
ABLE = {
    VTIGER: Capabilities(traces=True, deletes=True),
    SAGE: Capabilities(idempotent_create=True, idempotent_seconds=6 * 86400, deletes=True),
}
Rules = str | dict[str, str]
"""What a user's own rule file says: that of the flow, or several by name."""


class Vendor(MemorySystem):
    """Its records' versions are times, as both vendors' are, and what it makes is a customer. `unique` is
    object -> the field whose value it takes only once, as Vtiger 8 does with names of organisations."""

    unique: Mapping[str, str] = MappingProxyType({})

    def create(self, spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        self._refuse_second(spec.object, "", values)
        return super().create(spec, {**of_the_kind(spec), **values}, key)

    def recent(self, spec: ObjectSpec, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Without what was deleted, as Sage is asked between two full looks."""
        for page in self.changes(spec, cursor):
            yield replace(page, records=tuple(one for one in page.records if isinstance(one, Snapshot)))

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        try:
            for patch in patches:
                self._refuse_second(spec.object, patch.id, patch.values)
        except NameTaken as fault:
            return [fault for _ in patches]
        return super().update(spec, patches)

    def _refuse_second(self, object_name: str, own: str, values: Any) -> None:
        path = self.unique.get(object_name, "")
        for one, record in self.objects.get(object_name, {}).items():
            if path in values and one != own and record.get(path) == values[path]:
                raise NameTaken(
                    f"Vtiger already has another record with {values[path]}: Duplicate Prevention"
                )

    def _version(self, object_name: str, record_id: str) -> str:
        return self.modified[(object_name, record_id)].isoformat()


class Customers(World):
    """`rules` are laid over the shipped ones; `able` replaces what a vendor can do."""

    entity = "account"

    def __init__(
        self,
        rules: Rules = "",
        able: dict[str, Capabilities] | None = None,
    ) -> None:
        clock, can = Ticker(), {**ABLE, **(able or {})}
        vendors: dict[str, MemorySystem] = {
            name: Vendor(name, clock, capabilities=can[name]) for name in (VTIGER, SAGE)
        }
        super().__init__(Rig(flow_of(rules), vendors, clock))

    @classmethod
    def linked_smith(cls, rules: Rules = "", **values: Any) -> "Customers":
        """Both sides hold this customer, Tieout knows that they are one, and nothing was logged yet."""
        here = cls(rules)
        here.enter(VTIGER, "smith", **values)
        here.sync()
        here.wait(minutes=2)
        here.forget()
        return here

    def new_rules(self, rules: Rules) -> None:
        """The user's rule file says something else from now on."""
        self.rig.flow = flow_of(rules)

    # what people do

    def enter(self, system: str, record: str, entity: str = "", **values: Any) -> None:
        """A new record of this id."""
        blank = dict.fromkeys(self._map(system, entity).spec.fields)
        self._put(system, record, entity, {**blank, **of_the_kind(self._map(system, entity).spec)}, values)

    def edit(self, system: str, record: str = "smith", entity: str = "", **values: Any) -> None:
        """`record`: its id on either side."""
        self._put(system, self.id_of(system, record, entity), entity, {}, values)

    def delete(self, system: str, record: str = "smith", entity: str = "") -> None:
        self.rig.systems[system].drop(
            self._map(system, entity).spec.object, self.id_of(system, record, entity)
        )

    def merge(self, system: str, loser: str, winner: str) -> None:
        self.rig.systems[system].merge(self._map(system).spec.object, loser, winner)

    # what they see

    def shows(self, system: str, record: str = "smith", entity: str = "") -> Values:
        """A record's fields; blank ones are left out."""
        return self._shown(system, entity)[self.id_of(system, record, entity)]

    def records(self, system: str, entity: str = "") -> list[Values]:
        """All records of a side."""
        return list(self._shown(system, entity).values())

    def writes(self, system: str) -> int:
        """How often Tieout wrote to that side."""
        return len(self.rig.systems[system].writes)

    def _shown(self, system: str, entity: str) -> dict[str, Values]:
        read = self._map(system, entity).read
        return {
            one: {name: value for name, value in read(native, TABLES).items() if value is not None}
            for one, native in self.native(system, entity).items()
        }

    def _put(self, system: str, record: str, entity: str, fixed: Values, values: Values) -> None:
        native = self._map(system, entity).write(values, TABLES, [])
        self.rig.systems[system].put(self._map(system, entity).spec.object, record, {**fixed, **native})

    def _map(self, system: str, entity: str = "") -> ObjectMap:
        return self.rig.flow.entities[entity or self.entity].maps[system]


class Itself(dict[str, str]):
    """People refer to a record by its own id."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return key


REFERENCES = ("native.account", "native.contact", "link.account", "link.contact")
TABLES: dict[str, dict[str, Any]] = {
    "currencies": {},
    "tax_codes": {},
    "users": {},
    **dict.fromkeys(REFERENCES, Itself()),
}


def of_the_kind(spec: ObjectSpec) -> dict[str, Any]:
    """What makes a record one that the rules take: in Sage a customer is a contact of that type."""
    return {one.field: one.value for one in spec.where if one.op == "equals"}


def flow_of(rules: Rules) -> Flow:
    files = {f"flows/{FLOW}.toml": rules} if isinstance(rules, str) else rules
    return compile_flow(FLOW, {name: text for name, text in files.items() if text})
