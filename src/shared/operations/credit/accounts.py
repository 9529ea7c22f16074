"""The CRM's side: which of the fields it has, which accounts are a customer's, and what they show now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.bootstrap import Services
from shared.mapping.maps import ObjectMap
from shared.mapping.rules import Credit
from shared.ports import Position, Snapshot

_KEPT = timedelta(days=1)
_KIND = "credit.fields"
_AT_ONCE = 100

Values = Mapping[str, Any]
Placed = dict[str, list[tuple[str, Values | None]]]
"""Customer -> (account id, what it shows, where that came along) of each of its accounts."""


class Accounts:
    """`again`: the CRM is asked for its fields, whatever is remembered."""

    def __init__(self, services: Services, rules: Credit, *, again: bool) -> None:
        self._services, self._rules = services, rules
        self.asked = again
        """Whether the CRM was asked for its fields, as it is once a day."""
        self.map = self._narrowed(again)
        self.fields = [name for name in rules.map.native_paths if name in self.map.writable]

    def missing(self) -> list[str]:
        """Native names of the fields that the CRM does not have."""
        mine = self._rules.map
        return [
            path
            for name, paths in mine.native_paths.items()
            if name not in self.map.writable
            for path in paths
        ]

    def of(self, positions: Sequence[Position]) -> Placed:
        return self._by_reference(positions) if self._rules.lookup else self._by_link(positions)

    def shown(self, account_ids: Iterable[str]) -> dict[str, Values]:
        """What these accounts show now, in native values."""
        spec = self.map.spec
        found = self._services.systems[self._rules.crm].look_over(spec, list(account_ids))
        return {one: snapshot.values for one, snapshot in found.items()}

    def _by_reference(self, positions: Sequence[Position]) -> Placed:
        spec = replace(
            self.map.spec, fields=tuple(dict.fromkeys((*self.map.spec.fields, self._rules.reference)))
        )
        system, found = self._services.systems[self._rules.crm], dict[str, list[Snapshot]]()
        wanted = [one.reference for one in positions if one.reference]
        for start in range(0, len(wanted), _AT_ONCE):
            found |= system.find(spec, self._rules.reference, wanted[start : start + _AT_ONCE])
        return {
            one.id: [(hit.id, hit.values) for hit in found.get(one.reference, ())] if one.reference else []
            for one in positions
        }

    def _by_link(self, positions: Sequence[Position]) -> Placed:
        """2 requests for 100 customers."""
        links, crm = self._services.stores.links, self._rules.crm
        known = links.find(self._rules.ledger, "account", [one.id for one in positions])
        loaded = links.load(sorted(set(known.values()))) if known else {}
        found: Placed = {one.id: [] for one in positions}
        for customer, link_id in known.items():
            link = loaded[link_id].link
            side = (
                link.sides.get(crm)
                if link is not None and link.stands_for(self._rules.ledger, customer)
                else None
            )
            if side is not None and side.id and not side.gone:
                found[customer].append((side.id, None))
        return found

    def _narrowed(self, again: bool) -> ObjectMap:
        cache, now, mine = self._services.stores.cache, self._services.clock.now(), self._rules.map
        key = f"{self._rules.crm}.{self._services.flow.version}"
        known = {} if again else cache.get(_KIND, [key], now)
        if key in known:
            lacking = frozenset(known[key]["lacking"])
        else:
            self.asked = True
            lacking = self._services.systems[self._rules.crm].lacks(mine.spec)
            cache.put(_KIND, {key: {"lacking": sorted(lacking)}}, now + _KEPT)
        left = tuple(path for path in mine.spec.fields if path not in lacking)
        narrowed = mine.without(lacking)
        return replace(narrowed, spec=replace(narrowed.spec, fields=left))
