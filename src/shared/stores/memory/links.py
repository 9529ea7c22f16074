"""The memory twin of the link store: one lock makes each commit atomic."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from shared.domain import codec
from shared.domain.link import Lease, Link
from shared.domain.open_outcomes import is_open
from shared.errors import LinkContended
from shared.ports import Commit, Loaded
from shared.stores._rules import check_owner, contention, taken
from shared.stores.memory._shelf import Service, Shelf


class MemoryLinkStore:
    """`LinkStore`."""

    def __init__(self, service: Service, integration: str) -> None:
        self._links = Shelf(service, integration, "link")
        self._leases = Shelf(service, integration, "lease")
        self._pointers = Shelf(service, integration, "pointer")

    def load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        with self._links.lock:
            return {link_id: Loaded(self._link(link_id), self._lease(link_id)) for link_id in link_ids}

    def find(self, system: str, entity: str, ids: Sequence[str]) -> dict[str, str]:
        found = {record_id: self._pointers.get(system, entity, record_id) for record_id in ids}
        return {record_id: link_id for record_id, link_id in found.items() if link_id is not None}

    def claim(self, link_id: str, pointers: Sequence[tuple[str, str, str]]) -> None:
        with self._links.lock:
            for pointer in pointers:
                self._free(link_id, pointer)
                self._pointers.put(link_id, *pointer)

    def commit(self, commit: Commit, now: datetime) -> Link:
        check_owner(commit)
        link = replace(commit.link, version=commit.expected + 1)
        codec.dumps([link, commit.lease])
        with self._links.lock:
            self._guard(commit, now)
            self._guard_pointers(commit)
            self._save(commit, link)
        return link

    def by_outcome(self, entity: str, outcomes: Iterable[str]) -> Iterator[Link]:
        for kind in dict.fromkeys(outcomes):
            yield from (
                link for link in self.all(entity) if link.outcome is not None and link.outcome.kind == kind
            )

    def unsettled(self, entity: str, kinds: Sequence[str], most: int) -> Iterator[Link]:
        for kind in kinds:
            links = (link for link in self.by_outcome(entity, [kind]) if is_open(link.outcome))
            yield from islice(links, most)

    def all(self, entity: str | None = None) -> Iterator[Link]:
        links = (codec.link(data) for _, data in self._links.items())
        return (link for link in links if entity is None or link.entity == entity)

    def count(self, entity: str) -> int:
        return sum(1 for _ in self.all(entity))

    def cut_lease(self, link_id: str, owner: str, until: datetime) -> None:
        with self._links.lock:
            lease = self._lease(link_id)
            if lease is not None and lease.owner == owner and lease.until > until:
                self._leases.put(replace(lease, until=until), link_id)

    def erase(self, link_id: str) -> None:
        with self._links.lock:
            for key, owner in self._pointers.items():
                if owner == link_id:
                    self._pointers.drop(*key)
            self._links.drop(link_id)
            self._leases.drop(link_id)

    def _guard(self, commit: Commit, now: datetime) -> None:
        link, lease = self._link(commit.link.link_id), self._lease(commit.link.link_id)
        version = link.version if link else 0
        if version != commit.expected:
            raise LinkContended(contention(commit, version, ""))
        if lease is not None and lease.owner != commit.owner and lease.until > now:
            raise LinkContended(contention(commit, version, lease.owner))

    def _guard_pointers(self, commit: Commit) -> None:
        for pointer in (*commit.claims, *commit.drops):
            self._free(commit.link.link_id, pointer)

    def _free(self, link_id: str, pointer: tuple[str, str, str]) -> None:
        if self._pointers.get(*pointer) not in (None, link_id):
            raise LinkContended(taken(link_id, " ".join(pointer)))

    def _save(self, commit: Commit, link: Link) -> None:
        self._links.put(link, link.link_id)
        if isinstance(commit.lease, Lease):
            self._leases.put(commit.lease, link.link_id)
        elif commit.lease == "release":
            self._leases.drop(link.link_id)
        for drop in commit.drops:
            self._pointers.drop(*drop)
        for claim in commit.claims:
            self._pointers.put(link.link_id, *claim)

    def _link(self, link_id: str) -> Link | None:
        data = self._links.get(link_id)
        return None if data is None else codec.link(data)

    def _lease(self, link_id: str) -> Lease | None:
        data = self._leases.get(link_id)
        return None if data is None else codec.lease(data)
