"""The integrations of a stack, in the state table. Each is a row of `#integrations` under its name; its state
is a separate row."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.spans import SKEW, Taken
from shared.settings import Integration, IntegrationState
from shared.stores import forms
from shared.stores._attributes import Item
from shared.stores._keys import integration_name, stamp
from shared.stores._rules import absent
from shared.stores._state_row import NO_OLD_FORM, change, read, renewed
from shared.stores._state_steps import Step, steps
from shared.stores._table import Condition, Table, under
from shared.stores.body import expand, shrink

if TYPE_CHECKING:
    from shared.ports.versions import Version

_PK = "#integrations"


class AwsIntegrationStore:
    """`IntegrationStore` on the state table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def names(self) -> list[str]:
        """1 request a megabyte."""
        return [item["sk"] for item in self._table.query(under(_PK))]

    def load(self, name: str) -> Integration:
        """1 request. Raises KeyError with a sentence."""
        return _integration(name, self._table.get(_PK, name) if name else None)

    def save(self, integration: Integration) -> None:
        """1 request. Raises RuleInvalid for a name that cannot be a key."""
        name = integration_name(integration.name)
        self._table.put({"pk": _PK, "sk": name, "data": shrink(integration)})

    def change(self, before: Integration | None, after: Integration, versions: "Sequence[Version]") -> bool:
        """3 requests, and 1 for each version that is one too many. The row is compared with what it says, not
        byte by byte: a release packs it otherwise than the one before."""
        from shared.stores._versions import Versions  # the webhook function changes nothing

        name = integration_name(after.name)
        found = self._table.get(_PK, name)
        if (None if found is None else _integration(name, found)) != before:
            return False
        same = Condition("attribute_not_exists(#pk)") if found is None else _unchanged(found)
        item = {"pk": _PK, "sk": name, "data": shrink(after)}
        return Versions(self._table).put_with(name, item, same, versions)

    def versions(self, name: str) -> "list[Version]":
        """1 request a megabyte."""
        from shared.stores._versions import Versions

        return Versions(self._table).newest(integration_name(name))

    def state(self, name: str) -> IntegrationState:
        """1 request. Not live if no state was ever set."""
        return read(self._table.get(*_state_key(integration_name(name))))

    def load_with_state(self, name: str) -> tuple[Integration, IntegrationState]:
        """1 request. Raises KeyError with a sentence."""
        keys = [(_PK, name), _state_key(name)] if name else []
        found = {item["pk"]: item for item in self._table.get_many(keys)}
        return _integration(name, found.get(_PK)), read(found.get(_state_key(name)[0]))

    def change_state(self, name: str, before: IntegrationState, after: IntegrationState) -> bool:
        """1 request, none when nothing differs; where another has changed something of it, 1 more for the
        reading and 1 for each field."""
        key, found = _state_key(integration_name(name)), steps(before, after)
        if not found or self._change(key, found, before):
            return True
        self._renew(key)
        written = [self._change(key, [step], before) for step in found]  # each of them, whatever the others
        return all(written)

    def take_tick(self, name: str, tick: str, sent_at: datetime, now: datetime) -> Taken:
        """1 request. What a clock that was ahead has noted counts for nothing."""
        change, values = "SET #tick = :tick, #tick_at = :now", {":tick": tick, ":now": stamp(now)}
        due = "attribute_not_exists(#tick_at) OR #tick = :tick OR #tick_at < :sent OR #tick_at > :ahead"
        times = {":sent": stamp(sent_at), ":ahead": stamp(now + SKEW)}
        key = _state_key(integration_name(name))
        before = self._table.update_seeing(*key, change, values, Condition(due, times))
        if before is None:
            return ""
        return "ahead" if str(before.get("tick_at", "")) > times[":ahead"] else "taken"

    def previews_only(self, name: str) -> None:
        """1 request; 3 for the row of an older release."""
        key = _state_key(integration_name(name))
        text, values = "SET #live = :no, #held_back = :yes", {":no": False, ":yes": True}
        if not self._table.update(*key, text, values, Condition(NO_OLD_FORM)):
            self._renew(key)
            self._table.update(*key, f"{text} REMOVE #data", values)

    def _change(self, key: tuple[str, str], found: Sequence[Step], before: IntegrationState) -> bool:
        text, values, condition = change(found, before)
        return self._table.update(*key, text, values, condition)

    def _renew(self, key: tuple[str, str]) -> None:
        """Brings the row of an older release to the present form."""
        item = self._table.get(*key)
        if item is not None and "data" in item:
            change, values = renewed(read(item))
            same = Condition("#data = :data", {":data": item["data"]})
            self._table.update(*key, change, values, same)


def _state_key(name: str) -> tuple[str, str]:
    return f"{name}#S", "state"


def _unchanged(item: Item) -> Condition:
    return Condition("#data = :data", {":data": item["data"]})


def _integration(name: str, item: Item | None) -> Integration:
    if item is None:
        raise KeyError(absent(name))
    return forms.integration(expand(item["data"]))
