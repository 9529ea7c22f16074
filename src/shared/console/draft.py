"""Settings on their way through a form: packed, so that no browser and no filter changes a letter, and what
was cut off is noticed."""

import base64
import binascii
import zlib

_LONGEST = 2_000_000


def packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode()


def unpacked(field: str) -> str:
    """Raises ValueError for what did not arrive whole."""
    try:
        worker = zlib.decompressobj()
        data = worker.decompress(base64.b64decode(field, validate=True), _LONGEST)
        if not worker.eof:
            raise ValueError("cut")
        return data.decode("utf-8", "surrogatepass")
    except (binascii.Error, zlib.error, UnicodeDecodeError) as fault:
        raise ValueError("cut") from fault
