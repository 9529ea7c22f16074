"""A simple lease as one row: it can be taken when free, ours or expired. Used for lanes and the token
lock."""

from datetime import datetime

from shared.domain.spans import LONGEST_LEASE
from shared.stores._keys import stamp
from shared.stores._table import Condition, Table

_FREE = "attribute_not_exists(#pk) OR #owner = :owner OR #until <= :now"


def take(table: Table, pk: str, sk: str, owner: str, until: datetime, now: datetime) -> bool:
    """False while another owner's lease runs. 1 request; 1 more to cut a lease that is longer than any."""
    row = {"pk": pk, "sk": sk, "owner": owner, "until": stamp(until)}
    held = table.put_or_see(row, Condition(_FREE, {":owner": owner, ":now": stamp(now)}))
    if held is None:
        return True
    latest = stamp(now + LONGEST_LEASE)
    if held.get("until", "") > latest:
        same = Condition("#until = :found", {":found": held["until"]})
        table.update(pk, sk, "SET #until = :latest", {":latest": latest}, same)
    return False


def drop(table: Table, pk: str, sk: str, owner: str) -> None:
    """Leaves another owner's lease alone. 1 request."""
    table.delete(pk, sk, Condition("#owner = :owner", {":owner": owner}))
