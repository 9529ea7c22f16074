"""The customer of a new document, where it is named by its reference and not by Sage's id."""

from collections.abc import Mapping
from typing import Any

from shared.domain.wording import article, counted
from shared.errors import RecordRejected
from shared.systems.sage_accounting.search import Search


class CustomerCodes:
    """Each reference is looked up once in the life of a connector, which is that of an invocation."""

    def __init__(self, customers: Search) -> None:
        self._customers = customers
        self._known: dict[str, str] = {}

    def resolved(self, given: Mapping[str, Any], what: str) -> Mapping[str, Any]:
        """`given` with `contact_id` in the place of `contact_reference`. Raises RecordRejected where the
        reference names no customer, or several."""
        code = str(given.get("contact_reference") or "")
        if given.get("contact_id") or not code:
            return given
        rest = {name: value for name, value in given.items() if name != "contact_reference"}
        return {**rest, "contact_id": self._known.get(code) or self._looked_up(code, what)}

    def _looked_up(self, code: str, what: str) -> str:
        hits = self._customers.find("reference", [code])[code]
        if len(hits) != 1:
            raise RecordRejected(
                f"Sage has {counted(len(hits), 'customer')} with the reference {code}, and {article(what)} "
                "needs exactly one"
            )
        self._known[code] = hits[0].id
        return hits[0].id
