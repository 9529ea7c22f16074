"""Links in DynamoDB. A link and its lease are one row, read strongly consistently; every save is atomic.

Listing goes through the index `by_status`, which holds keys only and may lag, so each link found there is
read again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from shared.domain.link import Link
from shared.domain.open_outcomes import is_open
from shared.errors import LinkContended
from shared.ports import Commit, Loaded
from shared.settings import ENTITIES
from shared.stores._link_commit import LinkCommit
from shared.stores._link_rows import FIRST_OPEN, INDEX, LinkRows
from shared.stores._rules import check_owner, taken
from shared.stores._table import Condition, Table


class AwsLinkStore:
    """`LinkStore` on the state table."""

    def __init__(self, table: Table, rows: LinkRows, commits: LinkCommit) -> None:
        self._table = table
        self._rows = rows
        self._commits = commits

    def load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        """1 request for 100 links. Raises ValueError for a row of a form that this release does not read."""
        pks = {self._rows.pk(link_id): link_id for link_id in link_ids}
        items = self._table.get_many((pk, "link") for pk in pks)
        found = {pks[item["pk"]]: self._rows.loaded(item) for item in items}
        return {link_id: found.get(link_id, Loaded(None, None)) for link_id in link_ids}

    def find(self, system: str, entity: str, ids: Sequence[str]) -> dict[str, str]:
        """1 request for 100 ids."""
        pointers = {self._rows.pointer(system, entity, record_id): record_id for record_id in ids}
        items = self._table.get_many((pk, "ptr") for pk in pointers)
        return {pointers[item["pk"]]: item["link_id"] for item in items}

    def claim(self, link_id: str, pointers: Sequence[tuple[str, str, str]]) -> None:
        """1 request each."""
        for one in dict.fromkeys(pointers):
            row = self._rows.pointer_item(link_id, one)
            if not self._table.put(row, self._rows.pointer_condition(link_id)):
                raise LinkContended(taken(link_id, " ".join(one)))

    def commit(self, commit: Commit, now: datetime) -> Link:
        """1 request: an update when only the link changes, else a transaction. See `Commit`."""
        check_owner(commit)
        return self._commits.save(commit, now)

    def by_outcome(self, entity: str, outcomes: Iterable[str]) -> Iterator[Link]:
        """1 request for each outcome, 2 for "skipped", and 1 for 100 links."""
        for kind in dict.fromkeys(outcomes):
            for place in self._rows.places(kind):
                for link in self._listed(entity, place):
                    if link.outcome is not None and link.outcome.kind == kind:
                        yield link

    def unsettled(self, entity: str, kinds: Sequence[str], most: int) -> Iterator[Link]:
        """1 request and 1 for 100 links; 1 more for each kind where very many are open."""
        limit = most * len(kinds)
        keys = list(islice(self._open_keys(entity), limit + 1))
        if len(keys) > limit:  # of the first kind alone there may be any number
            keys = [key for kind in kinds for key in islice(self._open_keys(entity, kind), most)]
        taken = Counter[str]()
        for link in self._links(key for place, key in keys if place in kinds):
            if is_open(link.outcome) and link.outcome is not None and link.outcome.kind in kinds:
                taken[link.outcome.kind] += 1
                if taken[link.outcome.kind] <= most:
                    yield link

    def _open_keys(self, entity: str, kind: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
        """(place, key) of what is open, and of some that an earlier release put there."""
        place = Condition("#ls = :place" if kind else "#ls >= :place", {":place": kind or FIRST_OPEN})
        listed = Condition("#lk = :pk", {":pk": self._rows.listed_pk(entity)})
        keys = Condition(f"{listed.text} AND {place.text}", {**listed.values, **place.values})
        return ((item["ls"], (item["pk"], "link")) for item in self._table.query(keys, index=INDEX))

    def all(self, entity: str | None = None) -> Iterator[Link]:
        """1 request an entity and megabyte of keys, and 1 for 100 links."""
        for name in (entity,) if entity else ENTITIES:
            yield from self._listed(name)

    def count(self, entity: str) -> int:
        """1 request a megabyte of keys."""
        keys = Condition("#lk = :pk", {":pk": self._rows.listed_pk(entity)})
        return sum(1 for _ in self._table.query(keys, index=INDEX))

    def cut_lease(self, link_id: str, owner: str, until: datetime) -> None:
        """1 request."""
        self._commits.cut(link_id, owner, until)

    def erase(self, link_id: str) -> None:
        """Erases it with its lease, its moved bodies and every pointer it ever claimed. 2 requests, 1 for
        each pointer, 2 S3 requests."""
        pk = self._rows.pk(link_id)
        found = self._table.get(pk, "link")
        for pointer in self._rows.pointers(found) if found is not None else ():
            self._table.delete(pointer, "ptr", self._rows.pointer_condition(link_id))
        self._rows.forget(link_id)
        self._table.delete(pk, "link")

    def _listed(self, entity: str, place: str = "") -> Iterator[Link]:
        keys = Condition("#lk = :pk", {":pk": self._rows.listed_pk(entity)})
        if place:
            keys = Condition(f"{keys.text} AND #ls = :place", {**keys.values, ":place": place})
        return self._links((item["pk"], "link") for item in self._table.query(keys, index=INDEX))

    def _links(self, keys: Iterable[tuple[str, str]]) -> Iterator[Link]:
        """As they are now. 1 request for 100."""
        listed = iter(keys)
        while some := list(islice(listed, 100)):
            for item in sorted(self._table.get_many(some), key=lambda item: str(item["pk"])):
                yield self._rows.link(item)
