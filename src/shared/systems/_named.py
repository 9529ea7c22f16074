"""Which of the fields just sent a vendor's refusal names, where it says so in words only."""

import re
from collections.abc import Mapping

from shared.errors import RecordRejected, SyncError


def naming(fault: SyncError, fields: Mapping[str, str], after: str) -> SyncError:
    """The refusal with the native fields that it names; any other fault as it is. `fields`: a vendor's name
    of a field -> its native path. `after`: the vendor's own words come behind this. Only for a refusal before
    which nothing was written."""
    if type(fault) is not RecordRejected or fault.named:
        return fault
    said = after + str(fault).partition(after)[2]
    named = [path for word, path in fields.items() if word and _stands_in(word, said)]
    return RecordRejected(fault.reasons, list(dict.fromkeys(named))) if named else fault


def _stands_in(word: str, text: str) -> bool:
    """As a word of its own. A plain English word (email, fax) only where a sentence begins, or in quotes: it
    may stand for anything elsewhere."""
    before = r"(?:: |[\"'“‘\[(])" if word.isalpha() and word.islower() else r"(?<![\w.])"
    return re.search(rf"{before}{re.escape(word)}(?!\.?\w)", text) is not None
