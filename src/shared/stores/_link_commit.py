"""Saves everything that changes with one link in one request: an update when only the link and its lease
change, else a transaction.

A refused save says why in a sentence and has changed nothing. A save whose answer was lost and that botocore
sent again is recognised by its `save_id` and counts as done.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped,unused-ignore]

from shared.domain.link import Link
from shared.errors import LinkContended, Unavailable
from shared.ports import Commit
from shared.stores._attributes import Item, from_wire, names, to_wire
from shared.stores._faults import CANCELLED, CONDITION, code, reaching
from shared.stores._link_rows import LinkRows, instant, new_save_id
from shared.stores._rules import contention, taken
from shared.stores._table import Condition

_CONFLICT = "TransactionConflict"


class LinkCommit:
    """Writes commits to the state table. 1 DynamoDB request each, and 1 S3 request for each body that is
    moved."""

    def __init__(self, client: Any, state_table: str, rows: LinkRows) -> None:
        self._client = client
        self._state_table = state_table
        self._rows = rows

    def save(self, commit: Commit, now: datetime) -> Link:
        save_id = new_save_id()
        link, change, values = self._rows.change(commit, save_id)
        update = self._request(
            self._rows.free(commit, now), change, values, Key=self._key(self._rows.pk(link.link_id), "link")
        )
        others = self._others(commit)
        if others:
            self._transact([{"Update": update}, *others], commit, save_id)
        else:
            self._update(update, commit, save_id)
        return link

    def cut(self, link_id: str, owner: str, until: datetime) -> None:
        """Another owner's lease ends at `until`, if it would end later; nothing where it is no longer that
        owner's."""
        held = Condition("#o = :owner AND #u > :u", {":owner": owner})
        key = self._key(self._rows.pk(link_id), "link")
        request = self._request(held, "SET #u = :u", {":u": instant(until)}, Key=key)
        try:
            with reaching("DynamoDB"):
                self._client.update_item(**request)
        except ClientError as fault:
            if code(fault) != CONDITION:
                raise

    def _update(self, update: dict[str, Any], commit: Commit, save_id: bytes) -> None:
        try:
            with reaching("DynamoDB"):
                self._client.update_item(**update)
        except ClientError as fault:
            if code(fault) != CONDITION:
                raise
            self._settle(fault.response.get("Item"), commit, save_id)

    def _transact(self, items: list[dict[str, Any]], commit: Commit, save_id: bytes) -> None:
        try:
            with reaching("DynamoDB"):
                self._client.transact_write_items(TransactItems=items)
        except ClientError as fault:
            if code(fault) != CANCELLED:
                raise
            self._explain(fault.response.get("CancellationReasons", []), items, commit, save_id)

    def _explain(
        self, reasons: list[Mapping[str, Any]], items: list[dict[str, Any]], commit: Commit, save_id: bytes
    ) -> None:
        codes = [reason.get("Code") for reason in reasons]
        if codes and codes[0] == "ConditionalCheckFailed":
            return self._settle(reasons[0].get("Item"), commit, save_id)
        if "ConditionalCheckFailed" in codes:
            refused = items[codes.index("ConditionalCheckFailed")]
            pointer = next(iter(refused.values()))
            named = from_wire(pointer.get("Item") or pointer["Key"])["pk"].split("#", 2)[2]
            raise LinkContended(taken(commit.link.link_id, named.replace("#", " ")))
        if _CONFLICT in codes:
            raise LinkContended(f"link {commit.link.link_id} is being saved by another worker")
        raise Unavailable(
            f"DynamoDB could not save link {commit.link.link_id} at the moment ({', '.join(map(str, codes))})"
        )

    def _settle(self, wire: Mapping[str, Any] | None, commit: Commit, save_id: bytes) -> None:
        """Returns if the row in the table came from this save; otherwise raises LinkContended with the
        reason."""
        found: Item = from_wire(wire or {})
        if found.get("s") == save_id:
            return
        raise LinkContended(contention(commit, found.get("v", 0), found.get("o", "")))

    def _others(self, commit: Commit) -> list[dict[str, Any]]:
        link_id = commit.link.link_id
        mine = self._rows.pointer_condition(link_id)
        items: list[dict[str, Any]] = []
        for claim in dict.fromkeys(commit.claims):
            pointer = to_wire(self._rows.pointer_item(link_id, claim))
            items.append({"Put": self._request(mine, Item=pointer)})
        for drop in dict.fromkeys(drop for drop in commit.drops if drop not in commit.claims):
            items.append({"Delete": self._request(mine, Key=self._key(self._rows.pointer(*drop), "ptr"))})
        return items

    def _request(
        self, condition: Condition, change: str = "", values: Mapping[str, Any] | None = None, **row: Any
    ) -> dict[str, Any]:
        bound = to_wire({**condition.values, **(values or {})})
        return {
            "TableName": self._state_table,
            **row,
            "ConditionExpression": condition.text,
            "ExpressionAttributeNames": names(condition.text, change),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **({"ExpressionAttributeValues": bound} if bound else {}),
            **({"UpdateExpression": change} if change else {}),
        }

    def _key(self, pk: str, sk: str) -> dict[str, Any]:
        return to_wire({"pk": pk, "sk": sk})
