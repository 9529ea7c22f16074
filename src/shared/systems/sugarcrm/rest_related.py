"""Related v11 records that were missing from a list: read in batches, never silently blank."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.ports import ObjectSpec, Related
from shared.systems.sugarcrm.records import chunks, related_fields, text
from shared.systems.sugarcrm.rest_client import RestClient, record_path
from shared.systems.sugarcrm.rest_records import linked

Found = dict[str, dict[str, list[dict[str, Any]]]]
"""Record id -> related name -> related records."""


def related_of(
    client: RestClient, spec: ObjectSpec, records: Sequence[Mapping[str, Any]], size: int
) -> Found:
    answer: Found = {text(record["id"]): {} for record in records}
    for item in spec.related:
        missing = []
        for record in records:
            rows = linked(record, item)
            if rows is None:
                missing.append(record)
            else:
                answer[text(record["id"])][item.name] = rows
        for record_id, rows in _read(client, spec, item, missing, size):
            answer[record_id][item.name] = rows
    return answer


def _read(
    client: RestClient, spec: ObjectSpec, item: Related, records: Sequence[Mapping[str, Any]], size: int
) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    if item.many:
        return _lines(client, spec, item, [text(record["id"]) for record in records], size)
    if item.id_field:
        return _parents(client, item, records, size)
    return [(text(record["id"]), _through_link(client, spec, item, text(record["id"]))) for record in records]


def _parents(
    client: RestClient, item: Related, records: Sequence[Mapping[str, Any]], size: int
) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    ids = {text(record["id"]): text(record.get(item.id_field or "")) for record in records}
    wanted = sorted({parent for parent in ids.values() if parent})
    found = {text(row["id"]): row for row in by_values(client, item, "id", wanted, size)}
    return [(record_id, [found[parent]] if parent in found else []) for record_id, parent in ids.items()]


def _lines(
    client: RestClient, spec: ObjectSpec, item: Related, ids: Sequence[str], size: int
) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """Lines by the field that names their parent (`opportunity_id` of RevenueLineItems)."""
    back = item.id_field or f"{singular(spec.object).lower()}_id"
    answer: dict[str, list[dict[str, Any]]] = {record_id: [] for record_id in ids}
    for row in by_values(client, item, back, ids, size):
        answer.get(text(row.get(back)), []).append(row)
    return answer.items()


def by_values(
    client: RestClient, item: Related, field: str, values: Sequence[str], size: int
) -> Iterable[dict[str, Any]]:
    fields = ",".join(dict.fromkeys([*related_fields(item), field]))
    for chunk in chunks(values, size):
        yield from all_rows(client, item.object, [{field: {"$in": list(chunk)}}], fields, size)


def all_rows(
    client: RestClient, module: str, query: Sequence[Any], fields: str, size: int
) -> Iterable[dict[str, Any]]:
    """Every row, by id, however few the server returns at once."""
    last = ""
    while True:
        parts = [*query, {"id": {"$gt": last}}] if last else list(query)
        rows, more = client.filter(module, [{"$and": parts}] if parts else [], fields, "id:asc", size)
        yield from rows
        if more < 0 or not rows or text(rows[-1]["id"]) == last:
            return
        last = text(rows[-1]["id"])


def _through_link(
    client: RestClient, spec: ObjectSpec, item: Related, record_id: str
) -> list[dict[str, Any]]:
    answer = client.call(
        "GET",
        f"{record_path(spec.object, record_id)}/link/{item.link}",
        f"read {item.link} of {record_id}",
        params={"fields": ",".join(related_fields(item)), "max_num": "1"},
        one_record=True,
    )
    rows = answer.get("records", []) if isinstance(answer, dict) else []
    return list(rows)


def singular(module: str) -> str:
    return f"{module[:-3]}y" if module.endswith("ies") else module.removesuffix("s")
