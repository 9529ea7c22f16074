"""SugarCRM over the legacy v4_1 API (Sugar 6, SuiteCRM 7, and 8 with `rest_path`): the System port.

Signs in once per instance: the session is bound to the caller's address, so it is not shared between
functions. Values are texts, decoded once. What was written is always read back.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from shared.errors import RecordRejected, RuleInvalid, SyncError
from shared.ports import (
    Capabilities,
    Clock,
    FieldInfo,
    Finding,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Values,
)
from shared.systems._connector import Connector
from shared.systems._http import HttpClient
from shared.systems.sugarcrm import legacy_query, paging
from shared.systems.sugarcrm.currencies import BASE_ID, currency_rows
from shared.systems.sugarcrm.findings import absent, check_specs
from shared.systems.sugarcrm.legacy_check import LegacyMetadata
from shared.systems.sugarcrm.legacy_client import LegacyClient
from shared.systems.sugarcrm.legacy_lists import READ_BATCH, LegacyLists
from shared.systems.sugarcrm.legacy_writes import BATCH, LegacyWrites
from shared.systems.sugarcrm.records import (
    LOOKED_OVER,
    chunks,
    group,
    page_size,
    possible_id,
    settle_seconds,
    text,
)

_CURRENCIES = ObjectSpec("sugarcrm", "currency", "Currencies", "id", None, ("iso4217", "conversion_rate"))


class SugarV4(Connector):
    name = "sugarcrm"
    settle_seconds: float
    capabilities = Capabilities(idempotent_create=True, key_search=True, batch_update=BATCH, deletes=True)

    def __init__(
        self, http: HttpClient, options: Mapping[str, str], secret: Mapping[str, str], clock: Clock
    ) -> None:
        self.client = LegacyClient(http, options, secret)
        self._options, self._clock = options, clock
        self.settle_seconds = settle_seconds(options)
        self._size = page_size(options)
        self._metadata = LegacyMetadata(self.client)
        self._lists = LegacyLists(self.client, self._metadata, clock)
        self._writes = LegacyWrites(self.client, self._lists, self._metadata)

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        try:
            self.client.sign_in()
            server = self.client.server_info()
        except SyncError as fault:
            return [Finding("error", "sign-in", str(fault))]
        suite = server.get("suitecrm_version")
        version = f"SuiteCRM {suite}" if suite else f"Sugar {server.get('version', 'of unknown version')}"
        return [
            Finding("ok", "sign-in", f"Signed in to {version} over the legacy API (v4_1)."),
            *check_specs(specs, self.describe),
        ]

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return self._metadata.fields(object_name)

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        return self._lists.read(spec, ids)

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        found: list[Snapshot] = []
        for chunk in chunks(list(dict.fromkeys(values)), READ_BATCH):
            query = legacy_query.is_in(legacy_query.searchable(spec, path), list(chunk))
            found += [item for item in self._lists.all(spec, query, self._size) if isinstance(item, Snapshot)]
        return group(values, found, lambda item: item.values.get(path))

    def look_over(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        found: dict[str, Snapshot] = {}
        for chunk in chunks([item for item in dict.fromkeys(ids) if possible_id(item)], LOOKED_OVER):
            query = legacy_query.is_in(legacy_query.column(spec.object, "id"), list(chunk))
            rows = self._lists.all(spec, query, len(chunk) + 1)  # a full page would look as if more came
            found |= {item.id: item for item in rows if isinstance(item, Snapshot)}
        return found

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        return absent(spec, self.describe)

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return self._writes.create(spec, values, key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        return self._writes.update(spec, patches)

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        size = page_size or self._size

        def fetch(position: paging.Position) -> paging.Batch:
            return self._lists.fetch(spec, position, size)

        if spec.poll_mode == "cursor":
            return paging.modified(cursor, fetch, self._clock)
        if spec.watched:
            return paging.watched(cursor, fetch, self._clock)
        return paging.worklist(cursor, fetch)

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        if name != "currencies":
            raise RuleInvalid(f"Tieout reads no table '{name}' from SugarCRM; a rule may name 'currencies'")
        rows = [
            item.values for item in self._lists.all(_CURRENCIES, "", self._size) if isinstance(item, Snapshot)
        ]
        return currency_rows(rows, self._base_currency)

    def _base_currency(self) -> str:
        """It is not listed with the others, but can be read by its id."""
        try:
            base = self._lists.read(_CURRENCIES, [BASE_ID])[BASE_ID]
        except RecordRejected:  # which the user may not view: then the setting says it
            return self._options.get("base_currency", "")
        iso = text(base.values.get("iso4217")) if isinstance(base, Snapshot) else ""
        return iso or self._options.get("base_currency", "")
