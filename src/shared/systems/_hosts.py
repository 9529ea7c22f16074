"""Keeps outgoing calls on the configured host, and off addresses that only an attacker would name."""

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from shared.errors import MissingPermission, Unavailable


def guard(base_url: str, *, allow_local: bool, allow_http: bool) -> Callable[[str], None]:
    """Returns a check for every address about to be called: it must have the scheme, host and port of
    `base_url`, and resolve to a permitted address.

    `allow_http`: the connection's own setting, for a Sage server inside a private network. Raises
    MissingPermission for an address that may never be called, Unavailable when the name does not resolve.
    """
    home = urlsplit(base_url)
    if home.scheme not in ("http", "https") or not home.hostname:
        raise MissingPermission(f"url “{base_url}” is not a web address: write https://host")
    if home.scheme == "http" and not (allow_local or allow_http):
        raise MissingPermission(
            f'url “{base_url}” is not encrypted: use https, or set allow_http = "yes" for this connection'
        )
    checked: set[str] = set()

    def check(url: str) -> None:
        parts = urlsplit(url)
        if (parts.scheme, parts.hostname, parts.port) != (home.scheme, home.hostname, home.port):
            raise MissingPermission(
                f"refused to call {parts.scheme}://{parts.netloc}: the settings name {home.netloc}"
            )
        if not allow_local and home.hostname and home.hostname not in checked:
            _refuse_local(home.hostname, home.port)
            checked.add(home.hostname)

    return check


def _refuse_local(host: str, port: int | None) -> None:
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port or 443, proto=socket.IPPROTO_TCP)}
    except OSError:
        raise Unavailable(f"the host name {host} could not be resolved") from None
    for text in found:
        address = ipaddress.ip_address(text.split("%")[0])
        if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
            raise MissingPermission(f"{host} resolves to {address}, an address that Tieout never calls")
