"""The secrets of one connection as texts, so that they are found wherever a vendor repeats them: in an answer
that names them otherwise, in an error's explanation, in an address.

Names tell of secrets that nobody knows (`_redact`); this tells of those that we sent.
"""

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from shared.systems._redact import HIDDEN, is_secret

SHORTEST = 6
"""A shorter secret is part of ordinary words; it is found by its name alone."""


class Literals:
    """Whatever is secret of what was given or sent."""

    def __init__(self, secret: Mapping[str, str] | None = None) -> None:
        self._forms: dict[str, None] = {}
        self.add(value for name, value in (secret or {}).items() if is_secret(name))

    def add(self, values: Iterable[str]) -> None:
        for value in values:
            if len(value) >= SHORTEST and value not in self._forms:
                self._forms |= dict.fromkeys((value, *_spelled(value)))

    def add_headers(self, headers: Mapping[str, str]) -> None:
        """The credentials that a call carries: in "Bearer abc" the last word."""
        self.add(value.rpartition(" ")[2] for name, value in headers.items() if is_secret(name))

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self._forms)

    def within(self, body: bytes) -> tuple[str, ...]:
        """All of them, the longest first, where one occurs in it, and else none: what stands escaped in a
        body stands plain in what is read from it."""
        if not any(one.encode() in body for one in self._forms):
            return ()
        return tuple(sorted(self._forms, key=len, reverse=True))

    def out_of(self, body: bytes) -> bytes:
        """The same without them."""
        for one in self.within(body):
            body = body.replace(one.encode(), HIDDEN.encode())
        return body

    def out_of_text(self, text: str) -> str:
        return self.out_of(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _spelled(value: str) -> Iterator[str]:
    """As JSON, also as PHP writes it, as part of an address, on a page."""
    escaped = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
    yield from escaped
    yield from (one.replace("/", "\\/") for one in escaped)
    yield from (quote(value, safe=""), quote_plus(value), html.escape(value))
