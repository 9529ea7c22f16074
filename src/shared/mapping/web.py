"""Text in systems that started as web pages: entities are encoded and decoded, and characters beyond the
basic plane are lost.

Reading decodes the entities and drops what such a system cannot keep; writing drops it too, so that what is
sent is what will be shown. Compared in this form, a lossy system never looks edited (Vtiger: reference, 1.5).
"""

import html
from dataclasses import replace
from typing import Any

from shared.mapping.numbers import Convert, Spot
from shared.mapping.transforms import Transform

PREFIX = "web "


def basic(text: str) -> str:
    """Without characters beyond the basic plane, and without the joiners they leave behind."""
    if text.isascii() or all(ord(sign) < 0x10000 for sign in text):
        return text
    return "".join(sign for sign in text if ord(sign) < 0x10000 and sign not in "\u200d\ufe0f")


def decoded(value: Any) -> Any:
    """Entities decoded until none is left: a value that was stored encoded twice is still the same value."""
    if not isinstance(value, str) or ("&" not in value and value.isascii()):
        return value
    while (once := basic(html.unescape(value) if "&" in value else value)) != value:
        value = once
    return value


def on_the_web(transform: Transform) -> Transform:
    """The same transform for such a system. Only transforms of text change."""
    if transform.extra not in ("notes", "now"):
        return transform
    return replace(
        transform,
        name=PREFIX + transform.name,
        reader=lambda spot: _reader(transform, spot),
        writer=lambda spot: _writer(transform, spot),
    )


def _reader(transform: Transform, spot: Spot) -> Convert:
    read = transform.reader(spot)
    if transform.several:
        return lambda values: read([decoded(value) for value in values])

    def decode(value: Any) -> Any:
        usual = value is None or (value.__class__ is str and "&" not in value and value.isascii())
        return read(value if usual else decoded(value))

    return decode


def _writer(transform: Transform, spot: Spot) -> Convert:
    assert transform.writer is not None
    write = transform.writer(spot)
    return lambda value, extra: write(None if value is None else decoded(value).strip() or None, extra)
