"""Creates in bulk calls.

Whether one refused item refuses the whole call is not documented, and neither is what becomes of the items
before it. So a refused call proves nothing of any of its records: each may have been made. An answer that
names an item is believed for that item.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Halt, OutcomeUnknown, RateLimited, RecordRejected, SyncError, Unavailable
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.batches import acknowledged, largest, results

_DEAD = (Halt, RateLimited, Unavailable)


def created(api: Api, resource: str, elements: Sequence[Mapping[str, Any]]) -> list[str | SyncError]:
    """The id of each, or why it has none. A fault of the connection is the answer of all that follow."""
    answers: list[str | SyncError] = []
    dead: SyncError | None = None
    size = largest(resource)
    for start in range(0, len(elements), size):
        part = elements[start : start + size]
        made: Sequence[str | SyncError] = [dead] * len(part) if dead else _portion(api, resource, part)
        dead = dead or next((one for one in made if isinstance(one, _DEAD)), None)
        answers += made
    return answers


def _portion(api: Api, resource: str, part: Sequence[Mapping[str, Any]]) -> Sequence[str | SyncError]:
    try:
        return [_alone(api, resource, part[0])] if len(part) == 1 else _together(api, resource, part)
    except RecordRejected as refused:
        if len(part) == 1:
            return [refused]
        told = OutcomeUnknown(
            f"Sage Sales Management refused a call with {len(part)} new records, and does not say which of "
            f"them it made ({refused})"
        )
        return [told] * len(part)
    except SyncError as fault:
        return [fault] * len(part)


def _alone(api: Api, resource: str, element: Mapping[str, Any]) -> str | SyncError:
    doing = f"create a record of {resource}"
    return _id(acknowledged(api.write("POST", resource, dict(element), doing), doing), doing)


def _together(api: Api, resource: str, part: Sequence[Mapping[str, Any]]) -> list[str | SyncError]:
    body = [{"guid": f"t{place}", "data": dict(one)} for place, one in enumerate(part)]
    doing = f"create {len(part)} records of {resource}"
    answer = api.write("POST", f"{resource}/bulk", body, doing)
    faults = results(answer, len(part), doing)
    named = {str(item.get("guid")): item for item in answer if isinstance(item, Mapping)}
    return [fault or _id(named[f"t{place}"], doing) for place, fault in enumerate(faults)]


def _id(answer: Mapping[str, Any], doing: str) -> str | SyncError:
    found = str(answer.get("id") or "")
    if found.isascii() and found.isdigit():
        return found
    return OutcomeUnknown(f"Sage Sales Management was asked to {doing} and answered without its id")
