"""A simple lease as one row: it can be taken when free, ours or expired. Used for lanes and the token
lock."""

from datetime import datetime

from shared.stores._keys import stamp
from shared.stores._table import Condition, Table

_FREE = "attribute_not_exists(#pk) OR #owner = :owner OR #until <= :now"


def take(table: Table, pk: str, sk: str, owner: str, until: datetime, now: datetime) -> bool:
    """False while another owner's lease runs. 1 request."""
    row = {"pk": pk, "sk": sk, "owner": owner, "until": stamp(until)}
    return table.put(row, Condition(_FREE, {":owner": owner, ":now": stamp(now)}))


def drop(table: Table, pk: str, sk: str, owner: str) -> None:
    """Leaves another owner's lease alone. 1 request."""
    table.delete(pk, sk, Condition("#owner = :owner", {":owner": owner}))
