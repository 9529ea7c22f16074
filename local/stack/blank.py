"""A stack that has nothing, for settings that are tried before there is one. It is forgotten with the
process."""

from dataclasses import dataclass, field

from shared.ports import IntegrationStore, Stores
from shared.settings import Environment
from shared.stores.memory import MemoryWorld


@dataclass
class BlankStack:
    """A `Stack` in memory; like the local one, it may call this machine."""

    world: MemoryWorld = field(default_factory=MemoryWorld)
    environment: Environment = field(
        default_factory=lambda: Environment("", "", "", "", "", "", "", allow_local=True)
    )

    def integrations(self) -> IntegrationStore:
        return self.world.integrations

    def stores(self, integration: str) -> Stores:
        return self.world.stores(integration)
