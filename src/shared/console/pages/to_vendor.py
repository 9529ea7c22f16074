"""On to a vendor's sign-in page. A form may lead to no other host (`form-action 'self'`), so this page
does."""

from shared.bootstrap import SIGN_INS
from shared.console.render import web
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.console.way_to_vendor import Begun, address, alive
from shared.domain.record import replace


def show(visit: Visit) -> Reply:
    state = visit.query.get("state", "")
    away = visit.deployment.console.stores.sign_ins.look(state) if state else None
    here = visit.services.integration
    if away is None or not alive(away, visit.visitor.token, visit.now) or away.integration != here.name:
        raise NotFound
    where = web(address(visit.deployment, here.connections[away.system], Begun(state, away)))
    if not where:
        raise NotFound
    page = visit.show("to_vendor.html", "On to the sign-in", where=where, vendor=SIGN_INS[away.system].vendor)
    return replace(page, headers={"Refresh": f"1; url={where}"})
