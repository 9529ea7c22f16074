"""SugarCRM over the v11 REST API (Sugar 7 and later): the System port.

Field values are what the JSON holds. A record counts as gone only after its own address answered 404, because
a list also leaves out what the user's teams hide. (On some versions the 404 does not distinguish this either:
give the integration's user every team.)"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from shared.errors import Halt, RuleInvalid, SyncError, Unavailable
from shared.ports import (
    Capabilities,
    Clock,
    FieldInfo,
    Finding,
    Gone,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Values,
)
from shared.systems._connector import Connector
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.sugarcrm import paging, rest_changes, rest_filters
from shared.systems.sugarcrm.currencies import currency_rows
from shared.systems.sugarcrm.findings import absent, check_specs, require
from shared.systems.sugarcrm.records import (
    LOOKED_OVER,
    chunks,
    group,
    page_size,
    possible_id,
    related_fields,
    settle_seconds,
    text,
    wanted_fields,
)
from shared.systems.sugarcrm.rest_check import RestMetadata
from shared.systems.sugarcrm.rest_client import RestClient, record_path
from shared.systems.sugarcrm.rest_records import fields_argument, snapshot
from shared.systems.sugarcrm.rest_related import all_rows, related_of
from shared.systems.sugarcrm.rest_sign_in import rest_token
from shared.systems.sugarcrm.rest_writes import BATCH, RestWrites
from shared.systems.sugarcrm.rights import NoRight, judged


class SugarV11(Connector):
    name = "sugarcrm"
    settle_seconds: float
    """A save may continue after the gateway gave up on it (502): this is longer than the longest of those."""
    capabilities = Capabilities(key_search=True, batch_update=BATCH, webhooks=True)

    def __init__(
        self,
        http: HttpClient,
        options: Mapping[str, str],
        secret: Mapping[str, str],
        clock: Clock,
        binding: TokenBinding,
    ) -> None:
        if options.get("paging", "keyset") not in ("keyset", "offset"):
            raise Halt(
                f"paging of the SugarCRM connection is '{options['paging']}': write keyset, or offset for a "
                "server that refuses to compare ids"
            )
        version = options.get("api_version", "v11_10")
        self.client = RestClient(http, version, rest_token(http, version, options, secret, binding))
        self._options, self._clock = options, clock
        self.settle_seconds = settle_seconds(options)
        self._size = page_size(options)
        self._metadata = RestMetadata(self.client)
        self._writes = RestWrites(self.client, self._metadata, clock)

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        try:
            self.client.sign_in()
            who = self._metadata.who()
        except SyncError as fault:
            return [Finding("error", "sign-in", str(fault))]
        return [
            Finding("ok", "sign-in", f"Signed in to SugarCRM ({self.client.version}) as {who}."),
            *check_specs(specs, self.describe),
        ]

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return self._metadata.fields(object_name)

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        at = self._clock.now()
        answer: dict[str, Reading] = {}
        for chunk in chunks([item for item in dict.fromkeys(ids) if possible_id(item)], self._size):
            rows = all_rows(
                self.client, spec.object, [{"id": {"$in": list(chunk)}}], fields_argument(spec), self._size
            )
            answer.update({found.id: found for found in self.snapshots(spec, list(rows), at)})
        return {item: answer[item] if item in answer else self._alone(spec, item) for item in ids}

    def _alone(self, spec: ObjectSpec, record_id: str) -> Reading:
        """A record that a list left out, asked for by its own address."""
        at = self._clock.now()
        if not possible_id(record_id):
            return Gone(record_id, at)
        record = self._asked(spec, record_id)
        if record is None:
            return Gone(record_id, at)
        if not isinstance(record, dict) or not record.get("id"):
            raise Unavailable(
                f"SugarCRM was asked to read {spec.object} {record_id} and answered no record: try again"
            )
        if record.get("deleted") in (True, "1", 1):
            return Gone(record_id, at)
        return self.snapshots(spec, [record], at)[0]

    def _asked(self, spec: ObjectSpec, record_id: str) -> Any:
        """None for one that does not exist."""
        try:
            return self.client.call(
                "GET",
                record_path(spec.object, record_id),
                f"read {spec.object} {record_id}",
                params={"fields": fields_argument(spec)},
                one_record=True,
                none_if_missing=True,
            )
        except NoRight as fault:
            denied = self._metadata.denies(spec.object, "view")
            raise judged(fault, spec.object, "view", everywhere=denied) from fault

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        at = self._clock.now()
        name = rest_filters.field_name(spec, path)
        found: list[Snapshot] = []
        for chunk in chunks(list(dict.fromkeys(values)), self._size):
            rows = all_rows(
                self.client, spec.object, [{name: {"$in": list(chunk)}}], fields_argument(spec), self._size
            )
            found += self.snapshots(spec, list(rows), at)
        return group(values, found, lambda item: item.values.get(path))

    def look_over(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        at, found = self._clock.now(), list[Snapshot]()
        for chunk in chunks([item for item in dict.fromkeys(ids) if possible_id(item)], LOOKED_OVER):
            query = [{"id": {"$in": list(chunk)}}]
            rows = all_rows(self.client, spec.object, query, fields_argument(spec), len(chunk))
            found += self.snapshots(spec, list(rows), at)
        return {one.id: one for one in found}

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        return absent(spec, self.describe)

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return self._writes.create(spec, values, key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        return self._writes.update(spec, patches)

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        """The setting `paging = "offset"` is for a server that refuses `$gt` on id."""
        size = page_size or self._size
        if self._options.get("paging") == "offset":
            fetch: paging.Fetch = rest_changes.ByTime(self.client, spec, size, self._clock, self.snapshots)
        else:
            fetch = rest_changes.ByKey(self.client, spec, size, self._clock, self.snapshots)
        if spec.poll_mode == "cursor":
            return paging.modified(cursor, fetch, self._clock)
        if spec.watched:
            return paging.watched(cursor, fetch, self._clock)
        return paging.worklist(cursor, fetch)

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        if name != "currencies":
            raise RuleInvalid(f"Tieout reads no table '{name}' from SugarCRM; a rule may name 'currencies'")
        rows = all_rows(self.client, "Currencies", [], "id,name,iso4217,conversion_rate", self._size)
        return currency_rows(list(rows), self._base_currency)

    def _base_currency(self) -> str:
        """Not every version has a record for the base currency: the setting names it, or it may be readable
        at its address."""
        if iso := self._options.get("base_currency"):
            return iso
        record = self.client.call(
            "GET", "Currencies/-99", "read the base currency", one_record=True, none_if_missing=True
        )
        return text((record or {}).get("iso4217"))

    def snapshots(self, spec: ObjectSpec, records: Sequence[dict[str, Any]], at: datetime) -> list[Snapshot]:
        """With related records. A field missing from every record in the answer is looked up in the metadata,
        and not taken to be blank."""
        related = related_of(self.client, spec, records, self._size)
        self._require(spec.object, wanted_fields(spec), records)
        for item in spec.related:
            rows = [row for found in related.values() for row in found.get(item.name, ())]
            self._require(item.object, related_fields(item), rows)
        return [snapshot(spec, record, at, related[text(record["id"])]) for record in records]

    def _require(self, module: str, names: Sequence[str], records: Sequence[Mapping[str, Any]]) -> None:
        absent = [name for name in names if records and not any(name in record for record in records)]
        if absent:
            require(module, absent, self.describe)
