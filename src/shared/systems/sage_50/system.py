"""The Sage 50 connector: `ports.System` over HyperAccounts V1 or any service that answers the same routes.

Native paths are the names of the single read, with dates as ISO text, tax codes and currencies as text
numbers, and amounts as Decimal, whichever way a record was read. Sage has no idempotent create: two creates
are two records.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from shared.domain.prices import PriceBook
from shared.errors import BadCredentials, RuleInvalid, SyncError
from shared.ports import (
    Cache,
    Capabilities,
    Clock,
    Debtors,
    FieldInfo,
    Finding,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Values,
)
from shared.systems._connector import Connector, one_of, whole_number
from shared.systems._http import HttpClient
from shared.systems.sage_50 import changes, checks, expiring, potentials, reference, users
from shared.systems.sage_50.client import TIMEOUT, Client
from shared.systems.sage_50.contact_type import ContactType
from shared.systems.sage_50.dates import DEFAULT, SageDates
from shared.systems.sage_50.debtors import Debtors50
from shared.systems.sage_50.fields import Field
from shared.systems.sage_50.pictures import picture
from shared.systems.sage_50.price_test import PriceTest
from shared.systems.sage_50.prices import Prices
from shared.systems.sage_50.quotations import Quotations
from shared.systems.sage_50.reader import Reader, matches, single_only
from shared.systems.sage_50.search import table_of
from shared.systems.sage_50.tables import ADDRESS, QUOTATION, TABLES
from shared.systems.sage_50.values import Values50
from shared.systems.sage_50.writer import Writer


class Sage50(Connector):
    """One Sage company.

    Options: date_format (dd/mm/yyyy), expected_company, settle_seconds (300), search_in (yes/no),
    sage_version (28), base_currency (ISO code; without it record 1 is the base). Secret: token, the
    installation's AuthToken. `lanes` is called with a resource name before each request and raises LaneTaken.
    """

    name = "sage_50"
    capabilities = Capabilities(key_search=True)

    def __init__(
        self,
        http: HttpClient,
        options: Mapping[str, str],
        secret: Mapping[str, str],
        clock: Clock,
        lanes: Callable[[str], None],
        cache: Cache | None = None,
    ) -> None:
        token = secret.get("token", "").strip()
        if not token:
            raise BadCredentials(
                "No AuthToken is stored for sage_50: store it with `tieout connect sage_50`."
            )
        self.settle_seconds = float(whole_number(options, "sage_50", "settle_seconds", 300))
        self._clock = clock
        self._release = whole_number(options, "sage_50", "sage_version", 28)
        self._base = options.get("base_currency", "")
        self._expected = options.get("expected_company", "")
        self._dates = SageDates(options.get("date_format") or DEFAULT)
        timeout = whole_number(options, "sage_50", "timeout_seconds", TIMEOUT)
        self._client = Client(http, token, clock, lanes, timeout=float(timeout))
        own = options.get("base_currency_number", "1")
        values = Values50(self._dates, self._release, own, potentials.entered(options))
        self._debtors = Debtors50(self._client, values, own)
        self._reader = Reader(
            self._client, values, clock, one_of(options, "sage_50", "search_in", "yes", "no", "no") == "yes"
        )
        self._writer = Writer(self._client, self._reader, values, clock, self._expected)
        self._quotations = Quotations(self._reader, self._writer)
        self._prices = Prices(self._client, values, options.get("price_methods") or "0")
        self._price_test = PriceTest(
            self._client, self._reader, self._prices, values, cache, clock, options.get("price_test", "")
        )
        self._users = users.entered(options)
        self._contacts = ContactType(
            self._client, self._reader, cache, clock, options.get("contact_test", "")
        )

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        found = checks.findings(self._client, self._reader, specs, self._expected, self._base, self._contacts)
        return [*found, *checks.tried("users", lambda: users.findings(self._reader, self._users))]

    def takes_new(self, spec: ObjectSpec) -> bool:
        """Contacts only where `check` has seen that the site keeps their type."""
        return spec.object != ADDRESS.object or self._contacts.kept()

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        """From the published tables, because the service has no metadata call. Line fields are
        `invoiceItems.name`."""
        table = TABLES.get(object_name)
        if table is None:
            return None
        lines = {f"invoiceItems.{name}": one for name, one in table.lines.items()}
        return {name: self._info(name, one) for name, one in {**table.fields, **lines}.items()}

    def _info(self, name: str, one: Field) -> FieldInfo:
        return FieldInfo(name, one.kind, one.fits(self._release), one.required, one.readonly)

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        return self._reader.read(spec, table_of(spec.object, TABLES), ids) if ids else {}

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        """One search for each 50 values. Snapshots hold what search rows hold (no memo, no lines), unless the
        spec asks for whole records."""
        table = table_of(spec.object, TABLES)
        field = table.fields.get(path)
        asked = {value.strip().upper() if field and field.upper else value.strip() for value in values} - {""}
        rows = self._reader.by_values(table, path, sorted(asked))
        found = self._reader.complete(table, rows, [path, *(single_only(spec, table) if spec.whole else ())])
        return {
            value: [one for one in found if matches(table, path, value, one.values.get(path))]
            for value in values
        }

    def look_over(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        """One search for each 100 ids that lie close together, else two."""
        return self._reader.look_over(table_of(spec.object, TABLES), ids) if ids else {}

    def reserve(self, spec: ObjectSpec, seconds: float) -> bool:
        return self._client.reserve(table_of(spec.object, TABLES).route, seconds)

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        table = table_of(spec.object, TABLES)
        if table is QUOTATION:
            return self._quotations.create(spec, table, values, key)
        return self._writer.create(spec, table, values, key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        table = table_of(spec.object, TABLES)
        return (self._quotations if table is QUOTATION else self._writer).update(table, patches)

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        if spec.related:
            raise RuleInvalid(
                f"Related records cannot be read from Sage 50: remove [related] from the {spec.entity} rule "
                "file."
            )
        size, table = page_size or spec.page_size, table_of(spec.object, TABLES)
        if table is QUOTATION:
            today = self._clock.now().date()
            return expiring.pages(self._reader, self._dates, spec, table, cursor, size, today)
        return changes.pages(self._reader, self._dates, spec, table, cursor, size)

    def picture(self, spec: ObjectSpec, record_id: str) -> bytes:
        return picture(self._client, record_id)

    def price_book(self, codes: Sequence[str]) -> PriceBook:
        return self._prices.book(codes)

    def prices_itself(self) -> bool:
        return self._price_test.proved()

    def prove_prices(self) -> list[Finding]:
        return self._price_test.findings()

    def debtors(self) -> Debtors:
        return self._debtors

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        """currencies: id (one-based number), iso, rate, base; tax_codes: id ("1" for T1), rate in percent,
        name; users: those of the settings."""
        if name == "users":
            return users.rows(self._users)
        if name == "currencies":
            return reference.currencies(self._client, self._base)
        return reference.tax_codes(self._client)
