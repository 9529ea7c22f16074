"""All kinds of records by the name that a rule file has for them."""

from shared.systems.sage_accounting.contact_fields import CONTACT, PERSON
from shared.systems.sage_accounting.document_fields import INVOICE, QUOTATION
from shared.systems.sage_accounting.item_fields import PRODUCT, SERVICE

KINDS = {kind.object: kind for kind in (CONTACT, PERSON, PRODUCT, SERVICE, INVOICE, QUOTATION)}
"""object of a rule file -> kind. Stock items are read and written as products."""
