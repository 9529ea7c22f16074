"""Changes of many records at once where the tenant refuses those of read-only ones.

Whether it does is not documented. Where it refuses a bulk call, the read-only records of it are opened in one
call and written and closed in another, so that a hundred customers cost two calls and not four each. What was
opened and then refused is closed again.
"""

from collections.abc import Sequence

from shared.errors import Halt, RateLimited, RecordRejected, SyncError, Unavailable
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import Change, attempted, changed, portions
from shared.systems.sage_sales_management.faults import NotThere
from shared.systems.sage_sales_management.reader import Reader

_DEAD = (Halt, RateLimited, Unavailable)
Faults = list[SyncError | None]


class Locked:
    """Remembers for its invocation that a resource refuses such changes: the first call is then saved."""

    def __init__(self, api: Api, reader: Reader) -> None:
        self._api, self._reader = api, reader
        self._refuses: set[str] = set()

    def changed(self, path: str, changes: Sequence[Change]) -> Faults:
        """None for each that was written. A fault of the connection is the answer of all that follow."""
        answers: Faults = []
        dead: SyncError | None = None
        for part in portions(path, changes):
            made: Faults = [dead] * len(part) if dead else self._portion(path, part)
            dead = dead or next((one for one in made if isinstance(one, _DEAD)), None)
            answers += made
        return answers

    def _portion(self, path: str, part: Sequence[Change]) -> Faults:
        if len(part) < 2:
            return changed(self._api, path, part)
        found: Faults = []
        if path not in self._refuses:
            try:
                found = attempted(self._api, path, part)
            except RecordRejected:
                found = []
        again = [place for place in range(len(part)) if not found or _may_be_locked(found[place])]
        if not again:
            return found
        asked = [part[place] for place in again]
        opened = self._opened(path, asked) if len(asked) > 1 else frozenset[str]()
        if found and not opened:
            return found
        made = self._closing(path, asked, opened)
        answers = found or [None] * len(part)
        for place, fault in zip(again, made, strict=True):
            answers[place] = fault
        return answers

    def _opened(self, path: str, asked: Sequence[Change]) -> frozenset[str]:
        """The read-only ones among these, which take changes now; none where that is refused, too."""
        try:
            rows = self._reader.by_id(path, [one.id for one in asked])
            locked = [str(row["id"]) for row in rows if row.get("readOnly") is True]
            faults = attempted(self._api, path, [Change(one, {"readOnly": False}) for one in locked])
        except SyncError:
            return frozenset()
        opened = frozenset(one for one, fault in zip(locked, faults, strict=True) if fault is None)
        if opened:
            self._refuses.add(path)
        return opened

    def _closing(self, path: str, asked: Sequence[Change], opened: frozenset[str]) -> Faults:
        sent = [Change(one.id, {"readOnly": True, **one.body}) if one.id in opened else one for one in asked]
        # a bulk call that is refused half way has closed what stood before the refused one: what is then
        # refused as read-only is made good singly, by whoever asked
        faults = changed(self._api, path, sent)
        left = [
            Change(one.id, {"readOnly": True})
            for one, fault in zip(asked, faults, strict=True)
            if fault is not None and one.id in opened
        ]
        if left:
            changed(self._api, path, left)
        return faults


def _may_be_locked(fault: SyncError | None) -> bool:
    return isinstance(fault, RecordRejected) and not isinstance(fault, NotThere)
