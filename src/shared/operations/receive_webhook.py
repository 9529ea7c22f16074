"""Receives a webhook request, which counts for nothing without its token, and as a hint with it.

The address is `/{integration}/{system}/{token}?object=…&event=…`. Every input may be hostile: sizes are
limited, the token is compared in constant time, and a wrong token, integration or system gets the same
answer."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.bootstrap_webhook import PARSERS
from shared.domain.link import ChangeEvent
from shared.domain.record import record
from shared.domain.run_ids import hook_run_id
from shared.settings import Integration

if TYPE_CHECKING:
    from shared.ports import EventQueue, IntegrationStore

LARGEST_BODY = 262_144
MOST_RECORDS = 500
"""Of one request: no vendor names more than a page of them, and whoever has the address could otherwise fill
the queue for an hour with one. The poll finds what is refused here."""
_PATH = re.compile(r"/([A-Za-z0-9_-]{1,64})/([a-z0-9_]{1,40})/([A-Za-z0-9_-]{20,128})/?")


@record
class Answer:
    status: int
    message: str
    integration: str = ""


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def receive(request: Mapping[str, Any], integrations: "IntegrationStore", queue: "EventQueue") -> Answer:
    """Answers 202 once the events are on the queue. Raises Unavailable (a 5xx) when they could not be put
    there."""
    if request.get("requestContext", {}).get("http", {}).get("method") != "POST":
        return Answer(405, "only POST is accepted")
    integration, system = _admitted(str(request.get("rawPath", "")), integrations)
    if integration is None:
        return Answer(404, "no such webhook")
    body = _body(request)
    if body is None:
        return Answer(413, f"the body is larger than {LARGEST_BODY} bytes, or not readable", integration.name)
    return _queue(integration, system, request.get("queryStringParameters") or {}, body, queue)


def _admitted(path: str, integrations: "IntegrationStore") -> tuple[Integration | None, str]:
    found = _PATH.fullmatch(path)
    if found is None or found[2] not in PARSERS:  # the console's keys are no tokens
        return None, ""
    name, system, token = found.groups()
    try:
        integration = integrations.load(name)
    except KeyError:
        return None, ""
    digest = token_digest(token)
    valid = [
        hmac.compare_digest(digest, known.digest) for known in integration.webhook_tokens.get(system, ())
    ]
    return (integration, system) if any(valid) else (None, "")


def _body(request: Mapping[str, Any]) -> bytes | None:
    text = request.get("body") or ""
    try:
        body = base64.b64decode(text, validate=True) if request.get("isBase64Encoded") else text.encode()
    except (binascii.Error, ValueError):
        return None
    return body if len(body) <= LARGEST_BODY else None


def _queue(
    integration: Integration, system: str, query: Mapping[str, str], body: bytes, queue: "EventQueue"
) -> Answer:
    try:
        hints = PARSERS[system]().parse(query, body)
    except (ValueError, RecursionError) as fault:
        return Answer(400, str(fault), integration.name)
    if len(hints) > MOST_RECORDS:
        much = f"{len(hints)} records in one request: {MOST_RECORDS} at most. The next poll finds them all"
        return Answer(413, much, integration.name)
    known = integration.hook_objects.get(system, {})
    unknown = sorted({name for name, _ in hints if name not in known})
    if unknown:
        return Answer(
            400,
            f"this flow does not read {', '.join(unknown)}; it reads {', '.join(sorted(known)) or 'nothing'}",
            integration.name,
        )
    now = datetime.now(UTC)
    queue.send(
        [
            ChangeEvent(
                integration.name,
                system,
                known[name],
                record_id,
                "webhook",
                hook_run_id(now, system, known[name]),
                now,
            )
            for name, record_id in hints
        ]
    )
    return Answer(202, f"{len(hints)} queued", integration.name)
