"""Links in DynamoDB. A link and its lease are read together and strongly consistently; every save is atomic.

Listing goes through the index `by_outcome`, which holds keys only and may lag, so each link found there is
read again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from shared.domain.link import Link
from shared.errors import LinkContended
from shared.ports import Commit, Loaded
from shared.settings import ENTITIES
from shared.stores._attributes import Item
from shared.stores._keys import stamp
from shared.stores._link_commit import LinkCommit
from shared.stores._link_rows import LinkRows
from shared.stores._rules import check_owner
from shared.stores._table import Condition, Table

_TORN_READS = 4


class AwsLinkStore:
    """`LinkStore` on the state table."""

    def __init__(self, table: Table, rows: LinkRows, commits: LinkCommit) -> None:
        self._table = table
        self._rows = rows
        self._commits = commits

    def load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        """1 request for 50 links; once more for those that were being saved at that moment."""
        loaded: dict[str, Loaded] = {}
        pending = list(dict.fromkeys(link_ids))
        for _ in range(_TORN_READS):
            loaded |= self._load(pending)
            pending = [link_id for link_id in pending if link_id not in loaded]
            if not pending:
                return {link_id: loaded[link_id] for link_id in link_ids}
        raise LinkContended(
            f"link {pending[0]} kept changing while it was read; it will be tried again. If this goes on, "
            "its rows `link` and `lease` disagree: give both the same lease_owner and lease_until"
        )

    def find(self, system: str, entity: str, ids: Sequence[str]) -> dict[str, str]:
        """1 request for 100 ids."""
        pointers = {self._rows.pointer(system, entity, record_id): record_id for record_id in ids}
        items = self._table.get_many((pk, "ptr") for pk in pointers)
        return {pointers[item["pk"]]: item["link_id"] for item in items}

    def commit(self, commit: Commit, now: datetime) -> Link:
        """1 request: an update when only the link changes, else a transaction. See `Commit`."""
        check_owner(commit)
        return self._commits.save(commit, now)

    def by_outcome(self, entity: str, outcomes: Iterable[str]) -> Iterator[Link]:
        """1 request for each outcome and 1 for 100 links."""
        for kind in dict.fromkeys(outcomes):
            for link in self._listed(entity, f"{kind}#"):
                if link.outcome is not None and link.outcome.kind == kind:
                    yield link

    def all(self, entity: str | None = None) -> Iterator[Link]:
        """1 request an entity and megabyte of keys, and 1 for 100 links."""
        for name in (entity,) if entity else ENTITIES:
            yield from self._listed(name)

    def count(self, entity: str) -> int:
        """1 request a megabyte of keys."""
        keys = Condition("#outcome_pk = :pk", {":pk": self._rows.outcome_pk(entity)})
        return sum(1 for _ in self._table.query(keys, index="by_outcome"))

    def cut_lease(self, link_id: str, owner: str, until: datetime) -> None:
        """2 requests."""
        pk = self._rows.pk(link_id)
        found = self._table.get(pk, "lease")
        if found is not None and found["lease_owner"] == owner and found["lease_until"] > stamp(until):
            lease = replace(self._rows.lease(found), until=until)
            self._commits.cut(link_id, lease, found["lease_until"])

    def erase(self, link_id: str) -> None:
        """Erases it with its lease, its moved bodies and every pointer it ever claimed. 2 requests, 1 for
        each pointer, 2 S3 requests."""
        pk = self._rows.pk(link_id)
        item = self._table.get(pk, "link") or {}
        for pointer in sorted(item.get("pointers", ())):
            self._table.delete(pointer, "ptr", self._rows.pointer_condition(link_id))
        self._rows.forget(link_id)
        self._table.write_many(deletes=[(pk, "lease"), (pk, "link")])

    def _load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        """Leaves out links whose two rows do not match, because one was read before a save and the other
        after it."""
        keys = [(self._rows.pk(link_id), sk) for link_id in link_ids for sk in ("link", "lease")]
        items = {(item["pk"], item["sk"]): item for item in self._table.get_many(keys)}
        found = {
            link_id: (items.get((pk := self._rows.pk(link_id), "link")), items.get((pk, "lease")))
            for link_id in link_ids
        }
        return {link_id: self._loaded(*pair) for link_id, pair in found.items() if _belong(*pair)}

    def _loaded(self, link: Item | None, lease: Item | None) -> Loaded:
        return Loaded(self._rows.link(link) if link else None, self._rows.lease(lease) if lease else None)

    def _listed(self, entity: str, prefix: str = "") -> Iterator[Link]:
        keys = Condition("#outcome_pk = :pk", {":pk": self._rows.outcome_pk(entity)})
        if prefix:
            keys = Condition(
                f"{keys.text} AND begins_with(#outcome_sk, :prefix)", {**keys.values, ":prefix": prefix}
            )
        listed = iter((item["pk"], "link") for item in self._table.query(keys, index="by_outcome"))
        while some := list(islice(listed, 100)):
            for item in sorted(self._table.get_many(some), key=lambda item: str(item["pk"])):
                yield self._rows.link(item)


def _belong(link: Item | None, lease: Item | None) -> bool:
    columns = ("lease_owner", "lease_until")
    return all((link or {}).get(name) == (lease or {}).get(name) for name in columns)
