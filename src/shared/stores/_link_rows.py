"""How a link and its pointers are stored, and the conditions under which they may change.

Version, lease and intent lie in the link's own item, which alone carries conditions: one look sees all of
them, and a save is one update of one row. The columns have names of one letter, because DynamoDB bills a name
with every write:

    v   the version                          u   when it ends, in microseconds since 1970
    d   the link, packed (`body`)            i   the intent, packed
    e   instead of it the name of an object  j   instead of it the name of an object in S3
        in S3, where it would not fit        p   pointers that it claimed, but for those of its origin and
    s   which save it was                        of its sides
    o   who has the lease                    lk, ls   under which it is listed, and its place there (index)
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain import codec
from shared.domain.link import REVISITED, Intent, Lease, Link, Outcome
from shared.domain.open_outcomes import is_open
from shared.ports import Commit, Loaded
from shared.stores._attributes import Item
from shared.stores._keys import integration_name, joined, part
from shared.stores._table import Condition
from shared.stores.body import INTENT_LIMIT, LIMIT, Bodies

INDEX = "by_status"
_FREE = "(attribute_not_exists(#o) OR #o = :owner OR #u <= :now)"
_POINTER = Condition("attribute_not_exists(#pk) OR #link_id = :link_id")
_NOBODY = "-"
"""Outcomes that need nobody share one place in the index: an entry that does not move costs nothing."""
_MEANT = "-"
"""Before the place of those that are skipped as the flow is meant to: there may be any number of them, apart
from all that is open."""
FIRST_OPEN = "a"
"""Places of what is open are not before this one."""
_START = datetime(1970, 1, 1, tzinfo=UTC)


class LinkRows:
    """Keys, items and conditions of one integration's links."""

    def __init__(self, integration: str, bodies: Bodies) -> None:
        self._integration = integration_name(integration)
        self._bodies = bodies

    def pk(self, link_id: str) -> str:
        return f"{self._integration}#L#{part(link_id)}"

    def pointer(self, system: str, entity: str, record_id: str) -> str:
        return f"{self._integration}#P#{joined(system, entity, record_id)}"

    def pointer_item(self, link_id: str, record: tuple[str, str, str]) -> Item:
        return {"pk": self.pointer(*record), "sk": "ptr", "link_id": link_id}

    def pointers(self, item: Item) -> list[str]:
        """Of every record that the link ever claimed."""
        own = {joined(*one) for one in _own(self.link(item))}
        return [f"{self._integration}#P#{name}" for name in sorted(own | set(item.get("p", ())))]

    def listed_pk(self, entity: str) -> str:
        return f"{self._integration}#{part(entity)}"

    def place(self, outcome: Outcome | None) -> str:
        """Where in the index a link with this outcome is."""
        if outcome is None or outcome.kind not in REVISITED:
            return _NOBODY
        return outcome.kind if is_open(outcome) else f"{_MEANT}{outcome.kind}"

    def places(self, kind: str) -> tuple[str, ...]:
        """Where in the index the links of this kind of outcome are: first those that leave something to do,
        among which are the others that an earlier release saved."""
        return (
            (kind, f"{_MEANT}{kind}") if kind == "skipped" else (kind,) if kind in REVISITED else (_NOBODY,)
        )

    def spill_prefix(self, link_id: str) -> str:
        return f"spill/links/{self._integration}/{part(link_id)}/"

    def forget(self, link_id: str) -> None:
        """Removes the moved bodies of a link. 1 S3 request to list them, and 1 a thousand."""
        self._bodies.forget(self.spill_prefix(link_id))

    def loaded(self, item: Item) -> Loaded:
        return Loaded(self.link(item), self._lease(item))

    def link(self, item: Item) -> Link:
        """Raises ValueError for a row of a form that this release does not read."""
        if "v" not in item:
            raise ValueError(
                f"the link {item['pk']} was stored by a release before the first published one, whose tables "
                "this one does not read: deploy into new tables and connect the integration again"
            )
        return codec.link(self._bodies.unpack(item.get("d"), item.get("e")))

    def free(self, commit: Commit, now: datetime) -> Condition:
        """The row is as the caller knows it, and no other owner's lease runs."""
        if commit.expected == 0:
            return Condition("attribute_not_exists(#pk)")
        return Condition(
            f"#v = :expected AND {_FREE}",
            {":expected": commit.expected, ":owner": commit.owner, ":now": instant(now)},
        )

    def change(self, commit: Commit, save_id: bytes) -> tuple[Link, str, dict[str, Any]]:
        """The link as saved, and the update expression with its values that saves it."""
        link = replace(commit.link, version=commit.expected + 1)
        prefix = self.spill_prefix(link.link_id)
        inside, outside = self._bodies.pack(link, prefix, LIMIT)
        columns: dict[str, Any] = {
            "v": link.version,
            "s": save_id,
            "lk": self.listed_pk(link.entity),
            "ls": self.place(link.outcome),
            "d": inside,
            "e": outside,
        }
        if isinstance(commit.lease, Lease):
            columns |= self._lease_columns(commit.lease, prefix)
        elif commit.lease == "release":
            columns |= dict.fromkeys(("o", "u", "i", "j"))
        values = {name: value for name, value in columns.items() if value is not None}
        text = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        text += " REMOVE " + ", ".join(f"#{name}" for name in columns if name not in values)
        bound = {f":{name}": value for name, value in values.items()}
        if others := {*commit.claims, *commit.claimed, *commit.left} - _own(link):
            text += " ADD #p :p"
            bound[":p"] = {joined(*claim) for claim in others}
        return link, text, bound

    def pointer_condition(self, link_id: str) -> Condition:
        """The pointer is free or already ours."""
        return replace(_POINTER, values={":link_id": link_id})

    def _lease_columns(self, lease: Lease, prefix: str) -> dict[str, Any]:
        """Never expires: after a crash, a worker must find the intent of a lease that has ended."""
        inside, outside = None, None
        if lease.intent is not None:
            inside, outside = self._bodies.pack(lease.intent, prefix, INTENT_LIMIT)
        return {"o": lease.owner, "u": instant(lease.until), "i": inside, "j": outside}

    def _lease(self, item: Item) -> Lease | None:
        if "o" not in item:
            return None
        bare = Lease(item["o"], _START + timedelta(microseconds=item["u"]))
        if "i" not in item and "j" not in item:
            return bare
        return replace(bare, intent=Intent(**self._bodies.unpack(item.get("i"), item.get("j"))))


def _own(link: Link) -> set[tuple[str, str, str]]:
    """The pointers that the link itself tells of."""
    sides = {(system, link.entity, side.id) for system, side in link.sides.items() if side.id}
    origin = {(link.origin_system, link.entity, link.origin_id)} if link.origin_id else set()
    return origin | sides


def instant(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _START) // timedelta(microseconds=1)


def new_save_id() -> bytes:
    """Marks one save, so that a repeat after a lost answer is recognised as the same save."""
    return os.urandom(8)
