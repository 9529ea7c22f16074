"""What `tieout status` tells of the calls to each vendor: how many there were, and how many are left."""

from collections.abc import Mapping
from typing import Any

from shared.domain.titles import title
from shared.domain.wording import counted


def lines(calls: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One for all systems, and one for each that what is parked waits for."""
    if not calls:
        return []
    told = [_told(system, said) for system, said in calls.items()]
    return [
        f"Calls today: {', '.join(told)}",
        *(said["takes"] for said in calls.values() if said.get("takes")),
    ]


def _told(system: str, said: Mapping[str, Any]) -> str:
    text = f"{title(system)} {said['today']}"
    if "allowed" in said:
        text += f" ({said['allowed']} allowed"
        text += f"; {counted(max(0, said['left']), 'call')} left)" if said["left"] is not None else ")"
    return text
