"""Posts a text to the incoming webhook of a chat, under the rules for outgoing calls: https, no loopback
address, no redirect. The address is a secret, and stands in no message."""

from urllib.parse import urlsplit

import httpx

from shared.systems._hosts import guard

_TEAMS = (".logic.azure.com", ".powerplatform.com", ".webhook.office.com")
_SECONDS = 10.0


class NotPosted(Exception):
    """The chat did not take it; a sentence without the address."""


def post(address: str, text: str, local: bool = False) -> None:
    """Raises NotPosted, MissingPermission for an address that may not be called, Unavailable for a name that
    does not resolve."""
    guard(address, allow_local=local, allow_http=False)(address)
    try:
        answer = httpx.post(
            address, json=body(address, text), timeout=_SECONDS, follow_redirects=False, trust_env=False
        )
    except httpx.HTTPError as fault:
        raise NotPosted(f"The chat could not be reached ({type(fault).__name__})") from None
    if not answer.is_success:
        raise NotPosted(f"The chat refused the message (HTTP {answer.status_code})")


def body(address: str, text: str) -> dict[str, object]:
    """Teams workflows take a card; Slack, and whatever imitates it, takes `text`."""
    host = urlsplit(address).hostname or ""
    if not host.endswith(_TEAMS):
        return {"text": text}
    block = {"type": "TextBlock", "text": text.replace("\n", "\n\n"), "wrap": True}
    card = {"type": "AdaptiveCard", "version": "1.4", "body": [block]}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }
