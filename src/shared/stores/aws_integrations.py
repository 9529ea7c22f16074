"""The integrations of a stack, in the state table. All rows of `#integrations` are names; each state is a row apart."""

from shared.settings import Integration, IntegrationState
from shared.stores import forms
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
        item = self._table.get(_PK, name) if name else None
        if item is None:
            raise KeyError(absent(name))
        return forms.integration(expand(item["data"]))

    def save(self, integration: Integration) -> None:
        """1 request. Raises RuleInvalid for a name that cannot be a key."""
        name = integration_name(integration.name)
        self._table.put({"pk": _PK, "sk": name, "data": shrink(integration)})

    def state(self, name: str) -> IntegrationState:
        """1 request. Not live when nothing was ever set."""
        item = self._table.get(f"{integration_name(name)}#S", "state")
        return forms.state(expand(item["data"])) if item else IntegrationState()

    def set_state(self, name: str, state: IntegrationState) -> None:
        """1 request."""
        self._table.put({"pk": f"{integration_name(name)}#S", "sk": "state", "data": shrink(state)})
