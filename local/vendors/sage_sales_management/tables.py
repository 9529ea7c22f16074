"""The resources, and the fields of each: `name:kind`, with `!` where a create must give it.

Kinds: text (with a longest length), number, whole, bool, moment, and ref=RESOURCE.
"""

import re
from dataclasses import dataclass

_FIELD = re.compile(r"(\w+):(text|number|whole|bool|moment|ref)(?:=(\w+)|\((\d+)\))?(!?)")
_TOWN = "city:text(200) postcode:text(20) region:text(100) countryId:ref=countries"
_ADDRESS = f"address1:text(180) address2:text(180) {_TOWN}"
_PHONES = "email:text(150) fax:text(50) phone:text(50) phone2:text(50) phone3:text(50)"
_LABELS = " ".join(
    f"description{code}:text(150)" for code in ("EN", "ES", "BR", "DE", "DK", "FR", "IT", "PT", "RU", "US")
)
_DISCOUNTS = "discount1:number discount2:number discount3:number discount4:number"

# known: document - the resources, their fields and what a create must give
# known: guessed - how long a name, a region, a postcode, a number or an address of the web may be
_RESOURCES = {
    "accounts": f"""name:text(200)! branchId:ref=branches! salesRepId1:ref=users! salesRepId2:ref=users
        salesRepId3:ref=users salesRepId4:ref=users salesRepId5:ref=users extId:text(30)
        typeId:ref=accountTypes statusId:ref=accountStatuses segmentId:ref=accountSegments
        vatNumber:text(50) website:text(150) comment:text(6000) rateId:ref=rates readOnly:bool public:bool
        marketingCommunications:bool permissionLevel:whole latitude:number longitude:number geocoded:bool
        geocodingAccuracy:number dateGeocoded:moment {_PHONES} {_ADDRESS}""",
    "contacts": f"""accountId:ref=accounts! firstName:text! lastName:text! salesRepId:ref=users! email:text
        email2:text email3:text phone1:text(50) phone2:text(50) fax:text(50) comment:text(6000)
        typeId:ref=contactTypes extId:text(30) gender:whole birthday:moment linkedin:text
        permissionLevel:whole readOnly:bool UseCompanyAddress:bool {_ADDRESS}""",
    "products": """model:text(200)! description:text(6000) extId:text(30) price:number cost:number stock:whole
        maxDiscount:number categoryId:ref=productCategories familyId:ref=productFamilies notAvailable:bool
        readOnly:bool permissionLevel:whole""",
    "salesorders": f"""branchId:ref=branches! reference:text(200)! salesRepId:ref=users!
        accountId:ref=accounts accountAddressId:ref=accountAddresses contactId:ref=contacts
        opportunityId:ref=opportunities statusId:ref=salesorderStatuses rateId:ref=rates
        currencyId:ref=currencies comment:text(6000) internalComment:text(6000) extId:text(30)
        number:whole archived:bool blocked:bool closedDate:moment mainSalesorder:bool readOnly:bool
        salesForcecastDate:moment {_DISCOUNTS}""",
    "salesordersLines": f"""salesOrderId:ref=salesorders! productId:ref=products! quantity:number!
        price:number! description:text(2000) total:number order:whole {_DISCOUNTS}""",
    "sales": """extId:text(30)! accountExtId:text! accountId:ref=accounts! salesRepExtId:text!
        salesRepId:ref=users date:moment! total:number!""",
    "users": """name:text! lastName:text! email:text! branches:ref=branches extId:text(30) isActive:bool
        level:whole managerId:ref=users nic:text rateId:ref=rates userTypeId:ref=userTypes""",
    "opportunities": """reference:text! salesRepId:ref=users! branchId:ref=branches!
        statusId:ref=opportunityStatuses accountId1:ref=accounts total:number currencyId:ref=currencies
        comments:text extId:text(30) readOnly:bool""",
    "accountAddresses": f"accountId:ref=accounts! description:text {_ADDRESS}",
    "rates": f"""comments:text startDate:text endDate:text extID:text(30) currencyId:ref=currencies
        branchId:ref=branches {_LABELS}""",
    "productRates": f"""productId:ref=products! rateId:ref=rates! salePrice:number costPrice:number
        tempBuyingPrice:number tempListedPrice:number {_DISCOUNTS}""",
}  # fmt: skip
# known: document - the built-in value lists
LISTS = (
    *("accountTypes", "accountStatuses", "accountSegments", "contactTypes", "opportunityTypes"),
    *("opportunityStatuses", "salesorderStatuses", "orderTypes", "productCategories", "productFamilies"),
    *("currencies", "countries", "branches", "userTypes"),
)
COMMON = (
    *("id", "deleted", "dateCreated", "dateUpdated", "dateDeleted"),
    *("salesRepIdCreated", "salesRepIdUpdated", "salesRepIdDeleted"),
)
# known: document - the order of a line is written and read under two spellings
READ_NAMES = {"salesordersLines": {"salesOrderId": "salesorderId"}}
DOCUMENT_OWNERS = ("products", "accounts", "opportunities", "salesorders")
# known: document - webhooks exist for these entities and no others
HOOKED = {
    "accounts": "account",
    "contacts": "contact",
    "opportunities": "opportunity",
    "salesorders": "salesorder",
}


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    table: str = ""
    length: int | None = None
    required: bool = False


@dataclass(frozen=True)
class Resource:
    name: str
    fields: dict[str, Field]

    @property
    def is_list(self) -> bool:
        return self.name in LISTS

    def shown_name(self, name: str) -> str:
        """How a field is spelt when it is read."""
        return READ_NAMES.get(self.name, {}).get(name, name)

    def stored_name(self, shown: str) -> str | None:
        """The field that a filter means; None for one that does not exist. Capitals are told apart."""
        if shown in self.fields or shown in COMMON:
            return shown
        return next((own for own, read in READ_NAMES.get(self.name, {}).items() if read == shown), None)


def _parsed(name: str, text: str) -> Resource:
    found = [
        Field(one, kind, table, int(length) if length else None, bool(needed))
        for one, kind, table, length, needed in _FIELD.findall(text)
    ]
    return Resource(name, {one.name: one for one in found})


def resources(custom: dict[str, list[list[str]]]) -> dict[str, Resource]:
    """All resources of a tenant with these additional fields."""
    made = {name: _parsed(name, text) for name, text in _RESOURCES.items()}
    made |= {name: _parsed(name, f"{_LABELS} extId:text(30) order:whole") for name in LISTS}
    for name, rows in custom.items():
        for field_name, kind, *table in rows:
            made[name].fields[field_name] = Field(field_name, kind, table[0] if table else "")
    return made
