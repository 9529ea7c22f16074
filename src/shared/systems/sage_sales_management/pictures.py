"""A product's picture: the API gives an address, and the bytes go there, without the session key.

That address is believed only where it belongs to the vendor's bucket: https, a host that ends in one of the
allowed
names. Anything else is refused, and nothing is sent.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from shared.errors import MissingPermission, OutcomeUnknown, RecordRejected, Unavailable
from shared.systems._http import HttpClient
from shared.systems.sage_sales_management.api import Api

HOSTS = ".amazonaws.com"
LARGEST = 5_000_000
"""Bytes. The vendor names no limit."""
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))


class Pictures:
    """`hosts`: names, separated by blanks or commas; one that begins with a dot stands for all hosts under
    it. `open`
    gives a client for another host."""

    def __init__(self, api: Api, open: Callable[[str], HttpClient], hosts: str) -> None:
        self._api, self._open = api, open
        self._hosts = tuple((hosts or HOSTS).replace(",", " ").split())

    def put(self, product: str, name: str, content: bytes) -> str:
        """The id of the picture, which is shown in the product's carousel. Raises RecordRejected for what
        is no picture
        or too large, MissingPermission for an address that is not the vendor's."""
        kind = kind_of(content)
        doing = f"take a picture of product {product}"
        body = {"name": f"{_stem(name)}.{kind}", "isCarrousel": True, "folderId": "-1"}
        said = self._api.write(
            "POST", f"products/{product}/documents", body, doing, secret=("X-Amz-Signature",)
        )
        if not isinstance(said, Mapping) or not said.get("id") or not isinstance(said.get("locator"), str):
            raise OutcomeUnknown(f"Sage Sales Management was asked to {doing} and gave no address for it")
        try:
            self._send(said["locator"], content)
        except (OutcomeUnknown, Unavailable):
            self._send(said["locator"], content)  # the same bytes to the same address: nothing is doubled
        return str(said["id"])

    def _send(self, locator: str, content: bytes) -> None:
        parts = urlsplit(locator)
        self._must_be_allowed(parts.scheme, parts.hostname or "", parts.netloc)
        http = self._open(f"{parts.scheme}://{parts.netloc}")
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        reply = http.send(
            "PUT",
            path,
            content=content,
            headers={"Content-Type": "application/octet-stream"},
            writes=True,
            hide=(parts.query,),
        )
        if not 200 <= reply.status < 300:
            raise RecordRejected(
                f"the picture was refused by the place where it is kept (HTTP {reply.status})"
            )

    def _must_be_allowed(self, scheme: str, host: str, shown: str) -> None:
        home = urlsplit(self._api.address)
        own = (scheme, shown) == (home.scheme, home.netloc)
        allowed = scheme == "https" and any(
            host == one or (one.startswith(".") and host.endswith(one)) for one in self._hosts
        )
        if not (own or allowed):
            raise MissingPermission(
                f"refused to send a picture to {scheme}://{shown}: the setting picture_hosts allows "
                f"{', '.join(self._hosts)}, over https"
            )


def _stem(name: str) -> str:
    """Without folders and without its ending, which the bytes themselves say."""
    file = name.replace("\\", "/").rpartition("/")[2]
    return file.rpartition(".")[0] or file


def kind_of(content: bytes) -> str:
    """Raises RecordRejected."""
    if len(content) > LARGEST:
        raise RecordRejected(f"the picture has {len(content):,} bytes; more than {LARGEST:,} are not sent")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    found = next((kind for start, kind in _KINDS if content.startswith(start)), "")
    if not found:
        raise RecordRejected("the picture is no PNG, JPEG, GIF or WebP file")
    return found
