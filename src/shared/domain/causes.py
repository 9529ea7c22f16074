"""Why a record is where it is, or nowhere: each cause by its name, and what is to be done about it.

The table stands on the page docs/why.md. Outcomes are named by their rule; everything else is named here.
"""

from collections.abc import Mapping

from shared.domain.link import Outcome
from shared.domain.record import record
from shared.domain.rules import Rule


@record
class Cause:
    """`says`: the sentence, with this record's own values. `cure`: "" where nothing is to be done."""

    name: str
    says: str
    cure: str


_AGAIN = "It goes with its next change, or at once with Retry in the console."

OF_THE_FLOW = "a rule of the flow"

CURES: Mapping[str, str] = {
    # the integration, and the list
    "previews only": "Look at `tieout preview`, then `tieout sync --go-live`.",
    "switched off": "Give the entity a direction in the settings (`[integration.NAME.directions]`).",
    "not in the flow": "No rule carries it. Another flow may; or enter it in the other system by hand.",
    "not in the mapping": "Name the system's own record: the flow does not read this kind of record there.",
    "wrong way": "Enter or change it in the other system, or set the direction to both in the settings.",
    "only looked up": "Nothing: it is read where other records refer to it, and never written.",
    "paused": "Correct what the connection says, then `tieout connect SYSTEM`.",
    "cooling": "Nothing: it goes on by itself at that time.",
    "braked": "Look at what changed; if it is right, `tieout sync ENTITY --release`.",
    "missing records": "Say whether they are gone: `tieout deletions`.",
    "recovering": "Nothing: wait until the sweep has come round, which ends it.",
    "never polled": "`tieout sync ENTITY` polls at once; if nothing comes of it, `tieout status` says why.",
    "poll stopped": "Do what the run says; the next poll begins where this one stopped.",
    "not polled yet": "Nothing: the next poll finds it. `tieout sync ENTITY` does so at once.",
    "never listed": "Let the sync user see it in lists (team, role, sharing, company), then save it once.",
    "no reader": "Deploy the stack with the entity's switch on.",
    "in the queue": "Nothing: it is its turn once what is before it is done.",
    # the record itself
    "no such record": "Check the id or name, and whether the sync user may see it: hidden looks the same.",
    "no right": "Give the sync user the right to read it.",
    "not readable": "Wait until the system answers, or correct what it says.",
    "merged": "Look at the record that it was merged into.",
    "numbered": "If it has no order yet, clear the number; it is taken up by the next poll.",
    "in hand": "Nothing: a function is at work on it.",
    "unfinished": "Nothing: whoever takes it up next looks first whether it was made.",
    "other link": "Look at the record that it belongs with; separate them there if that is wrong.",
    "half written": "Nothing: what is missing goes with the next try. Retry in the console does so at once.",
    "frozen field": "Settle the field; the others go on meanwhile.",
    "left over letter": "`tieout dead --drop` removes it; nothing depends on it.",
    "dead letter": "Correct the cause, then `tieout dead --replay`.",
    "there": "",
    "next": "Nothing: the next poll does so. `tieout sync ENTITY` does it at once.",
    # outcomes, by their rule
    "parked": "Nothing: it is tried again at that time. Retry in the console tries at once.",
    "waiting: reference": "Bring over, or correct, the record that it refers to; then it goes by itself.",
    "held: reference": "Choose another record in that field.",
    "failed: unexpected": "Correct the cause, then `tieout dead --replay`.",
    Rule.WHERE: "Change the field so that the condition is met, or the condition in `[poll.where]`.",
    Rule.DIRECTION: "Enter or change it in the other system, or change the direction in the settings.",
    Rule.NOT_LIVE: "Look at `tieout preview`, then `tieout sync --go-live`; the next poll finds it.",
    Rule.CREATE_ONCE: "Make the change in the other system by hand: what was made once is never changed.",
    Rule.LOOKUP_ONLY: "Nothing: it is read where other records refer to it, and never written.",
    Rule.LEFT_OUT: "Nothing, if that is meant. `tieout decide RECORD take-up` takes it up again.",
    Rule.PRICING: f"Correct the amount, line or tax that the sentence names. {_AGAIN}",
    Rule.PRICE: f"Give the product a price, or one discount, in the ledger. {_AGAIN}",
    Rule.UNREADABLE: f"Correct the value that the sentence names. {_AGAIN}",
    Rule.MANDATORY: f"Fill in the field that the sentence names. {_AGAIN}",
    Rule.NOT_MADE: "Enter it in the other system by hand; it is linked then.",
    Rule.MASK: "Give it a code by hand, or set a wider mask in the rules.",
    Rule.LINES: f"Correct the line that the sentence names. {_AGAIN}",
    Rule.LINE_IDENTITY: "Make the lines agree in both systems, so that it is clear which is which.",
    Rule.ITEM: f"Create the product in the other system, or choose another in the line. {_AGAIN}",
    Rule.ONE_TAX: f"Give all lines one tax, or tax the document by line. {_AGAIN}",
    Rule.TAX: f"Use a tax that both systems have, or map it in the rules. {_AGAIN}",
    Rule.INCLUDES_VAT: f"Enter the price without VAT. {_AGAIN}",
    Rule.EXCHANGE_RATE: f"Set the exchange rate, or the currency, to what the ledger has. {_AGAIN}",
    Rule.TOTALS: f"Make the totals agree in both systems. {_AGAIN}",
    "credit_note": "Enter it as a credit note in the ledger, or correct the amount.",
    Rule.NEGATIVE_LINE: f"Correct the line below zero, or enter a credit note. {_AGAIN}",
    Rule.RELEASED: "An issued invoice is not changed: correct it in the ledger by a credit note.",
    Rule.EMPTIED: "Clear it on the other side too, or enter it again.",
    Rule.DELETED: "Nothing, if that is meant. If it still exists, the sync user may not see it.",
    Rule.DELETES: "Delete the counterpart as well, or restore the record: the sentence names both.",
    Rule.MISSING: "Say whether it is gone: `tieout deletions`.",
    Rule.MOVED: "Look at the record that it was merged into.",
    Rule.COPIED: "Clear the number in the copy; it is ordered then.",
    Rule.ELSEWHERE: "Nothing: its order is there. Clear the number if it is to be ordered anew.",
    Rule.NO_ORDER: "Clear the number if it is to be ordered.",
    Rule.TURNED: "Nothing: the other system follows the document that it was made of.",
    Rule.VANISHED: "Restore the order in the ledger, or clear the number so that it is ordered anew.",
    Rule.REFERENCE: "Correct or bring over the record that it refers to.",
    Rule.CONFLICT: "Accept one side in the console, or make the field the same in both systems.",
    Rule.MATCH: "Say which it is: `tieout decide RECORD same` or `different`; or make the fields differ.",
    Rule.TAKEN: "Look at both records and keep one, or say that they differ: `tieout decide`.",
    Rule.ORIGIN: "Look whether the record made from it is still wanted; delete it, or restore the origin.",
    Rule.UNKNOWN_OUTCOME: "Look whether the other system has it: enter its number, or Retry in the console.",
    Rule.DOUBLED: "Delete the one too many in the other system.",
    Rule.NOT_ALLOWED: "Give the integration's user that right: the daily sweep tries it again.",
    Rule.REJECTED: f"Correct what the other system refused. {_AGAIN}",
    Rule.NOT_STORED: "Check the field's rights and rules in that system, then save the record once more.",
    Rule.FLAPPING: "Stop what changes the field back (a workflow, another integration), then save it once.",
    Rule.UNDO: "Look at what was edited since the run, and set it by hand.",
    Rule.PARKED: "Nothing: it is tried again at that time. Retry in the console tries at once.",
    Rule.UNEXPECTED: "Correct the cause, then `tieout dead --replay`.",
    OF_THE_FLOW: f"Do what the sentence says. {_AGAIN}",
}


def cause(name: str, says: str) -> Cause:
    """Raises KeyError for a name that is not in the table."""
    return Cause(str(name), says, CURES[name])


def of_outcome(outcome: Outcome) -> Cause:
    """By kind and rule where these have an entry of their own, then by rule; a rule that a flow's file has is
    cured by what its sentence says."""
    says = "; ".join((outcome.reason, *outcome.notes))
    if outcome.kind in ("created", "updated", "unchanged"):
        return cause("there", says)
    names = (f"{outcome.kind}: {outcome.rule}", str(outcome.rule), outcome.kind, OF_THE_FLOW)
    found = next(name for name in names if name in CURES)
    return (
        Cause(str(outcome.rule) or outcome.kind, says, CURES[found])
        if found == OF_THE_FLOW
        else cause(found, says)
    )
