"""Why a vendor did not answer, in words a person can act on."""

import httpx

_KINDS: tuple[tuple[type[httpx.HTTPError], str], ...] = (
    (httpx.ConnectTimeout, "no connection to its address came about in time"),
    (httpx.ConnectError, "nothing can be reached at its address"),
    (httpx.PoolTimeout, "too many calls are open"),
    (httpx.TimeoutException, "no answer came in time"),
    (httpx.UnsupportedProtocol, "its address does not begin with https:// or http://"),
    (httpx.RemoteProtocolError, "the connection broke off"),
    (httpx.NetworkError, "the connection broke off"),
)
_SAID = (
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not one that this machine trusts"),
    ("Name or service not known", "there is no server of that name"),
    ("No address associated", "there is no server of that name"),
    ("name resolution", "there is no server of that name, or this machine has no network"),
    ("nodename nor servname", "there is no server of that name"),
    ("SSL", "it does not speak https at that address"),
)
"""What the system says of a connection that did not come about."""


def why(fault: httpx.HTTPError) -> str:
    """Nothing of the address: it may hold a session."""
    if isinstance(fault, httpx.ConnectError):
        for mark, words in _SAID:
            if mark in str(fault):
                return words
    return next((words for kind, words in _KINDS if isinstance(fault, kind)), "the connection failed")
