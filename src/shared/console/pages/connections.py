"""Both systems: where they are, whether calls go out to them, what was last said and until when."""

from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.domain.record import record
from shared.domain.titles import title
from shared.ports import GateState

_SECRET = ("secret", "password", "token", "key")
"""No option is a secret; whatever sounds like one is left out all the same."""


@record
class Connected:
    system: str
    name: str
    gate: GateState
    options: tuple[tuple[str, str], ...]
    webhooks: int


def show(visit: Visit) -> Reply:
    services = visit.services
    gates = services.stores.gate.read(list(services.systems))
    found = []
    for system in (services.flow.crm, services.flow.sage):
        connection = services.integration.connections[system]
        options = tuple(
            (name.replace("_", " "), value)
            for name, value in sorted(connection.options.items())
            if value and not any(word in name for word in _SECRET)
        )
        hooks = len(services.integration.webhook_tokens.get(system, ()))
        found.append(Connected(system, title(system), gates[system], options, hooks))
    return visit.show("connections.html", "Connections", connected=found)
