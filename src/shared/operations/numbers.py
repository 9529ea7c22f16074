"""Records on a poll's list that carry a number which Tieout did not give.

A list that shows what was changed shows these too, by the thousand where another program gave numbers before.
Only what carries another record's number goes on to be handled; the rest is counted in the run's line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.bootstrap import Services
from shared.domain.link import Link
from shared.errors import LaneTaken
from shared.operations.poll_tasks import PollTask
from shared.ports import Hint, Reading, Snapshot
from shared.sync.engine.whose import but_for_number, number_of, whose


@dataclass
class SetAside:
    """`ids` are of this page; the counts of the whole poll."""

    ids: set[str] = field(default_factory=set)
    elsewhere: int = 0
    nowhere: int = 0
    unknown: int = 0
    """Not looked up, because others had the ledger's lane: the next poll does."""

    def look(
        self,
        services: Services,
        task: PollTask,
        links: Mapping[str, Link | None],
        records: Sequence[Reading | Hint],
    ) -> None:
        """Fills `ids`. Calls the other side only for numbers that no link knows. Raises its SyncErrors."""
        self.ids = set()
        ctx, flow = services.context(), services.flow.entities[task.entity]
        spec = flow.maps[task.system].spec
        if not flow.create_once or spec.numbered is None:
            return
        strangers = [
            one
            for one in records
            if isinstance(one, Snapshot) and links[one.id] is None and number_of(spec, one.values)
        ]
        won = [one for one in strangers if but_for_number(spec, one.values)]
        self.ids = {one.id for one in strangers}
        if not won:
            return
        try:
            found = whose(ctx, task.entity, task.system, won)
        except LaneTaken:
            self.unknown += len(won)
            return
        self.ids -= {one for one, number in found.items() if number.kind == "another"}
        self.elsewhere += sum(number.kind == "elsewhere" for number in found.values())
        self.nowhere += sum(number.kind == "nowhere" for number in found.values())
