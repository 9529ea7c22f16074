"""Some records that were made once, read on both sides and compared with what was last seen and agreed."""

from dataclasses import dataclass, field

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent, Link
from shared.domain.record import replace
from shared.errors import LinkContended
from shared.operations.differences import batches
from shared.operations.poll_tasks import PollTask
from shared.ports import Commit, Snapshot
from shared.sync.engine.references import learn_native
from shared.sync.engine.watch import (
    coming_back,
    edited,
    is_closed,
    is_watched,
    narrow,
    remembered,
    target_rows,
)
from shared.sync.engine.whose import number_of

SLICE = 100


@dataclass
class Slice:
    """`events`: what is to be told. `missing`: system -> links whose record no list shows."""

    services: Services
    task: PollTask
    links: list[Link]
    events: list[ChangeEvent] = field(default_factory=list)
    missing: dict[str, list[Link]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.flow = self.services.flow.entities[self.task.entity]
        self.source = self.task.system
        self.target = next(system for system in self.flow.maps if system != self.source)
        paths = self.flow.maps[self.target].native_paths
        self.later = {path for name in coming_back(self.flow, self.target) for path in paths.get(name, ())}
        self.ctx = self.services.context()

    def look_at_sources(self) -> None:
        """The engine reads what differs anew, with all that the list leaves out."""
        there = [
            link for link in self.links if self.source in link.sides and not link.sides[self.source].gone
        ]
        listed = self._listed(self.source, there)
        object_map = self.flow.maps[self.source]
        for link in there:
            side, shown = link.sides[self.source], listed.get(link.sides[self.source].id)
            if shown is None:
                self.missing.setdefault(self.source, []).append(link)
            elif number_of(object_map.spec, shown.values) != number_of(object_map.spec, side.seen) or (
                self._told(link) and edited(self.flow, object_map, side, shown.values)
            ):
                self.events.append(self._event(self.source, link, None))

    def look_at_targets(self) -> None:
        for some in batches(iter(self.links), SLICE):
            listed = self._listed(self.target, some)
            for lane in self.services.lanes:
                lane.release()
            self._learn(some, listed)
            for link in some:
                shown = listed.get(link.sides[self.target].id)
                if shown is not None:
                    self._compare(link, shown)
                elif self._told(link):
                    self.missing.setdefault(self.target, []).append(link)

    def _listed(self, system: str, links: list[Link]) -> dict[str, Snapshot]:
        spec, ids = (
            narrow(self.flow, self.flow.maps[system]),
            sorted({link.sides[system].id for link in links}),
        )
        return self.services.systems[system].look_over(spec, ids) if ids else {}

    def _learn(self, links: list[Link], listed: dict[str, Snapshot]) -> None:
        """Whom the records refer to now, and did when they were last seen."""
        values = [one.values for one in listed.values()]
        seen = [link.sides[self.target].seen for link in links]
        learn_native(self.ctx, self.target, self.flow.maps[self.target], [*values, *seen])

    def _told(self, link: Link) -> bool:
        return is_watched(self.flow, link, self.target, self.services.clock.now())

    def _compare(self, link: Link, shown: Snapshot) -> None:
        """What is done with for good is only noted: nothing is told of it any more."""
        spec, side = self.flow.maps[self.target].spec, link.sides[self.target]
        if any(path in shown.values and shown.values[path] != side.seen.get(path) for path in self.later):
            self.events.append(self._event(self.target, link, shown))
        elif is_closed(spec, shown.values) != is_closed(spec, side.seen):
            self._note(link, shown)
        elif self._told(link):
            before = target_rows(self.ctx, self.task.entity, link, self.target, side.seen)
            if target_rows(self.ctx, self.task.entity, link, self.target, shown.values) != before:
                self.events.append(self._event(self.target, link, shown))

    def _note(self, link: Link, shown: Snapshot) -> None:
        side = link.sides[self.target]
        seen = {**side.seen, **remembered(self.flow, self.flow.maps[self.target], shown.values)}
        noted = replace(link, sides={**link.sides, self.target: replace(side, seen=seen)})
        stores, now = self.services.stores, self.services.clock.now()
        try:
            stores.links.commit(Commit(noted, link.version, self.services.owner), now)
        except LinkContended:
            return  # somebody works on it: tomorrow then

    def _event(self, system: str, link: Link, shown: Snapshot | None) -> ChangeEvent:
        now, run = self.services.clock.now(), self.task.run_id
        event = ChangeEvent(
            self.task.integration, system, self.task.entity, link.sides[system].id, "reconcile", run, now
        )
        if shown is None:
            return event
        return replace(
            event, snapshot=shown.values, observed_at=shown.observed_at, snapshot_version=shown.version
        )

    def events_for(self, system: str, links: list[Link]) -> list[ChangeEvent]:
        """For records to be read by themselves."""
        return [self._event(system, link, None) for link in links]
