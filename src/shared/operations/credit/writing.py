"""Credit positions on their way to the CRM: composed, compared with what its accounts show, and written in
batches."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.bootstrap import Services
from shared.domain.record import record
from shared.errors import Halt, RateLimited, RecordRejected, SyncError, Unavailable
from shared.operations.credit.accounts import Accounts, Values
from shared.ports import Patch, Snapshot
from shared.sync.credit import differing
from shared.sync.seen import read_seen

_AT_ONCE = 100
"""Where the CRM's bulk calls are no larger."""
_STOPS = (Halt, RateLimited, Unavailable)
"""Faults of the connection, which the next record would meet too."""


@record
class Due:
    """What one account of a customer is to show. `there`: its native values where they were read."""

    customer: str
    account: str
    wanted: Mapping[str, Any]
    there: Values | None


def at_once(services: Services, crm: str) -> int:
    """How many customers are settled together: what a bulk call of the CRM carries, at least a hundred."""
    return max(_AT_ONCE, services.systems[crm].capabilities.batch_update)


class Writing:
    """`refused`: customer -> why the CRM does not take it; `open`: customers whose write has no answer yet;
    `stop`: the fault of the connection that ended it."""

    def __init__(self, services: Services, accounts: Accounts, crm: str) -> None:
        self._services, self._accounts, self._crm = services, accounts, crm
        self.refused: dict[str, str] = {}
        self.open: set[str] = set()
        self.stop: SyncError | None = None
        self.written = 0

    def write(self, dues: Iterable[Due]) -> None:
        patches = [(due, patch) for due in dues if (patch := self._patch(due)) is not None]
        size = at_once(self._services, self._crm)
        for start in range(0, len(patches), size):
            part = patches[start : start + size]
            if self.stop is not None:
                self.open |= {due.customer for due, _ in part}
                continue
            self._send(part)

    def _send(self, part: list[tuple[Due, Patch]]) -> None:
        system, spec = self._services.systems[self._crm], self._accounts.map.spec
        try:
            answers = system.update(spec, [patch for _, patch in part])
        except SyncError as fault:
            answers = [fault] * len(part)
        for (due, patch), first in zip(part, answers, strict=True):
            answer = self._without_named(patch, first)
            if isinstance(answer, RecordRejected):
                self.refused.setdefault(due.customer, str(answer))
            elif isinstance(answer, SyncError):
                self.open.add(due.customer)
                self.stop = self.stop or (answer if isinstance(answer, _STOPS) else None)
            else:
                self.written += 1
                self._keep(due, patch)

    def _without_named(self, patch: Patch, answer: Snapshot | SyncError) -> Snapshot | SyncError:
        """Once more without the fields that the CRM refuses by name: the others are as true without them."""
        if not isinstance(answer, RecordRejected) or not answer.named:
            return answer
        left = {path: value for path, value in patch.values.items() if path not in answer.named}
        if not left or len(left) == len(patch.values):
            return answer
        try:
            again = self._services.systems[self._crm].update(
                self._accounts.map.spec, [Patch(patch.id, left, key=f"{patch.key}-")]
            )[0]
        except SyncError as fault:
            return fault
        return answer if isinstance(again, Snapshot) else again

    def _patch(self, due: Due) -> Patch | None:
        """None where the account shows it already."""
        fields, object_map = self._accounts.fields, self._accounts.map
        wanted = {name: object_map.norm(name, due.wanted[name], {}) for name in fields}
        there = None if due.there is None else read_seen(object_map, due.there, {})
        lacking = differing(wanted, there, fields)
        if not lacking:
            return None
        values = object_map.write({name: due.wanted[name] for name in lacking}, {}, [])
        return Patch(due.account, values, key=f"credit-{due.account}")

    def _keep(self, due: Due, patch: Patch) -> None:
        """For the archive of the run: what stood there, where it was read, and what stands there now."""
        line: dict[str, Any] = {
            "at": self._services.clock.now().isoformat(),
            "credit": due.customer,
            "system": self._crm,
        }
        before = None if due.there is None else {path: due.there.get(path) for path in patch.values}
        line |= {"record": due.account, "before": before, "after": dict(patch.values)}
        self._services.exchanges.exchange(line)
