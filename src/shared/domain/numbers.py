"""Whose number a record carries: what "duplicate" copies with everything else, and what other programs
gave."""

from typing import Literal

from shared.domain.record import record


@record
class Whose:
    """`another`: a link of ours, or the numbered record's own key or customer, names another record.
    `elsewhere`: the numbered record exists, is the same customer's, and we did not make it. `nowhere`: there
    is none of that number. `owner` says in words whose it is, where it is another's."""

    kind: Literal["another", "elsewhere", "nowhere"]
    number: str
    owner: str = ""
