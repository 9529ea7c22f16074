"""Quotations in Sage 50: records of the order kind with type 9, read back after every write."""

from collections.abc import Sequence
from dataclasses import replace

from shared.errors import OutcomeUnknown, RecordRejected, SyncError
from shared.ports import ObjectSpec, Patch, Snapshot, Values
from shared.systems.sage_50.fields import Table
from shared.systems.sage_50.quote_state import sent, unpriced
from shared.systems.sage_50.reader import Reader
from shared.systems.sage_50.writer import Writer


class Quotations:
    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reader, self._writer = reader, writer

    def create(self, spec: ObjectSpec, table: Table, values: Values, key: str) -> Snapshot:
        """The document as Sage keeps it. Raises OutcomeUnknown where it was made and cannot be read back:
        then it is looked for by its key, and compared all the same."""
        made = self._writer.create(spec, table, unpriced(sent(values)), key)
        try:
            found = self._reader.single(table, made.id)
        except SyncError as fault:
            raise OutcomeUnknown(
                f"quotation {made.id} was made in Sage 50 and cannot be read back: {fault}"
            ) from None
        if not isinstance(found, Snapshot):
            raise OutcomeUnknown(f"quotation {made.id} was made in Sage 50 and is not shown there yet")
        return found

    def update(self, table: Table, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        answers: list[Snapshot | SyncError] = []
        for patch in patches:
            try:
                (answer,) = self._writer.update(table, [replace(patch, values=sent(patch.values))])
            except RecordRejected as fault:
                answer = fault
            answers.append(self._read_back(table, answer) if isinstance(answer, Snapshot) else answer)
        return answers

    def _read_back(self, table: Table, answer: Snapshot) -> Snapshot:
        """What was sent, where the record cannot be read just now."""
        try:
            found = self._reader.single(table, answer.id)
        except SyncError:
            return answer
        return found if isinstance(found, Snapshot) else answer
