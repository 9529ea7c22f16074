"""The Sage Business Accounting connector: `ports.System` over the v3.1 API.

Sage has neither webhooks nor conditional writes, but every write is idempotent for seven days through an id
of our own, and lists report what was deleted. Native names are those of the JSON, flattened: `currency_id`,
`main_address/city`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit

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
from shared.systems._connector import Connector, each_patched, one_of, whole_number
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.sage_accounting import changes, checks, reference
from shared.systems.sage_accounting.addresses import AddressBook
from shared.systems.sage_accounting.client import Client
from shared.systems.sage_accounting.contacts import Contacts
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.customer_codes import CustomerCodes
from shared.systems.sage_accounting.debtors import SageDebtors
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.invoices import Invoices
from shared.systems.sage_accounting.items import Products, Services
from shared.systems.sage_accounting.keep_alive import keep_alive
from shared.systems.sage_accounting.kinds import KINDS
from shared.systems.sage_accounting.lists import LARGEST, Lists
from shared.systems.sage_accounting.payment_lists import OFF, ON
from shared.systems.sage_accounting.persons import Persons
from shared.systems.sage_accounting.price_book import PriceTypes
from shared.systems.sage_accounting.quotations import FEW, Quotations
from shared.systems.sage_accounting.resource import Resource
from shared.systems.sage_accounting.search import Search
from shared.systems.sage_accounting.sign_in import pair_of, token_url
from shared.systems.sage_accounting.token_host import TokenHost


class SageAccounting(Connector):
    """One business.

    Options: business, token_url, settle_seconds (60), fresh_seconds (5), page_size (200), zero_rate,
    new_products (products or stock_items), sales_account, service_account, purchase_account, rate_direction,
    payment_lists (off or on).
    Secrets: client_id, client_secret and, if wished, a first refresh_token. `open` gives a http to the token
    host, when a token is first needed.
    """

    name = "sage_accounting"
    capabilities = Capabilities(idempotent_create=True, idempotent_seconds=6 * 86400, deletes=True)

    def __init__(
        self,
        http: HttpClient,
        options: Mapping[str, str],
        secret: Mapping[str, str],
        clock: Clock,
        *,
        binding: TokenBinding,
        cache: Cache,
        lanes: Callable[[str], None],
        open: Callable[[str], HttpClient],
    ) -> None:
        if not secret.get("client_id") or not secret.get("client_secret"):
            raise BadCredentials(
                "No client id and secret are stored for Sage Accounting: store them with `tieout connect "
                "sage_accounting`."
            )
        self.settle_seconds = float(whole_number(options, "sage_accounting", "settle_seconds", 60))
        self._options, self._open = options, open
        one_of(options, "sage_accounting", "new_products", "products", "stock_items", "products")
        one_of(options, "sage_accounting", "payment_lists", OFF, ON, OFF)
        self._direction = reference.direction_of(options)
        self._size = whole_number(options, "sage_accounting", "page_size", LARGEST)
        if not 1 <= self._size <= LARGEST:
            raise RuleInvalid(
                f"The setting page_size of sage_accounting is '{self._size}': write a number from 1 to "
                f"{LARGEST}."
            )
        self._secret = secret
        self._searches: dict[str, Search] = {}
        self.token = pair_of(binding, lambda: self.host, http.base_url, options, secret)
        client = Client(http, self.token, options.get("business", ""), clock)
        lists = Lists(client, clock)
        self.context = SageContext(
            client,
            lists,
            Facts(client, lists, cache, clock),
            clock,
            lanes,
            options,
            timedelta(seconds=whole_number(options, "sage_accounting", "fresh_seconds", 5)),
        )

    @cached_property
    def host(self) -> TokenHost:
        address = token_url(self._options)
        parts = urlsplit(address)
        return TokenHost(self._open(f"{parts.scheme}://{parts.netloc}"), address, self._secret)

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return checks.findings(self.context, specs, self.token.renew, self.keep_alive)

    def businesses(self) -> list[dict[str, Any]]:
        """The businesses to which this sign-in has access: {id, name, active}."""
        return checks.businesses(self.context)

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        """From Sage's published contract, since the API has no metadata call."""
        kind = KINDS.get(object_name)
        if kind is None:
            return None
        return {
            name: FieldInfo(
                name,
                "text",
                kind.writable.get(name),
                name in kind.required,
                name not in kind.writable and name not in kind.virtual,
            )
            for name in sorted(kind.names)
        }

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        resource = self._resource(spec)
        return {one: resource.read(one) for one in dict.fromkeys(ids)}

    def look_over(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Snapshot]:
        """Many quotes come from the list, which is also where a deleted one is missed."""
        resource = self._resource(spec)
        if isinstance(resource, Quotations) and len(set(ids)) > FEW:
            return {one.id: one for one in resource.listed(ids)}
        return super().look_over(spec, ids)

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        resource = self._resource(spec)
        return self._searches.setdefault(spec.object, Search(resource)).find(path, values)

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        return self._resource(spec).create(values, key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        return each_patched(patches, self._resource(spec).update)

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        return changes.pages(self._resource(spec), spec, cursor, min(page_size or spec.page_size, self._size))

    def recent(self, spec: ObjectSpec, cursor: Mapping[str, Any]) -> Iterator[Page]:
        size = min(spec.page_size, self._size)
        return changes.pages(self._resource(spec), spec, cursor, size, own=True)

    def price_book(self, codes: Sequence[str]) -> PriceBook:
        products = self._resources["products"]
        assert isinstance(products, Products)
        return PriceTypes(self.context, products).book(codes)

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        if name == "currencies":
            return reference.currencies(self.context.client, self.context.lists, self._direction)
        return reference.tax_codes(self.context.lists, self._options.get("zero_rate", ""))

    def debtors(self) -> Debtors:
        return self._debtors

    def keep_alive(self) -> list[Finding]:
        return keep_alive(self.token, self._secret.get("refresh_token", ""), self.context.clock.now())

    # inside

    @cached_property
    def _debtors(self) -> SageDebtors:
        return SageDebtors(self.context)

    @cached_property
    def _resources(self) -> dict[str, Resource]:
        context, book = self.context, AddressBook(self.context.facts)
        customers = Contacts(context, book)
        by_reference = CustomerCodes(self._searches.setdefault(customers.kind.object, Search(customers)))
        found: list[Resource] = [
            customers,
            Persons(context, book),
            Products(context),
            Services(context),
            Invoices(context, by_reference),
            Quotations(context, by_reference),
        ]
        return {one.kind.object: one for one in found}

    def _resource(self, spec: ObjectSpec) -> Resource:
        if spec.related:
            raise RuleInvalid(
                "Related records cannot be read from Sage Accounting: remove [related] from the "
                f"{spec.entity} rule file."
            )
        if spec.object not in self._resources:
            raise RuleInvalid(
                f"The {spec.entity} rule file names the object {spec.object!r}; in Sage Accounting Tieout "
                f"knows {', '.join(self._resources)}."
            )
        return self._resources[spec.object]
