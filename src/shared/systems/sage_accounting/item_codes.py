"""Who has which code among the items, so that many new ones are not searched for one by one.

Items are made by one function at a time (the lane). So a code that the list, read since we have the lane,
does not show is given to nobody, but by a person in the last seconds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.errors import StaleVersion
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.kept_list import KeptList

_FRESH = timedelta(seconds=10)


class ItemCodes:
    """`path`: the list, which shows all items of its kind. What was said to be free is looked at once more
    before the first item is made."""

    def __init__(self, known: Facts, path: str) -> None:
        self._facts = known
        self._list = KeptList(
            known, path, {"attributes": "item_code"}, lambda row: row.get("item_code") or ""
        )
        self._free: dict[str, datetime] = {}
        self._own: dict[str, str] = {}
        self._alone_since: datetime | None = None

    def holders(self, codes: Sequence[str]) -> list[str] | None:
        """The ids of the items with one of these codes; None while it is cheaper to search for them."""
        if not self._list.worth():
            for _ in codes:
                self._list.counted()
            return None
        self._list.follow(_FRESH)
        self._free |= dict.fromkeys(map(folded, codes), self._list.read_at or self._facts.now())
        return self._having(codes)

    def still_free(self, code: str) -> None:
        """Called under the lane, right before an item is made. 1 call where the code was looked for before we
        had the lane. Raises StaleVersion."""
        now, looked = self._facts.now(), self._free.get(folded(code))
        alone = self._alone_since = self._alone_since or now
        if looked is None or looked >= alone:
            return
        self._list.follow(now - alone)
        if self._having([code]):
            raise StaleVersion(f"another item was given the code {code} in Sage a moment ago: looking again")

    def put(self, item_id: str, code: str) -> None:
        """What was just made or changed, before the list shows it."""
        self._own[item_id] = code

    def _having(self, codes: Sequence[str]) -> list[str]:
        wanted = {folded(code) for code in codes}
        return [one for one, code in {**self._list.rows, **self._own}.items() if folded(code) in wanted]


def folded(code: str) -> str:
    return code.strip().casefold()
