"""Lists and reads over v4_1: get_entry_list after a key, get_entries by ids.

A list ends when fewer rows came than were asked for, unless the total says that the server gave less than it
has: `next_offset` never ends and `total_count` is a text, 0 or -1.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import Unavailable
from shared.ports import Clock, Gone, ObjectSpec, Reading, Related, Snapshot
from shared.systems.sugarcrm import legacy_query
from shared.systems.sugarcrm.findings import require
from shared.systems.sugarcrm.legacy_check import LegacyMetadata
from shared.systems.sugarcrm.legacy_client import DatabaseFailure, LegacyClient
from shared.systems.sugarcrm.legacy_numbers import tidied
from shared.systems.sugarcrm.legacy_values import fields_of, is_missing, link_argument, readings
from shared.systems.sugarcrm.paging import Batch, Position
from shared.systems.sugarcrm.records import (
    MODIFIED,
    chunks,
    is_related,
    parse_time,
    possible_id,
    related_fields,
    text,
    wanted_fields,
)
from shared.systems.sugarcrm.rights import NoRight

READ_BATCH = 50


class LegacyLists:
    def __init__(self, client: LegacyClient, metadata: LegacyMetadata, clock: Clock) -> None:
        self._client, self._metadata, self._clock = client, metadata, clock

    def page(self, spec: ObjectSpec, query: str, order_by: str, size: int, deleted: int = 0) -> Batch:
        at = self._clock.now()
        select = [*wanted_fields(spec), "deleted"]
        try:
            answer = self._client.call(
                "get_entry_list",
                spec.object,
                query,
                order_by,
                0,
                select,
                link_argument(spec),
                size,
                deleted,
                False,
            )
        except DatabaseFailure:
            filtered = [item.field for item in spec.where if not is_related(spec, item.field)]
            require(spec.object, [*filtered, *wanted_fields(spec)], self._metadata.fields)
            raise
        entries = _entries(answer, "get_entry_list")
        found = self._read(spec, answer, at)
        self._require_answered(spec, entries, found)
        last = fields_of(entries[-1].get("name_value_list")) if entries else {}
        return Batch(
            found,
            text(entries[-1].get("id")) if entries else None,
            parse_time(text(last.get(MODIFIED))) if last.get(MODIFIED) else None,
            _more(answer, len(entries), size),
        )

    def fetch(self, spec: ObjectSpec, position: Position, size: int) -> Batch:
        """One page of a poll. Once there is a cursor, deletions are included: with `deleted` = 1 both
        existing and deleted rows are listed."""
        by_time = spec.poll_mode == "cursor"
        query = legacy_query.listed(spec, position)
        deleted = int((by_time or spec.watched) and position.since is not None)
        return self.page(spec, query, legacy_query.BY_TIME if by_time else legacy_query.BY_ID, size, deleted)

    def all(self, spec: ObjectSpec, query: str, size: int) -> Iterator[Reading]:
        """Every row of a query, in the order of ids. `spec` says which fields."""
        extra: list[str] = []
        while True:
            batch = self.page(
                spec, " AND ".join([*([query] if query else []), *extra]), legacy_query.BY_ID, size
            )
            yield from batch.records
            if not batch.more or not batch.last_id:
                return
            extra = [f"{legacy_query.column(spec.object, 'id')} > {legacy_query.quote(batch.last_id)}"]

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        """Every id is in the answer: as a snapshot, or as gone where Sugar answers with its warning. One
        record that the user may not view is a refusal of all that were asked for with it."""
        at = self._clock.now()
        answer: dict[str, Reading] = {item: Gone(item, at) for item in ids if not possible_id(item)}
        for chunk in chunks([item for item in dict.fromkeys(ids) if possible_id(item)], READ_BATCH):
            answer.update(self._some(spec, chunk))
        return answer

    def _some(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        at = self._clock.now()
        asked = [spec.object, list(ids), [*wanted_fields(spec), "deleted"], link_argument(spec), False]
        try:
            answer = self._client.call("get_entries", *asked)
        except NoRight as fault:
            raise self._metadata.judged(fault, spec.object, "view", ids) from fault
        entries = _entries(answer, "get_entries")
        rows = self._read(spec, answer, at)
        self._require_answered(spec, entries, rows)
        found = {item.id: item for item in rows}
        unanswered = [item for item in ids if item not in found]
        if unanswered:
            raise Unavailable(
                f"SugarCRM was asked for {len(ids)} records of {spec.object} and left out "
                f"{', '.join(unanswered[:3])}"
            )
        return {item: found[item] for item in ids}

    def _read(self, spec: ObjectSpec, answer: Mapping[str, Any], at: datetime) -> list[Reading]:
        return [tidied(spec, one, self._metadata.is_number) for one in readings(spec, answer, at)]

    def _require_answered(
        self, spec: ObjectSpec, entries: Sequence[Mapping[str, Any]], found: Sequence[Reading]
    ) -> None:
        """Sugar leaves out unknown fields and links silently, so anything missing from every record is looked
        up in the metadata."""
        maps = [fields_of(entry.get("name_value_list")) for entry in entries if not is_missing(entry)]
        absent = [name for name in wanted_fields(spec) if maps and not any(name in row for row in maps)]
        if absent:
            require(spec.object, absent, self._metadata.fields)
        for item in spec.related if maps else ():
            unseen = [
                name for name in related_fields(item) if not any(name in row for row in _linked(item, found))
            ]
            if unseen:
                require(spec.object, [item.link], self._metadata.fields)
                require(item.object, unseen, self._metadata.fields)


def _linked(item: Related, found: Sequence[Reading]) -> Iterator[set[str]]:
    """The fields received for each related record. A NULL is sent as '', so None means a field that was not
    sent."""
    for reading in found:
        values = reading.values if isinstance(reading, Snapshot) else {}
        rows = (
            values.get(item.name)
            if item.many
            else [{name: values.get(f"{item.name}.{name}") for name in related_fields(item)}]
        )
        for row in rows if isinstance(rows, list) else ():
            yield {name for name, value in row.items() if value is not None}


def _entries(answer: Any, method: str) -> Sequence[Mapping[str, Any]]:
    listed = answer.get("entry_list") if isinstance(answer, Mapping) else None
    if not isinstance(listed, list) or not all(
        isinstance(entry, Mapping) and entry.get("id") for entry in listed
    ):
        raise Unavailable(f"SugarCRM did not answer {method} with a list of records: try again later")
    return listed


def _more(answer: Mapping[str, Any], rows: int, asked: int) -> bool:
    total = text(answer.get("total_count"))
    return rows > 0 and (rows >= asked or (total.isdigit() and int(total) > rows))
