"""Sage Sales Management as a System.

Records are read out of lists, which name deleted ones too. Where rules give no place for our key, a record
from a lost
create is traced by its content.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.errors import Halt, SyncError
from shared.ports import (
    Cache,
    Capabilities,
    Clock,
    FieldInfo,
    Finding,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Traces,
    Values,
)
from shared.systems._connector import Connector
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import LARGEST, largest
from shared.systems.sage_sales_management.changes import Changes
from shared.systems.sage_sales_management.checks import Checks
from shared.systems.sage_sales_management.documents import Documents
from shared.systems.sage_sales_management.elements import Elements
from shared.systems.sage_sales_management.fields import Fields
from shared.systems.sage_sales_management.labels import Labels
from shared.systems.sage_sales_management.owner import Owner
from shared.systems.sage_sales_management.pictures import Pictures
from shared.systems.sage_sales_management.reader import Reader
from shared.systems.sage_sales_management.reference import currencies, users
from shared.systems.sage_sales_management.remover import Remover
from shared.systems.sage_sales_management.resources import resource_of
from shared.systems.sage_sales_management.sign_in import session_of
from shared.systems.sage_sales_management.trace import trace
from shared.systems.sage_sales_management.writer import Writer


class SageSalesManagement(Connector):
    """Options: url, owner, branch, base_currency, picture_hosts, settle_seconds (60), fresh_seconds (5).
    Secret:
    public_key, private_key. Raises Halt for an option that cannot be."""

    name = "sage_sales_management"
    settle_seconds: float
    capabilities = Capabilities(
        key_search=True, traces=True, deletes=True, webhooks=True, batch_update=LARGEST, batch_create=LARGEST
    )

    def __init__(
        self,
        http: HttpClient,
        options: Mapping[str, str],
        secret: Mapping[str, str],
        clock: Clock,
        *,
        binding: TokenBinding,
        cache: Cache,
        open: Callable[[str], HttpClient],
    ) -> None:
        self.settle_seconds = _seconds(options, "settle_seconds", "60")
        fresh = timedelta(seconds=_seconds(options, "fresh_seconds", "5"))
        self.api = Api(http, session_of(http, secret, binding))
        self._clock, self._base = clock, options.get("base_currency", "GBP")
        self._fields = Fields(self.api, cache, clock)
        self._reader = Reader(self.api, clock)
        self._labels = Labels(self._reader, cache, clock)
        owner = Owner(self._reader, self._labels, options)
        elements = Elements(self._fields, self._labels)
        documents = Documents(self.api, self._reader, self._fields)
        self._writer = Writer(self.api, self._reader, elements, documents, owner, clock, fresh)
        self._remover = Remover(self.api, self._reader)
        self._changes = Changes(self._reader, clock)
        self._checks = Checks(self.api, self._fields, self._labels, owner)
        self._pictures = Pictures(self.api, open, options.get("picture_hosts", ""))

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return list(self._checks.findings(specs))

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return self._fields.infos(resource_of(object_name).path)

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        return self._reader.read(spec, ids)

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        """Compared ignoring case, whatever the vendor does."""
        return self._reader.find(spec, path, values)

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return self._writer.create(spec, values, key)

    def at_once(self, spec: ObjectSpec) -> int:
        """Documents have lines, which come after their header: they are made one by one."""
        resource = resource_of(spec.object)
        return 1 if resource.lines else largest(resource.path)

    def create_many(
        self, spec: ObjectSpec, records: Sequence[tuple[Values, str]]
    ) -> list[Snapshot | SyncError]:
        return self._writer.create_many(spec, records)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        return self._writer.update(spec, patches)

    def delete(self, spec: ObjectSpec, record_id: str) -> None:
        """There is no way back from it."""
        self._remover.delete(spec, record_id)

    def put_picture(self, spec: ObjectSpec, record_id: str, name: str, content: bytes) -> str:
        """In two calls, and a third where the first upload is not answered. Pictures of products alone."""
        return self._pictures.put(record_id, name, content)

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        return self._changes.pages(spec, cursor, page_size)

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        """There are no taxes. Users are those that are active."""
        if name == "users":
            return users(self._reader)
        return currencies(self._labels, self._base) if name == "currencies" else []

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        """Additional fields (`Z_…`) that this tenant does not have."""
        own = [path for path in spec.fields if path.startswith("Z_")]
        known = self._fields.of(resource_of(spec.object).path) if own else {}
        return frozenset(path for path in own if path.partition("/")[0] not in known)

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
        return trace(self._reader, self._clock, spec, values, since)


def _seconds(options: Mapping[str, str], name: str, default: str) -> float:
    text = options.get(name, default)
    if not text.isascii() or not text.isdigit():
        raise Halt(
            f"the setting {name} of the Sage Sales Management connection is '{text}': write a number of "
            f"seconds, such as {default}"
        )
    return float(text)
