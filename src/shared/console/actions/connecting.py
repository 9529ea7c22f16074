"""What an admin does with a connection. The console calls no vendor and reads no secret: it puts what was
asked for, sealed, where the function that polls finds it, and tells that function.
"""

from collections.abc import Mapping

from shared.bootstrap import OPTIONS, SIGN_INS
from shared.console.connected import Connected, needed
from shared.console.pages.connection import found
from shared.console.sessions import new_key
from shared.console.visit import Done, Visit
from shared.console.way_to_vendor import begin as begin_way
from shared.console.way_to_vendor import callback
from shared.operations.poll_messages import ConnectionTask, send
from shared.ports.asked import Asked, AskedKind

_LONGEST = 2_000
PAGE = "connection"


def test(visit: Visit) -> Done:
    return _ask(visit, _here(visit), "test", {}, "testing")


def save(visit: Visit) -> Done:
    """Credentials that were typed: stored only if the test with them passes."""
    one = _here(visit)
    given = _typed(visit, one.system)
    if one.signs_in or not given:
        return _done(one, "nothing-entered")
    if any(len(value) > _LONGEST for value in given.values()):
        return _done(one, "too-long")
    if _unsure(visit):
        return _done(one, "not-sure")
    return _ask(visit, one, "credentials", given, "testing")


def begin(visit: Visit) -> Done:
    """To the vendor's sign-in page, with a way back that is good once, in this session only."""
    one = _here(visit)
    if not one.signs_in:
        return _done(one, "nothing")
    kind, given = SIGN_INS[one.system], _typed(visit, one.system)
    country = visit.request.said("country")
    if country not in ("", *(code for code, _ in kind.countries)):
        return _done(one, "nothing")
    if any(len(value) > _LONGEST for value in given.values()):
        return _done(one, "too-long")
    wanted = {field.name for field in needed(one.system) if field.required}
    if not callback(visit.deployment):
        return _done(one, "no-address")
    if (given and not wanted <= given.keys()) or (not given and not one.known.client):
        return _done(one, "nothing-entered")
    asked = _asked(visit, one.system, "begun")
    client = given or {kind.client: one.known.client}
    begun = begin_way(
        visit.deployment, visit.visitor.token, asked, visit.services.integration.name, client, country
    )
    return Done("to-vendor", "to-vendor", {"state": begun.state})


def choose(visit: Visit) -> Done:
    one, choice = _here(visit), visit.request.said("choice")
    if not one.signs_in or choice not in [row.id for row in one.known.choices if row.active]:
        return _done(one, "no-choice")
    if _unsure(visit):
        return _done(one, "not-sure")
    return _ask(visit, one, "choose", {"choice": choice}, "choosing")


def disconnect(visit: Visit) -> Done:
    one = _here(visit)
    if visit.request.said("sure") != "yes":
        return _done(one, "not-sure")
    return _ask(visit, one, "disconnect", {}, "disconnecting")


def _here(visit: Visit) -> Connected:
    return found(visit, visit.request.said("system"))


def _typed(visit: Visit, system: str) -> dict[str, str]:
    """No other fields than those that the system has; blank is not entered. Each is named apart from what
    any form has: Sage 50's is a token, too."""
    fields = [name for name, one in OPTIONS[system].items() if one.secret]
    said = {name: visit.request.said(f"secret-{name}").strip() for name in fields}
    return {name: value for name, value in said.items() if value}


def _unsure(visit: Visit) -> bool:
    """Another account behind a live integration would have all its records compared with another
    company's."""
    return visit.services.state.live and visit.request.said("sure") != "yes"


def _asked(visit: Visit, system: str, kind: AskedKind) -> Asked:
    return Asked(new_key(), kind, system, visit.visitor.name, visit.now, visit.visitor.person)


def _ask(visit: Visit, one: Connected, kind: AskedKind, values: Mapping[str, str], code: str) -> Done:
    asked, name = _asked(visit, one.system, kind), visit.services.integration.name
    visit.services.stores.asked.put(asked, values)
    send(visit.deployment.polls, [ConnectionTask(name, asked.id)])
    return Done(code, PAGE, {"system": one.system, "since": str(int(asked.at.timestamp()))})


def _done(one: Connected, code: str) -> Done:
    return Done(code, PAGE, {"system": one.system})
