"""Who has which code among the items, so that many new ones are not searched for one by one.

Only whoever has made an item already asks here: items are made by one function at a time (the lane), so all
that others made stands in the list as it is read from then on. Whoever merely looks items up searches."""

from collections.abc import Sequence
from datetime import timedelta

from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.kept_list import KeptList

_FRESH = timedelta(seconds=10)


class ItemCodes:
    """`path`: the list, which shows all items of its kind."""

    def __init__(self, known: Facts, path: str) -> None:
        self._list = KeptList(
            known, path, {"attributes": "item_code"}, lambda row: row.get("item_code") or ""
        )
        self._own: dict[str, str] = {}
        self._making = False

    def holders(self, codes: Sequence[str]) -> list[str] | None:
        """The ids of the items with one of these codes; None where they are to be searched for."""
        if not self._making:
            return None
        if not self._list.worth():
            for _ in codes:
                self._list.counted()
            return None
        self._list.follow(_FRESH)
        wanted = {_folded(code) for code in codes}
        return [one for one, code in {**self._list.rows, **self._own}.items() if _folded(code) in wanted]

    def put(self, item_id: str, code: str) -> None:
        """What was just made or changed under the lane, before the list shows it."""
        self._own[item_id] = code
        self._making = True


def _folded(code: str) -> str:
    return code.strip().casefold()
