"""What is said after an action. An address carries a code and at most a number, never our words: a link
cannot make the console say anything."""

import re
from collections.abc import Mapping

from shared.domain.record import record
from shared.domain.wording import counted

_COUNT = re.compile(r"[0-9]{1,6}")


@record
class Sentence:
    """`noun`: what is counted, in place of {n}. `bad`: nothing was done."""

    text: str
    noun: str = ""
    bad: bool = False


CODES: Mapping[str, Sentence] = {
    "queued": Sentence("{n} will be looked at again now.", "record"),
    "no-record": Sentence("There is no such record, so nothing was done.", bad=True),
    "polling": Sentence("{n} will be read now.", "list"),
    "no-list": Sentence("This list is not read, so nothing was done.", bad=True),
    "previewing": Sentence("{n} will be looked through now, and nothing written.", "list"),
    "released": Sentence("It goes on: the list is read again now, without the brake."),
    "not-stopped": Sentence("This list is not stopped any more.", bad=True),
    "settled": Sentence("{n} settled.", "missing record"),
    "nothing-asked": Sentence("Nothing of this list is asked about any more.", bad=True),
    "decided": Sentence("Kept. Both records are looked at again now."),
    "not-decided": Sentence("It cannot be decided so any more: look at both records again.", bad=True),
    "accepted": Sentence("On its way to the other side, unless something has changed there meanwhile."),
    "not-accepted": Sentence("This value cannot be made to stand, so nothing was written.", bad=True),
    "moved": Sentence(
        "It has changed since the page showed it, so nothing was written: look at both sides again.", bad=True
    ),
    "left-out": Sentence("It is left out for good from now on, until somebody takes it up again."),
    "taken-up": Sentence("It is taken up again: it is looked at now, like any other record."),
    "not-said": Sentence("It is so already, or such records are not synchronised: nothing done.", bad=True),
    "decided-many": Sentence("Kept. {n} will be looked at again now.", "record"),
    "not-decided-all": Sentence(
        "Nothing was kept: one of these has a counterpart of its own, or would be the same as two others.",
        bad=True,
    ),
    "decided-already": Sentence("It is decided so already, so nothing was done.", bad=True),
    "none-ticked": Sentence("Nothing was ticked that is still open, so nothing was kept.", bad=True),
    "replayed": Sentence("{n} put back on the queue.", "dead letter"),
    "dropped": Sentence("{n} dropped.", "dead letter"),
    "no-letter": Sentence("This dead letter is not there any more.", bad=True),
    "testing": Sentence("It is being tested; the page shows what comes of it. Nothing is stored that fails."),
    "choosing": Sentence("It is being taken; the page shows what comes of it."),
    "disconnecting": Sentence("It is being disconnected; the page says when it is done."),
    "to-vendor": Sentence("Sent on to the sign-in page."),
    "came-back": Sentence("The access was allowed; the page shows what comes of it."),
    "nothing-entered": Sentence("Something that is needed was left blank, so nothing was done.", bad=True),
    "too-long": Sentence("What was entered is too long to be credentials, so nothing was done.", bad=True),
    "not-sure": Sentence("The box that confirms it was not ticked, so nothing was done.", bad=True),
    "no-choice": Sentence("This cannot be chosen any more, so nothing was done.", bad=True),
    "no-address": Sentence("The console does not know its own address, so nothing was done.", bad=True),
    "reading-fields": Sentence("The fields of both systems will be read now."),
    "settings-saved": Sentence("Stored. The next readings go by these settings."),
    "settings-same": Sentence("Nothing differs from what is stored, so nothing was done.", bad=True),
    "settings-refused": Sentence("These settings have a fault, so nothing was stored.", bad=True),
    "settings-cut": Sentence("The form did not arrive whole, so nothing was stored.", bad=True),
    "settings-overtaken": Sentence(
        "Somebody has changed the settings since you read them, so nothing was stored: look at the versions, "
        "and begin again from what is there now.",
        bad=True,
    ),
    "rolled-back": Sentence("Back to that version, as a new one. The next readings go by it."),
    "no-version": Sentence("There is no such version of these settings, so nothing was done.", bad=True),
    "version-refused": Sentence(
        "That version cannot be taken any more: this release refuses its rules, or it is of another flow.",
        bad=True,
    ),
    "nothing": Sentence("There is no such button, so nothing was done.", bad=True),
}


@record
class Said:
    text: str
    bad: bool


def said(query: Mapping[str, str]) -> Said | None:
    """Of the codes that an action gives; None for anything else."""
    sentence = CODES.get(query.get("done", ""))
    if sentence is None:
        return None
    number = query.get("n", "")
    count = int(number) if _COUNT.fullmatch(number) else 1
    text = sentence.text.replace("{n}", counted(count, sentence.noun)) if sentence.noun else sentence.text
    return Said(text, sentence.bad)
