"""Bulk calls: many writes in one, and an answer for each.

How one refused item shows is not documented. Where the whole call is refused, it is made again in halves,
until the
item stands alone: a change made twice is the same change.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.domain.record import record
from shared.errors import Halt, OutcomeUnknown, RateLimited, RecordRejected, SyncError, Unavailable
from shared.systems._brief import brief
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.faults import SUCCESS, UNREACHABLE, NotThere, Refusal

_LARGEST = {"products": 100}
LARGEST = 200
"""What a bulk call may carry: the vendor's page of products says 100, that of all other resources 200."""


def largest(resource: str) -> int:
    return _LARGEST.get(resource, LARGEST)


@record
class Change:
    id: str
    body: Mapping[str, Any]


def portions(resource: str, changes: Sequence[Change]) -> Iterator[list[Change]]:
    """As large as a call may be, in order, and no record twice in one: its second change comes after its
    first."""
    part: list[Change] = []
    for change in changes:
        if len(part) == largest(resource) or any(one.id == change.id for one in part):
            yield part
            part = []
        part.append(change)
    if part:
        yield part


def changed(api: Api, resource: str, changes: Sequence[Change]) -> list[SyncError | None]:
    """None for each that was written. A fault of the connection is the answer of all that follow."""
    answers: list[SyncError | None] = []
    dead: SyncError | None = None
    for part in portions(resource, changes):
        made: Sequence[SyncError | None] = [dead] * len(part) if dead else _portion(api, resource, part)
        dead = dead or next((one for one in made if isinstance(one, (Halt, RateLimited, Unavailable))), None)
        answers += made
    return answers


def attempted(api: Api, resource: str, part: Sequence[Change]) -> list[SyncError | None]:
    """One call; none for nothing. Raises RecordRejected where it is refused as a whole."""
    if not part:
        return []
    if len(part) == 1:
        _alone(api, resource, part[0])
        return [None]
    return _together(api, resource, part)


def _portion(api: Api, resource: str, part: Sequence[Change]) -> list[SyncError | None]:
    try:
        return attempted(api, resource, part)
    except RecordRejected as refused:
        if len(part) == 1:
            return [refused]
        middle = len(part) // 2
        first = _portion(api, resource, part[:middle])
        dead = next((one for one in first if isinstance(one, (Halt, RateLimited, Unavailable))), None)
        rest = [dead] * (len(part) - middle) if dead else _portion(api, resource, part[middle:])
        return [*first, *rest]
    except SyncError as fault:
        return [fault] * len(part)


def _alone(api: Api, resource: str, change: Change) -> None:
    doing = f"change {resource} {change.id}"
    acknowledged(api.write("PUT", f"{resource}/{change.id}", dict(change.body), doing), doing)


def _together(api: Api, resource: str, part: Sequence[Change]) -> list[SyncError | None]:
    body = [
        {"guid": f"t{place}", "id": int(change.id), "data": dict(change.body)}
        for place, change in enumerate(part)
    ]
    doing = f"change {len(part)} records of {resource}"
    return results(api.write("PUT", f"{resource}/bulk", body, doing), len(part), doing)


def results(answer: Any, count: int, doing: str) -> list[SyncError | None]:
    """By `guid`. An item without an answer is unknown."""
    if not isinstance(answer, list):
        raise OutcomeUnknown(f"Sage Sales Management was asked to {doing} and did not say what became of it")
    named = {str(item.get("guid")): item for item in answer if isinstance(item, Mapping)}
    return [_result(named.get(f"t{place}"), doing) for place in range(count)]


def _result(item: Mapping[str, Any] | None, doing: str) -> SyncError | None:
    if item is None or "code" not in item:
        return OutcomeUnknown(
            f"Sage Sales Management was asked to {doing} and left one of them out of its answer"
        )
    code, message = brief(item["code"], 40), brief(item.get("message") or "no explanation")
    if code == SUCCESS:
        return None
    if code == UNREACHABLE:
        return OutcomeUnknown(f"Sage Sales Management could not reach its own database ({message})")
    kind = NotThere if code == "910" else Refusal
    return kind(f"Sage Sales Management refused the record ({code}: {message}). Check its values")


def acknowledged(answer: Any, doing: str) -> Mapping[str, Any]:
    """The vendor's `{"Message": …}`. Raises OutcomeUnknown for an answer that is not its own."""
    if not isinstance(answer, Mapping) or not any(name.lower() == "message" for name in answer):
        raise OutcomeUnknown(
            f"Sage Sales Management was asked to {doing} and gave an answer that is not its own"
        )
    return answer
