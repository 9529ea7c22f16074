"""What the row of a parked event is called, in every store alike."""

from shared.ports import Parked
from shared.stores._keys import joined, stamp


def park_id(parked: Parked) -> str:
    """The wake time first, then whose event it is: (system, entity, record id). What a person says of the
    record is more than a hint to look, and gets a row of its own."""
    said = parked.event.answer
    told = (said.kind, said.field, stamp(said.at)) if said is not None else ()
    return f"{stamp(parked.wake_at)}#{joined(*parked.event.subject, *told)}"
