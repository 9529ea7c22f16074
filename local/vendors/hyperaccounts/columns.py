"""The emulated Sage tables: for each column its raw name, its names in single reads and search rows, and its
type.

Written from the vendor's published shapes, independently of the connector's own tables, so that a wrong name
in one of the two is noticed. Each line is: column, single-read name or -, search-row name or -, type. Types:
s<length> text, i whole number, d double, b flag, t tax code, c currency, D date, T timestamp. `w` after the
type: it may be written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    raw: str
    single: str | None
    row: str | None
    type: str
    length: int | None
    writable: bool


def _numbered(pattern: str, count: int) -> str:
    return "\n".join(pattern.replace("#", str(n)) for n in range(1, count + 1))


def _read(text: str) -> dict[str, Column]:
    columns = {}
    for line in filter(str.strip, text.splitlines()):
        raw, single, row, kind, *rest = line.split()
        length = int(kind[1:]) if kind[0] == "s" and kind[1:] else None
        columns[raw] = Column(
            raw,
            None if single == "-" else single,
            None if row == "-" else row,
            kind[0],
            length,
            rest == ["w"],
        )
    return columns


_STAMPS = """
RECORD_CREATE_DATE - recordCreateDate T
RECORD_MODIFY_DATE - recordModifyDate T
RECORD_DELETED - - i
"""

_DISCOUNT_TABLES = "\n".join(
    _numbered(
        f"DISC_{letter}_LEVEL_#_{part.upper()} - disc{letter}Level#{part} d",
        10,
    )
    for letter in "ABCDE"
    for part in ("Qty", "Rate")
)
"""Quantity and rate of ten levels in five tables, in search rows alone."""

CUSTOMER = _read(f"""
ACCOUNT_REF accountRef accountRef s8 w
NAME name name s60 w
{_numbered("ADDRESS_# address# address# s60 w", 5)}
COUNTRY_CODE countryCode countryCode s2 w
CONTACT_NAME contactName contactName s30 w
TRADE_CONTACT tradeContact tradeContact s30 w
TELEPHONE telephone telephoneNumber s30 w
TELEPHONE_2 telephone2 telephone2 s30
FAX fax fax s30
WEB_ADDRESS www webAddress s255 w
E_MAIL email email s255 w
E_MAIL2 email2 email2 s255 w
E_MAIL3 email3 email3 s255 w
DEL_NAME deliveryName delName s60
{_numbered("DEL_ADDRESS_# deliveryAddress# delAddress# s60 w", 5)}
VAT_REG_NUMBER vatNumber vatRegNumber s20 w
DEF_NOM_CODE defNomCode defNomCode s8 w
DEF_NOM_CODE_USE_DEFAULT defNomCodeUseDefault - b w
DEF_TAX_CODE defTaxCode defTaxCode t w
DEF_TAX_CODE_USE_DEFAULT defTaxCodeUseDefault - b w
TERMS terms terms s30 w
TERMS_AGREED_FLAG termsAgreed - b w
CURRENCY currency currency c w
PAYMENT_METHOD_ID paymentType paymentType i w
PAYMENT_DUE_DAYS paymentDueDays paymentDueDays i w
PAYMENT_DUE_FROM paymentDueFrom paymentDueFrom i w
SEND_INVOICES_ELECTRONICALLY sendInvoicesElectronically - b w
SEND_LETTERS_ELECTRONICALLY sendLettersElectronically - b w
{_numbered("ANALYSIS_# analysis# analysis# s30 w", 3)}
DEPT_NUMBER deptNumber deptNumber i w
STATUS_NUMBER accountStatus - i w
STATUS_TEXT - accountStatusText s60
ACCOUNT_ON_HOLD onHold accountOnHold b w
INACTIVE_FLAG inactiveAccount inactiveAccount b w
CREDIT_LIMIT creditLimit creditLimit d w
BALANCE balance balance d
TURNOVER_YTD turnoverYtd turnoverYtd d
DISCOUNT_RATE discountRate discountRate d w
DISCOUNT_TYPE discountType discountType i w
PRICING_REF priceListRef priceListRef s8
MEMO memo - s
{_STAMPS}""")

ADDRESS = _read(f"""
ACCOUNT_REF accountRef accountRef s8 w
ADDRESS_REF addressNumber addressNumber i w
NAME name name s60 w
DESCRIPTION description description s60 w
CONTACT contact contact s30 w
ROLE role role s30 w
{_numbered("ADDRESS_# addressLine# addressLine# s60 w", 5)}
COUNTRY_CODE countryCode countryCode s2 w
TELEPHONE telephone telephone s30 w
TELEPHONE_2 telephone2 telephone2 s30 w
FAX fax fax s30 w
E_MAIL email email s255 w
NOTES notes notes s60 w
VAT_REG_NUMBER vatNumber vatNumber s20
TAX_CODE taxCode taxCode i w
ADDRESS_TYPE addressType addressType i
ADDRESS_TYPE_NAME - addressTypeName s30
{_STAMPS}""")

PRODUCT = _read(f"""
STOCK_CODE stockCode stockCode s30 w
DESCRIPTION description description s60 w
ITEM_TYPE itemType itemType i w
NOMINAL_CODE nominalCode salesNominalCode s8 w
PURCHASE_NOMINAL_CODE purchaseNominalCode purchaseNominalCode s8 w
UNIT_OF_SALE unitOfSale unitOfSale s8 w
DEPT_NUMBER deptNumber deptNumber i w
{_numbered("CUSTOM_# custom# - s30 w", 3)}
DELETED_FLAG deletedFlag - b w
INACTIVE_FLAG inactiveFlag inactiveFlag b w
SALES_PRICE salesPrice salesPrice d w
UNIT_WEIGHT unitWeight unitWeight d w
TAX_CODE taxCode taxCode t w
QTY_ALLOCATED qtyAllocated qtyAllocated d
QTY_IN_STOCK qtyInStock qtyInStock d w
QTY_ON_ORDER qtyOnOrder qtyOnOrder d
PURCHASE_REF purchaseRef supplierRef s8
SUPPLIER_PART_NUMBER supplierPartNumber supplierPartNumber s16 w
LOCATION location location s16 w
STOCK_CAT stockCat stockCat i w
COMMODITY_CODE commodityCode commodityCode s30 w
INTRASTAT_COMM_CODE intrastatCommodityCode instrastatCommCode s8 w
BARCODE barcode barcode s60 w
WEB_DESCRIPTION webDescription webDescription s255 w
WEB_DETAILS webDetails webDetails s60 w
WEB_PUBLISH webPublish webPublish i w
WEB_IMAGE_FILE - webImage s60
COUNTRY_CODE_OF_ORIGIN countryCodeOfOrigin countryCodeOfOrigin s2 w
{_DISCOUNT_TABLES}
{_STAMPS}""")

ORDER = _read(f"""
ORDER_NUMBER orderNumber orderNumber i
ACCOUNT_REF customerAccountRef accountRef s8 w
NAME customerName name s60
CONTACT_NAME contactName contactName s30 w
CUST_TEL_NUMBER customerTelephoneNumber customerTelephoneNumber s30 w
CUST_ORDER_NUMBER customerOrderNumber customerOrderNumber s60 w
ORDER_DATE orderDate orderDate D w
DESPATCH_DATE orderDueDate orderDueDate D w
ORDER_TYPE_CODE orderType - i w
STATUS status - i
{_numbered("ADDRESS_# address# address# s60 w", 5)}
DEL_NAME delName - s30 w
{_numbered("DEL_ADDRESS_# delAddress# delAddress# s60 w", 5)}
COUNTRY_CODE countryCode - s2 w
CARR_NET carrNet carrNet d w
CARR_TAX carrTax carrTax d w
CARR_NOM_CODE carrNomCode carrNomCode s8 w
CARR_TAX_CODE carrTaxCode carrTaxCode t w
CARR_DEPT_NUMBER carriageDepartmentNumber - i w
COURIER_NUMBER courierNumber courierNumber i w
CONSIGNMENT_REF consignmentRef consignmentRef s30 w
CURRENCY currency currency c w
FOREIGN_RATE foreignRate foreignRate d w
DEPT_NUMBER departmentNumber - i w
GLOBAL_NOM_CODE globalNominal - s8 w
GLOBAL_DETAILS globalDetails - s60 w
GLOBAL_TAX_CODE globalTaxCode - i w
ITEMS_NET itemsNet itemsNet d
ITEMS_TAX itemsTax itemsTax d
ITEMS_GROSS - itemsGross d
FOREIGN_ITEMS_NET foreignItemsNet - d
FOREIGN_ITEMS_TAX foreignItemsTax - d
NETVALUE_DISCOUNT_DESCRIPTION netValueDiscountDescription - s30 w
NETVALUE_DISCOUNT_PERCENTAGE netValueDiscountPercentage netValueDiscountPercentage d w
{_numbered("NOTES_# notes# notes# s60 w", 3)}
{_numbered("ANALYSIS_# analysis# analysis# s30 w", 3)}
QUOTE_EXPIRY_DATE quoteExpiry - D w
QUOTE_STATUS_ID quoteStatus - i w
TAKEN_BY userName - s30 w
DESPATCH_STATUS_CODE - dispatchStatus i
ALLOCATED_STATUS_CODE - allocationStatus i
{_STAMPS}""")

LINE = _read("""
ITEMID itemId itemId i
ITEM_NUMBER id - i w
STOCK_CODE stockCode stockCode s30 w
DESCRIPTION description description s60 w
NOMINAL_CODE nominal nominalCode s8 w
SERVICE_FLAG serviceFlag - i w
TEXT details - s1023 w
TAX_CODE taxCode - i w
TAX_RATE taxRate taxRate d w
QTY_ORDER quantity qtyOrder d w
UNIT_PRICE unitPrice unitPrice d w
UNIT_OF_SALE unitOfSale - s8 w
DISCOUNT_RATE discount - d w
DISCOUNT_AMOUNT discountAmount - d w
DEPT_NUMBER departmentNumber - i w
COMMENT_1 comment1 - s60 w
COMMENT_2 comment2 - s60 w
NET_AMOUNT netAmount netAmount d w
TAX_AMOUNT - taxAmount d
GROSS_AMOUNT - grossAmount d
ORDER_NUMBER - orderNumber i
QTY_ALLOCATED - qtyAllocated d
QTY_DELIVERED - qtyDelivered d
RECORD_DELETED - deleted i
""")

INVOICE = _read(f"""
INVOICE_NUMBER invoiceNumber invoiceNumber i
ACCOUNT_REF customerAccountRef accountRef s8 w
NAME name name s60 w
{_numbered("ADDRESS_# address# address# s60 w", 5)}
INVOICE_DATE invoiceDate invoiceDate D w
PAYMENT_DUE_DATE paymentDueDate - D w
ORDER_NUMBER orderNumber orderNumber i w
CUST_ORDER_NUMBER customerOrderNumber customerOrderNumber s60 w
INVOICE_TYPE_CODE invoiceTypeCode invoiceTypeCode i
POSTED_CODE - postedCode i
CURRENCY currency currency c w
FOREIGN_RATE foreignRate foreignRate d w
INVOICE_NET - invoiceNet d
INVOICE_TAX - invoiceTax d
INVOICE_GROSS - invoiceGross d
AMOUNT_PREPAID - amountPrepaid d
{_numbered("NOTES_# notes# notes# s60 w", 3)}
TAKEN_BY userName - s30 w
RECORD_CREATE_DATE - recordCreateDate T
RECORD_MODIFY_DATE - recordModifyDate T
RECORD_DELETED - recordDeleted i
""")

AUDIT = _read("""
HEADER_NUMBER - headerNumber i
TYPE - type s2
ACCOUNT_REF - accountRef s8
INV_REF - invRef s30
DETAILS - details s60
DATE - date D
GROSS_AMOUNT - grossAmount d
AMOUNT_PAID - amountPaid d
RECORD_CREATE_DATE - recordCreateDate T
RECORD_MODIFY_DATE - recordModifyDate T
RECORD_DELETED - - i
""")

WIDER = {("PRODUCT", "DESCRIPTION"): 120, ("LINE", "DESCRIPTION"): 120, ("ORDER", "DEL_NAME"): 60}
PRICE = _read(f"""
PRICE_ID priceId priceId i
TYPE type type s1
PRICING_REF pricingRef pricingRef s8
STOCK_CODE stockCode stockCode s30
CALC_METHOD calcMethod calcMethod i
CALC_VALUE calcValue calcValue d
STORED_PRICE storedPrice storedPrice d
{_STAMPS}""")

TABLES = {
    "PRICE": PRICE,
    "CUSTOMER": CUSTOMER,
    "ADDRESS": ADDRESS,
    "PRODUCT": PRODUCT,
    "ORDER": ORDER,
    "INVOICE": INVOICE,
    "AUDIT": AUDIT,
    "LINE": LINE,
}
