"""Which flows can be demonstrated, with which emulated vendors and which made-up credentials."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import Connection


@dataclass(frozen=True)
class Demo:
    """`vendors` is system -> emulator; `options` and `secrets` are what a settings file would say."""

    flow: str
    vendors: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, Mapping[str, str]]

    @property
    def crm(self) -> str:
        return self.flow.split("--")[0]

    @property
    def sage(self) -> str:
        return self.flow.split("--")[1]

    def connections(self, addresses: Mapping[str, str]) -> dict[str, Connection]:
        return {system: Connection(system, {"url": addresses[system], **self.options.get(system, {})})
                for system in self.vendors}


FLOWS = {
    "sugarcrm--sage_50": Demo(
        "sugarcrm--sage_50",
        vendors={"sugarcrm": "sugarcrm", "sage_50": "hyperaccounts"},
        options={"sugarcrm": {"api": "v11", "base_currency": "GBP"}},
        secrets={"sugarcrm": {"user": "sync", "password": "sync-password"}, "sage_50": {"token": "demo-token"}},
    ),
}
