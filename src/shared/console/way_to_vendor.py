"""To a vendor's sign-in page and back: the console's part of signing in with the browser.

The console keeps no secret of it. The verifier, the code and what was typed are sealed for the function that
ends the sign-in (`AskedStore`). The way back is good once, for ten minutes, and only in the session that
began it; whatever else comes to its address is answered with a sentence.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from shared.bootstrap import SIGN_INS
from shared.bootstrap_console import Way
from shared.bootstrap_deployment import Deployment
from shared.console.sessions import BEGUN_LASTS, SignedIn, equal, new_key
from shared.console.sign_in import Answer, sign_in_path
from shared.domain.record import record
from shared.domain.titles import title
from shared.errors import RuleInvalid, SyncError
from shared.operations.poll_messages import ConnectionTask, send
from shared.ports.asked import Asked
from shared.ports.audit import Entry
from shared.ports.sessions import Away
from shared.settings import Connection

BACK = "/-/connected"
"""Where the vendor sends the browser back to, under the console's address: one for the whole stack."""
_LONGEST = 2_000
_AGAIN = (
    "This way back has been used already, is older than ten minutes, or was begun in another browser or "
    "session. Nothing was stored. Begin again on the page of the connection."
)
_SAID = {
    "access_denied": "the access was not allowed",
    "temporarily_unavailable": "its sign-in is not available at the moment",
    "server_error": "its sign-in had a fault",
    "unauthorized_client": "the app may not do this: check it in the developer portal",
    "invalid_scope": "the app may not ask for full access: check it in the developer portal",
}
_REFUSED = "it refused, and did not say why in a way that can be shown"


@record
class Begun:
    """What the page needs to go on: `state` finds it again."""

    state: str
    away: Away


def callback(deployment: Deployment) -> str:
    """The address to register at the vendor; "" while the console does not know its own."""
    try:
        provider = deployment.console.stores.provider.load()
    except RuleInvalid:
        return ""
    return provider.address.rstrip("/") + BACK if provider and provider.address else ""


def begin(
    deployment: Deployment,
    session: str,
    asked: Asked,
    integration: str,
    client: Mapping[str, str],
    country: str,
) -> Begun:
    """`session`: its form token. `client`: what was typed, sealed with the verifier, and the app's id."""
    state, verifier = new_key(), new_key() + new_key()[:20]
    name = SIGN_INS[asked.system].client
    stores = deployment.stores(integration)
    stores.asked.put(asked, {**client, "verifier": verifier})
    away = Away(
        session,
        integration,
        asked.system,
        asked.id,
        _challenge(verifier),
        country,
        client[name],
        asked.at,
    )
    deployment.console.stores.sign_ins.leave(state, away)
    return Begun(state, away)


def address(deployment: Deployment, connection: Connection, begun: Begun) -> str:
    """Of the vendor's page."""
    away = begun.away
    way = Way(away.client_id, callback(deployment), begun.state, away.challenge, away.country)
    return SIGN_INS[away.system].page(connection.options, way)


def alive(away: Away | None, session: str, now: datetime) -> bool:
    return away is not None and equal(away.session, session) and now < away.at + BEGUN_LASTS


def came_back(
    payload: Mapping[str, Any], deployment: Deployment, known: SignedIn | None, now: datetime
) -> Answer:
    """Hands the code on, sealed. The state is used up whatever comes of it."""
    query = _query(payload)
    if known is None:
        text = "Your session has ended, so nothing was stored. Sign in and begin again."
        return Answer(403, "Not connected", text, ((sign_in_path(), "Sign in"),))
    state = query.get("state", "")
    away = deployment.console.stores.sign_ins.back(state) if state else None
    if away is None or not alive(away, known.form_token, now):
        return Answer(403, "Not connected", _AGAIN, (("/", "Go on"),))
    page = f"/{away.integration}/connection?{urlencode({'system': away.system})}"
    if known.role(away.integration) != "admin":
        return Answer(403, "Not connected", "Only an administrator may connect a system.", (("/", "Go on"),))
    vendor, code = SIGN_INS[away.system].vendor, query.get("code", "")
    if "error" in query or not code:
        why = f"{vendor} did not let Tieout in: {_SAID.get(query.get('error', ''), _REFUSED)}"
        _note(deployment, known, away, f"{why}.", now)
        text = f"{why}. Nothing was stored; what was connected before stays."
        return Answer(403, "Not connected", text, ((page, f"Back to {title(away.system)}"),))
    asked = Asked(new_key(), "sign-in", away.system, known.session.name, now, known.session.person)
    values = {"code": code, "began": away.asked, "redirect_uri": callback(deployment)}
    try:
        deployment.stores(away.integration).asked.put(asked, values)
        send(deployment.polls, [ConnectionTask(away.integration, asked.id)])
    except (SyncError, ValueError):
        text = "The answer could not be handed on, so nothing was stored. Begin again in a minute."
        return Answer(503, "Not connected", text, ((page, f"Back to {title(away.system)}"),))
    _note(deployment, known, away, f"{vendor} let Tieout in; the sign-in is being ended.", now)
    return Answer(303, location=f"{page}&since={int(now.timestamp())}&done=came-back")


def _note(deployment: Deployment, known: SignedIn, away: Away, result: str, now: datetime) -> None:
    session = known.session
    deployment.console.stores.audit.note(
        Entry(
            now,
            session.person,
            session.name,
            "come back from the vendor",
            away.integration,
            away.system,
            result=result,
            id=new_key()[:12],
        )
    )


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _query(payload: Mapping[str, Any]) -> dict[str, str]:
    given = payload.get("queryStringParameters")
    found = given.items() if isinstance(given, Mapping) else ()
    return {str(name): str(value)[:_LONGEST] for name, value in found}
