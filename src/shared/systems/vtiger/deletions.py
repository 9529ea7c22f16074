"""Deleted records, from `sync`: the only call in Vtiger that names them.

On open source servers with PHP 8 it fails as shipped. So it is tried once, the result is remembered for a
day, and if it fails, deletions are found by the daily sweep instead. It is called at most once an hour,
separately from the list itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.errors import BadCredentials, Halt, SyncError
from shared.ports import Cache, Clock, Gone
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.faults import Broken
from shared.systems.vtiger.modules import Modules
from shared.systems.vtiger.values import is_id, moment, native

_KIND = "vtiger.sync"
_REMEMBERED = timedelta(days=1)
_EVERY = timedelta(hours=1)
_OVERLAP = 5
_MOST_CALLS = 20
_SINCE, _AT, _IDS = "deleted_since", "deleted_at", "deleted_ids"


class Deletions:
    def __init__(self, api: Api, modules: Modules, cache: Cache, clock: Clock, choice: str) -> None:
        self._api, self._modules, self._cache, self._clock = api, modules, cache, clock
        self._choice = choice
        self._works: bool | None = False if choice == "no" else None

    def kept(self, cursor: Mapping[str, Any]) -> dict[str, Any]:
        return {name: cursor[name] for name in (_SINCE, _AT, _IDS) if name in cursor}

    def since(self, module: str, cursor: Mapping[str, Any], start: str) -> tuple[list[Gone], dict[str, Any]]:
        """What was deleted since the last call, and what the cursor must keep. `start` is the time on
        Vtiger's clock from which to ask if there was no call before."""
        now, kept = self._clock.now(), self.kept(cursor)
        if self._choice == "no" or (not kept and not start):
            return [], kept
        if _SINCE not in kept:
            return [], {_SINCE: int(moment(start).timestamp()), _AT: now.isoformat()}
        if now - datetime.fromisoformat(str(kept[_AT])) < _EVERY:
            return [], kept
        try:
            if not self.works():
                return [], {**kept, _AT: now.isoformat()}
            ids, reached = self._ask(module, int(kept[_SINCE]))
        except SyncError as fault:
            # The list itself was read: the next call will meet whatever is wrong with the connection.
            if _says_no(fault):
                self._remember(False)
            return [], kept
        known = set(kept.get(_IDS, ()))
        fresh = [Gone(one, now) for one in ids if one not in known]
        return fresh, {_SINCE: reached, _AT: now.isoformat(), **({_IDS: ids[-200:]} if ids else {})}

    def works(self) -> bool:
        """Whether this installation answers `sync`; tried where that is not known."""
        if self._works is None:
            found = self._cache.get(_KIND, [self._api.address], self._clock.now()).get(self._api.address)
            self._works = found["works"] == "yes" if found else self.try_it()
        return self._works

    def try_it(self) -> bool:
        """Raises faults that say nothing about the call itself, such as an outage."""
        if self._choice == "no":
            return False
        try:
            self._call("Accounts", int(self._clock.now().timestamp()))
        except SyncError as fault:
            if not _says_no(fault):
                raise
            return self._remember(False)
        return self._remember(True)

    def _remember(self, works: bool) -> bool:
        self._works = works
        row = {self._api.address: {"works": "yes" if works else "no"}}
        self._cache.put(_KIND, row, self._clock.now() + _REMEMBERED)
        return works

    def _ask(self, module: str, since: int) -> tuple[list[str], int]:
        prefix = self._modules.of(module).prefix
        ids: dict[str, None] = {}
        reached, start = since, since - _OVERLAP
        for _ in range(_MOST_CALLS):
            said = self._call(module, start)
            ids.update((native(one), None) for one in said.get("deleted") or () if is_id(prefix, native(one)))
            latest = native(said.get("lastModifiedTime"))
            reached = max(reached, int(latest) if latest.isdigit() else 0)
            if not said.get("more") or reached <= start:
                break
            start = reached
        return list(ids), reached

    def _call(self, module: str, since: int) -> Mapping[str, Any]:
        scope = "application" if self._api.me().admin else "userandgroup"
        said = self._api.get("sync", {"modifiedTime": str(since), "elementType": module, "syncType": scope})
        return said if isinstance(said, Mapping) else {}


def _says_no(fault: SyncError) -> bool:
    """Whether it is `sync` that does not work, and not the connection."""
    return isinstance(fault, (Broken, Halt)) and not isinstance(fault, BadCredentials)
