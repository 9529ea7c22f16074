"""Vtiger as a System: one connector for both interfaces, open source and cloud.

Records are read and written as `retrieve` gives them, with all values as text. Our key cannot be kept in
Vtiger: after a lost answer, a record is traced by its content and the time it was created.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.changes import Changes
from shared.systems.vtiger.checks import Checks
from shared.systems.vtiger.cloud import Cloud
from shared.systems.vtiger.deletions import Deletions
from shared.systems.vtiger.language import LARGEST_PAGE
from shared.systems.vtiger.modules import Modules, labels_of
from shared.systems.vtiger.owner import Owner
from shared.systems.vtiger.reader import Reader
from shared.systems.vtiger.reference import Reference
from shared.systems.vtiger.trace import trace
from shared.systems.vtiger.values import normalise_id
from shared.systems.vtiger.webservice import Webservice
from shared.systems.vtiger.writer import Writer

_CHOICES = {"api": ("webservice", "cloud"), "line_writes": ("auto", "yes", "no"), "sync": ("auto", "no")}


class Vtiger(Connector):
    """Options: url, api (webservice or cloud), owner, tax, line_writes (auto, yes, no), sync (auto, no),
    settle_seconds (60), fresh_seconds (5). Secret: user, access_key. Raises Halt for an option that cannot
    be."""

    name = "vtiger"
    settle_seconds: float
    capabilities = Capabilities(deletes=True, traces=True)

    def __init__(
        self,
        http: HttpClient,
        options: Mapping[str, str],
        secret: Mapping[str, str],
        clock: Clock,
        binding: TokenBinding,
        cache: Cache,
    ) -> None:
        _refuse_unknown(options)
        self.settle_seconds = _seconds(options, "settle_seconds", "60")
        self.api: Api = (
            Cloud(http, secret, clock, cache)
            if options.get("api") == "cloud"
            else Webservice(http, secret, binding)
        )
        self._modules = Modules(self.api, cache, clock)
        self._reference = Reference(self.api, cache, clock, options.get("tax", ""))
        self._reader = Reader(self.api, self._modules, self._reference, clock)
        keeper = Owner(self.api, self._reader, options.get("owner", ""))
        lines = options.get("line_writes", "auto")
        fresh = timedelta(seconds=_seconds(options, "fresh_seconds", "5"))
        deletions = Deletions(self.api, self._modules, cache, clock, options.get("sync", "auto"))
        self._writer = Writer(
            self.api, self._modules, self._reader, self._reference, keeper, clock, lines, fresh
        )
        self._changes = Changes(self._reader, self._modules, deletions, clock)
        self._checks = Checks(
            self.api, self._modules, self._reader, self._reference, deletions, keeper, lines
        )

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return list(self._checks.findings(specs))

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return self._modules.infos(object_name)

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        """Ids may be bare numbers: answers are keyed by the ids as given, with complete ids inside."""
        return self._reader.read(spec, ids)

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        """Compared as Vtiger's database does, ignoring case."""
        return self._reader.find(spec, path, values)

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        """`key` is not kept: see `trace`."""
        return self._writer.create(spec, values)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        return self._writer.update(spec, patches)

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        return self._changes.pages(spec, cursor, page_size or LARGEST_PAGE)

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        return self._reference.currencies() if name == "currencies" else self._reference.tax_codes()

    def lacks(self, spec: ObjectSpec) -> frozenset[str]:
        labels = list(labels_of(spec))
        module = self._modules.of(spec.object) if labels else None
        return frozenset(path for path in labels if module is not None and module.resolve(path) is None)

    def trace(self, spec: ObjectSpec, values: Values, since: datetime) -> Traces:
        return trace(self.api, self._modules, self._reader, spec, values, since)

    def canonical_id(self, spec: ObjectSpec, record_id: str) -> str:
        """`123`, as a webhook may give it, as `11x123`."""
        return normalise_id(self._modules.of(spec.object).prefix, record_id)


def _seconds(options: Mapping[str, str], name: str, default: str) -> float:
    text = options.get(name, default)
    if not text.isascii() or not text.isdigit():
        raise Halt(
            f"the setting {name} of the Vtiger connection is '{text}': write a number of seconds, such as "
            f"{default}"
        )
    return float(text)


def _refuse_unknown(options: Mapping[str, str]) -> None:
    for name, allowed in _CHOICES.items():
        if options.get(name, allowed[0]) not in allowed:
            raise Halt(
                f"the setting {name} of the Vtiger connection is '{options[name]}': write "
                f"{', '.join(allowed)}"
            )
