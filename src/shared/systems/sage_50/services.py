"""Which lines of a document sell a service: those whose item is one.

A line's own flag is no witness, because it is 0 for a service's record on a product invoice. So the items are
asked for, in one search for the codes of many documents, and only for rules that tell services from products.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.ports import ObjectSpec, Snapshot

SERVICE = 2
_LINES = "invoiceItems"
Search = Callable[[Sequence[str]], Sequence[Snapshot]]


class Services:
    """What it has learnt of an item's kind it keeps for its invocation. `search`: products by their codes."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._known: dict[str, bool] = {}

    def told(self, spec: ObjectSpec, documents: Sequence[Snapshot]) -> list[Snapshot]:
        """The documents, with `serviceCode` in the place of `productCode` on lines that sell a service."""
        if "serviceCode" not in spec.line_fields:
            return [*documents]
        self._learn(code for one in documents for line in _lines(one) if (code := _code(line)))
        return [self._document(one) for one in documents]

    def _learn(self, codes: Iterable[str]) -> None:
        wanted = sorted(set(codes) - self._known.keys())
        for item in self._search(wanted) if wanted else ():
            self._known[item.id] = item.values.get("itemType") == SERVICE

    def _document(self, one: Snapshot) -> Snapshot:
        if not isinstance(one.values.get(_LINES), list):
            return one
        return replace(one, values={**one.values, _LINES: [self._line(line) for line in _lines(one)]})

    def _line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        code = _code(line)
        if not self._known.get(code):
            return dict(line)
        return {**line, "productCode": "", "serviceCode": code}


def _lines(one: Snapshot) -> Sequence[Mapping[str, Any]]:
    found = one.values.get(_LINES)
    return found if isinstance(found, list) else ()


def _code(line: Mapping[str, Any]) -> str:
    return str(line.get("productCode") or "")
