"""Both systems: whether calls go out to them, what was last said and until when, where they lead to, what is
missing there, and how many calls were made."""

from shared.console.connected import connections
from shared.console.reply import Reply
from shared.console.visit import Visit


def show(visit: Visit) -> Reply:
    return visit.show("connections.html", "Connections", connected=connections(visit.services))
