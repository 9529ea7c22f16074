"""How a link, its lease and its pointers are stored, and the conditions under which they may change.

The link row carries a copy of the lease's owner and end (`lease_owner`, `lease_until`). So one condition on
one row guards version and lease together, and a save without a lease needs no transaction.
"""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.domain import codec
from shared.domain.link import Lease, Link
from shared.ports import Commit
from shared.stores._attributes import Item
from shared.stores._keys import integration_name, joined, part, stamp
from shared.stores._table import Condition
from shared.stores.body import Bodies

_FREE = "(attribute_not_exists(#lease_owner) OR #lease_owner = :owner OR #lease_until <= :now)"
_POINTER = Condition("attribute_not_exists(#pk) OR #link_id = :link_id")


class LinkRows:
    """Keys, items and conditions of one integration's links."""

    def __init__(self, integration: str, bodies: Bodies) -> None:
        self._integration = integration_name(integration)
        self._bodies = bodies

    def pk(self, link_id: str) -> str:
        return f"{self._integration}#L#{part(link_id)}"

    def pointer(self, system: str, entity: str, record_id: str) -> str:
        return f"{self._integration}#P#{joined(system, entity, record_id)}"

    def outcome_pk(self, entity: str) -> str:
        return f"{self._integration}#{part(entity)}"

    def spill_prefix(self, link_id: str) -> str:
        return f"spill/links/{self._integration}/{part(link_id)}/"

    def forget(self, link_id: str) -> None:
        """Removes the moved bodies of a link. 1 S3 request to list them, and 1 a thousand."""
        self._bodies.forget(self.spill_prefix(link_id))

    def link(self, item: Item) -> Link:
        return codec.link(self._bodies.unpack(item))

    def lease(self, item: Item) -> Lease:
        return codec.lease(self._bodies.unpack(item))

    def lease_item(self, link_id: str, lease: Lease) -> Item:
        """Never expires: after a crash, a worker must find the intent on a lease that has ended."""
        body = self._bodies.pack(lease, self.spill_prefix(link_id))
        held = {"lease_owner": lease.owner, "lease_until": stamp(lease.until)}
        return {"pk": self.pk(link_id), "sk": "lease", **held, **body}

    def free(self, commit: Commit, now: datetime) -> Condition:
        """The row is as the caller knows it, and no other owner's lease runs."""
        if commit.expected == 0:
            return Condition("attribute_not_exists(#version)")
        return Condition(
            f"#version = :expected AND {_FREE}",
            {":expected": commit.expected, ":owner": commit.owner, ":now": stamp(now)},
        )

    def change(self, commit: Commit, save_id: str) -> tuple[Link, str, dict[str, Any]]:
        """The link as saved, and the update expression with its values that saves it."""
        link = replace(commit.link, version=commit.expected + 1)
        values = self._columns(link, save_id)
        body = self._bodies.pack(link, self.spill_prefix(link.link_id))
        kept = "data" if body["spill"] is None else "spill"
        values[kept] = body[kept]
        removed = ["spill" if kept == "data" else "data"]
        if isinstance(commit.lease, Lease):
            values |= {"lease_owner": commit.lease.owner, "lease_until": stamp(commit.lease.until)}
        elif commit.lease == "release":
            removed += ["lease_owner", "lease_until"]
        text = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        text += " REMOVE " + ", ".join(f"#{name}" for name in removed)
        bound = {f":{name}": value for name, value in values.items()}
        if commit.claims:
            text += " ADD #pointers :pointers"
            bound[":pointers"] = {self.pointer(*claim) for claim in commit.claims}
        return link, text, bound

    def pointer_condition(self, link_id: str) -> Condition:
        """The pointer is free or already ours."""
        return replace(_POINTER, values={":link_id": link_id})

    def _columns(self, link: Link, save_id: str) -> dict[str, Any]:
        kind = link.outcome.kind if link.outcome else "none"
        return {
            "version": link.version,
            "entity": link.entity,
            "outcome": kind,
            "pending": link.pending,
            "updated_at": stamp(link.updated_at) if link.updated_at else "",
            "save_id": save_id,
            "outcome_pk": self.outcome_pk(link.entity),
            "outcome_sk": f"{kind}#{link.link_id}",
        }


def new_save_id() -> str:
    """Marks one save, so that a repeat after a lost answer is recognised as the same save."""
    return uuid.uuid4().hex
