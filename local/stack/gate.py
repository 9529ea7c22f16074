"""Who may speak to the emulator, decided from the head of a request. Pure.

The emulator derives its functions' keys from public names, does not check a root key's signature everywhere,
and answers any web page. So nothing reaches it but what carries a signature made with this stack's own secret
(`signatures.py`). Open are the Function URLs, as they are on AWS, and they are called directly, never
through the emulator's router, whose own addresses would answer on every host; and the two addresses of the
sign-in, which let nobody in without a ticket (`identity.py`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Headers = Sequence[tuple[bytes, bytes]]
_FUNCTION = re.compile(
    r"([a-z0-9]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.lambda-url\.[a-z0-9-]+\.(on\.aws|localhost:(\d+))"
)
_SIGN_IN = ("/oauth2/authorize", "/oauth2/token")
_EMULATORS_OWN = ("/_", "/health")
_OWN_SITE = ("same-origin", "none")
"""`Sec-Fetch-Site`, which only a browser can set: our own page, or an address typed by the person."""


class Refused(Exception):
    """The request goes no further; the message says why."""


@dataclass(frozen=True)
class Admitted:
    """Where a request may go. `function` is the id in a Function URL; a `signed` request must still prove its
    signature, a `control` request its key."""

    way: Literal["function", "signed", "control", "sign-in"]
    function: str = ""


def admit(port: int, path: str, headers: Headers) -> Admitted:
    """`path` is decoded. Raises Refused for a foreign or second host, for the emulator's own addresses,
    and for a web page where only programs have business."""
    host = _one_host(headers)
    function = _FUNCTION.fullmatch(host)
    own = host in (f"127.0.0.1:{port}", f"localhost:{port}")
    if not own and (function is None or function[3] not in (None, str(port))):
        raise Refused("this host name does not belong to the local stack")
    control = own and path.startswith("/_tieout/")
    if not control and path.startswith(_EMULATORS_OWN):
        raise Refused("the emulator's own addresses are closed")
    if function is not None:
        return Admitted("function", function[1])
    if values(headers, b"origin"):
        raise Refused("a web page may not use this address")
    if path in _SIGN_IN:
        return Admitted("sign-in")
    return Admitted("control" if control else "signed")


def check_page(function_name: str, method: str, headers: Headers) -> None:
    """Raises Refused for another web page's request to a Function URL. Anyone may follow a link to the
    console; `Origin` proves nothing, because our own forms send null."""
    sites = {value.decode("latin-1") for value in values(headers, b"sec-fetch-site")}
    if sites <= set(_OWN_SITE):
        return
    if not (method in ("GET", "HEAD") and function_name.endswith("-console")):
        raise Refused("this request comes from another web page")


def values(headers: Headers, name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


def _one_host(headers: Headers) -> str:
    """Two different hosts in one request would let a check see one and the emulator the other."""
    found = values(headers, b"host")
    if len(found) != 1:
        raise Refused("a request names exactly one host")
    return found[0].decode("latin-1").lower()
