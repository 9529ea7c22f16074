"""What a rule file's `object` is at the vendor. `quotations` and `salesorders` are one resource, which the
two
entities tell apart by their filters."""

from shared.domain.record import record

LINES = "lines"
"""The virtual path of a document's lines."""
PICTURE = "picture"
"""The virtual path of a product's picture, which is sent apart from the record."""
LINE_RESOURCE = "salesordersLines"


@record
class Resource:
    """`owner`: the field of the responsible user. `hook`: what a webhook calls it, "" where there is none.
    `blanks`: texts that a create must name, if only as blank."""

    path: str
    owner: str = ""
    branch: bool = False
    hook: str = ""
    lines: bool = False
    blanks: tuple[str, ...] = ()


_KNOWN = {
    "accounts": Resource("accounts", "salesRepId1", branch=True, hook="account"),
    "contacts": Resource("contacts", "salesRepId", hook="contact", blanks=("firstName", "lastName")),
    "opportunities": Resource("opportunities", "salesRepId", branch=True, hook="opportunity"),
    "quotations": Resource("salesorders", "salesRepId", branch=True, hook="salesorder", lines=True),
    "salesorders": Resource("salesorders", "salesRepId", branch=True, hook="salesorder", lines=True),
    "sales": Resource("sales", blanks=("accountExtId", "salesRepExtId")),
}


def resource_of(object_name: str) -> Resource:
    return _KNOWN.get(object_name) or Resource(object_name)


TABLES = {
    "accountId": "accounts",
    "branchId": "branches",
    "categoryId": "productCategories",
    "contactId": "contacts",
    "countryId": "countries",
    "currencyId": "currencies",
    "familyId": "productFamilies",
    "opportunityId": "opportunities",
    "productId": "products",
    "rateId": "rates",
    "salesOrderId": "salesorders",
    "segmentId": "accountSegments",
}
"""Which resource gives the values of a reference, where the schema does not say."""
