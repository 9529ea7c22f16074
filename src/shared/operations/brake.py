"""Stops a run that would change more than anybody expects within a quarter of an hour, and asks a person.

A mass edit, or a mapping gone wrong at a vendor, looks like any other change. New records are not counted:
they overwrite nothing. Nor are deletions: the engine counts these, see `sync.engine.believe`."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.domain.wording import words
from shared.ports import LinkStore

RECORDS, PERCENT = 1000, 50
"""How many records a run may change unless the integration says otherwise."""
UNCOUNTED = 50
"""This many changes, or fewer, never stop a run because of their share alone."""


@dataclass
class Brake:
    """Counts what one run over a list is about to change. `key` is "entity.system"."""

    entity: str
    system: str
    limits: Mapping[str, int]
    released: bool
    changed: int = 0

    @property
    def key(self) -> str:
        return f"{self.entity}.{self.system}"

    def why(self, links: LinkStore) -> str:
        """Why the run needs a person's confirmation, or "" when it may continue. Counts the links only when
        it matters."""
        if self.released:
            return ""
        records, percent = self.limits.get("records", RECORDS), self.limits.get("percent", PERCENT)
        what = f"{words(self.entity)} records in {title(self.system)}"
        if self.changed > records:
            return f"more than {records} {what} changed: {_ASK}"
        if self.changed <= UNCOUNTED:
            return ""
        known = links.count(self.entity)
        if self.changed * 100 > percent * known:
            return f"{self.changed} of {known} {what} changed, more than {percent} %: {_ASK}"
        return ""


_ASK = "none of it was carried over. If this is right, continue with `tieout sync --release`"


def brake_for(services: Services, entity: str, system: str) -> Brake:
    released = f"{entity}.{system}" in services.state.released
    return Brake(entity, system, services.integration.brake, released)


def note(services: Services, brake: Brake, why: str, whole: bool = True) -> None:
    """Keeps the question for the console and `tieout status`, or withdraws it. The answer to it holds until
    the `whole` list has gone through."""
    state = services.state
    braked = {key: text for key, text in state.braked.items() if key != brake.key} | (
        {brake.key: why} if why else {}
    )
    waits = why or not whole
    released = state.released if waits else tuple(key for key in state.released if key != brake.key)
    services.change_state(braked=braked, released=released)
