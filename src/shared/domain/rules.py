"""The rules that decide what becomes of a record, by the names under which they are stored.

A flow's file has rules of its own, named by whoever wrote it: these are `FlowRule`.
"""

from enum import StrEnum
from typing import Literal, NewType


class Rule(StrEnum):
    """Each is explained on the page `docs/skipped-and-why.md`."""

    WHERE = "where"
    DIRECTION = "direction"
    NOT_LIVE = "not live"
    CREATE_ONCE = "create_once"
    LOOKUP_ONLY = "lookup_only"
    LEFT_OUT = "left out"
    """A person said that it is not to be synchronised."""

    PRICING = "pricing"
    PRICE = "price"
    """The ledger has no price for it that is certain."""
    UNREADABLE = "unreadable"
    MANDATORY = "mandatory"
    NOT_MADE = "not made there"
    """Nobody has seen that the system keeps such a record as what it is."""
    MASK = "mask"
    """No code of the flow's mask is left."""
    LINES = "lines"
    LINE_IDENTITY = "line identity"
    """Nobody can tell which line is which, and their coding hangs on it."""
    ITEM = "item"
    ONE_TAX = "one tax"
    TAX = "tax"
    INCLUDES_VAT = "includes_vat"
    EXCHANGE_RATE = "exchange_rate"
    TOTALS = "totals"
    CREDIT_NOTE = "credit_note"
    NEGATIVE_LINE = "negative_line"
    RELEASED = "released"
    EMPTIED = "emptied"
    """A value vanished on one side, and stays on the other."""

    DELETED = "deleted"
    """Nothing is left of the record."""
    DELETES = "deletes"
    """Its counterpart is left, and the flow's setting of this name says what becomes of that."""
    MISSING = "missing"
    """No longer shown, together with too many others: a person says whether they are gone."""
    MOVED = "moved"
    """Merged into another record."""

    COPIED = "copied number"
    """It carries another record's number."""
    ELSEWHERE = "ordered elsewhere"
    """Its number is that of an order that we did not make."""
    NO_ORDER = "no such order"
    TURNED = "turned into"
    """The other side shows it already, as what it was before."""
    VANISHED = "vanished"
    """The order that was made for it no longer exists."""

    REFERENCE = "reference"
    CONFLICT = "conflict"
    MATCH = "match"
    TAKEN = "taken"
    ORIGIN = "origin"
    UNKNOWN_OUTCOME = "unknown outcome"
    """Nobody can tell whether an earlier try made the record."""
    DOUBLED = "doubled"

    REJECTED = "rejected"
    NOT_ALLOWED = "not allowed"
    NOT_STORED = "not stored"
    FLAPPING = "flapping"
    UNDO = "undo"
    PARKED = "parked"
    UNEXPECTED = "unexpected"


FlowRule = NewType("FlowRule", str)
"""The name that a flow's file gives one of its own rules."""

AnyRule = Rule | FlowRule | Literal[""]
"""Empty where no rule decided. A rule that was stored is read as plain text, which equals its member."""
