"""A product's picture, which the service gives in base64 and cannot take."""

import base64
import binascii
from urllib.parse import quote

from shared.errors import RecordRejected
from shared.systems.sage_50.client import Client


def picture(client: Client, code: str) -> bytes:
    """Raises RecordRejected where there is none ("Image not found"), or where it is no base64."""
    path = f"/api/product/{quote(code, safe='')}/webImage"
    found = client.get(path, f"read the picture of product {code}")
    if not isinstance(found, str) or not found:
        raise RecordRejected(f"Sage 50 names a picture of product {code} and gives none")
    try:
        return base64.b64decode("".join(found.split()), validate=True)
    except (binascii.Error, ValueError):
        raise RecordRejected(f"the picture of product {code} cannot be read as Sage 50 gives it") from None
