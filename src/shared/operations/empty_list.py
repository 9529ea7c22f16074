"""A list that came back empty although records of it are linked: that is a fault at the vendor, a lost right,
or an index being built anew."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.compare import Item, Walk
from shared.operations.poll_tasks import PollTask
from shared.ports import Gone
from shared.sync.bulk import FEW


@dataclass
class Emptiness:
    """No deletion is believed because of the empty list: each record is asked for directly, as ever."""

    linked: int = 0
    there: int = 0

    def watch(self, walk: Walk) -> Iterator[Item]:
        empty = not walk.ids
        for item in walk.missing():
            self.linked += empty
            self.there += empty and not isinstance(item.reading, Gone)
            yield item

    def fault(self, task: PollTask) -> str:
        """A sentence, or "". A list of one or two that were deleted is rightly empty."""
        if not self.there and self.linked < FEW:
            return ""
        records = counted(self.linked, f"{words(task.entity)} record is", f"{words(task.entity)} records are")
        return (
            f"the list of {title(task.system)} came back empty although {records} linked: nothing was taken "
            "for deleted because of that"
        )
