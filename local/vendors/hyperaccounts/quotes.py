"""What becomes of a quotation: its status, its expiry, and the order that a won one turns into."""

from datetime import datetime

from local.vendors.hyperaccounts.ledger import Ledger, Record
from local.vendors.hyperaccounts.values import Refused

ORDER, QUOTE = 0, 9
NONE, OPEN, WON, LOST = 0, 1, 2, 3


def begin(ledger: Ledger, columns: Record) -> None:
    """What a new record of the order kind must say of itself. Changes `columns`."""
    if columns.get("ORDER_TYPE_CODE", ORDER) != QUOTE:
        return
    # known: guessed - the installation may refuse quotations altogether
    if ledger.options.refuses_quotes:
        raise Refused("Order type 9 is not supported")
    # known: document - a quote is order type 9; its status is 0 unless it is sent
    status = columns.get("QUOTE_STATUS_ID", NONE)
    if status not in range(5):
        raise Refused(f"Quote status {status} does not exist")


def step(ledger: Ledger, record: Record, columns: Record) -> None:
    """Checks a change of status. Changes `columns`."""
    before = record["QUOTE_STATUS_ID"]
    wanted = columns.get("QUOTE_STATUS_ID", before)
    # known: document - won is final
    if before == WON and wanted != WON:
        raise Refused(f"Quote {record['ORDER_NUMBER']} is won and cannot be opened again")
    if wanted not in range(5):
        raise Refused(f"Quote status {wanted} does not exist")
    if wanted == before or record["ORDER_TYPE_CODE"] != QUOTE:
        return
    # known: document - open becomes won or lost, lost becomes open; an expired one needs another date first
    if before == LOST and wanted == WON:
        raise Refused(f"Quote {record['ORDER_NUMBER']} is lost: open it first")
    if _expired(columns.get("QUOTE_EXPIRY_DATE", record["QUOTE_EXPIRY_DATE"]), ledger.clock.now()):
        raise Refused(f"Quote {record['ORDER_NUMBER']} has expired: change its expiry date first")
    if wanted == WON:
        # known: document - a won quote turns into an order in place, under its number
        columns["ORDER_TYPE_CODE"] = ORDER
        # known: guessed - the order that it turned into does not say any more that it was a quote
        if ledger.options.won_forgets_quote:
            columns["QUOTE_STATUS_ID"] = NONE


def _expired(expiry: datetime | None, now: datetime) -> bool:
    return expiry is not None and expiry.date() < now.date()
