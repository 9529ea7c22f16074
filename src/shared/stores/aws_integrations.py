"""The integrations of a stack, in the state table. Each is a row of `#integrations` under its name; its state
is a separate row."""

from shared.settings import Integration, IntegrationState
from shared.stores import forms
from shared.stores._attributes import Item
from shared.stores._keys import integration_name
from shared.stores._rules import absent
from shared.stores._table import Table, under
from shared.stores.body import expand, shrink

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

    def state(self, name: str) -> IntegrationState:
        """1 request. Not live if no state was ever set."""
        return _state(self._table.get(*_state_key(integration_name(name))))

    def load_with_state(self, name: str) -> tuple[Integration, IntegrationState]:
        """1 request. Raises KeyError with a sentence."""
        keys = [(_PK, name), _state_key(name)] if name else []
        found = {item["pk"]: item for item in self._table.get_many(keys)}
        return _integration(name, found.get(_PK)), _state(found.get(_state_key(name)[0]))

    def set_state(self, name: str, state: IntegrationState) -> None:
        """1 request."""
        pk, sk = _state_key(integration_name(name))
        self._table.update(pk, sk, "SET #data = :data", {":data": shrink(forms.kept_state(state))})


def _state_key(name: str) -> tuple[str, str]:
    return f"{name}#S", "state"


def _integration(name: str, item: Item | None) -> Integration:
    if item is None:
        raise KeyError(absent(name))
    return forms.integration(expand(item["data"]))


def _state(item: Item | None) -> IntegrationState:
    if item is None:
        return IntegrationState()
    return forms.state(expand(item["data"]) if "data" in item else {}, item.get("missing", ()))
