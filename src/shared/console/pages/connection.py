"""One connection, for an admin: sign in or enter credentials, test, choose the business, disconnect; and what
came of the last of these, which the page follows."""

from shared.bootstrap import SIGN_INS
from shared.console.connected import Connected, connections, needed
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.console.way_to_vendor import callback

PATIENCE = 180
"""Seconds that the page waits for the outcome of what was asked for."""


def show(visit: Visit) -> Reply:
    one = found(visit, visit.query.get("system", ""))
    kind = SIGN_INS[one.system] if one.signs_in else None
    since = _since(visit)
    answer = one.known.answer
    late = since is not None and (answer is None or answer.asked_at.timestamp() < since)
    return visit.show(
        "connection.html",
        one.name,
        one=one,
        fields=needed(one.system),
        kind=kind,
        callback=callback(visit.deployment) if kind else "",
        live=visit.services.state.live,
        asking=visit.query.get("ask") == "disconnect",
        answer=answer,
        follow=late and since is not None and visit.now.timestamp() - since < PATIENCE,
        silent=late and since is not None and visit.now.timestamp() - since >= PATIENCE,
    )


def found(visit: Visit, system: str) -> Connected:
    """Raises NotFound for what is no connection of this integration."""
    for one in connections(visit.services):
        if one.system == system:
            return one
    raise NotFound


def _since(visit: Visit) -> int | None:
    text = visit.query.get("since", "")
    return int(text) if text.isdecimal() and len(text) <= 12 else None
