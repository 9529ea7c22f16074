"""The clock only tells: a tick sends one message for each integration, and asks nobody anything. Whatever
belongs to one integration happens when its message is taken up, so that a vendor that hangs holds up nobody
else."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from shared.bootstrap_deployment import Deployment
from shared.domain.record import record
from shared.domain.run_ids import new_run_id


@record
class Tick:
    """`tick` names the tick of the clock, the same for all integrations."""

    tick: str
    integration: str
    cause: Literal["poll"]
    sent_at: str
    """UTC, ISO 8601."""

    @property
    def sent(self) -> datetime:
        return datetime.fromisoformat(self.sent_at)


def tell(deployment: Deployment, now: datetime) -> int:
    """Returns how many integrations were told. Raises Unavailable when some could not be; the clock then
    comes again, and those that were told twice drop the second message."""
    tick = new_run_id(now)
    found = [Tick(tick, name, "poll", now.isoformat()) for name in deployment.integrations.names()]
    deployment.polls.send([(one.integration, asdict(one)) for one in found])
    return len(found)


def tick_of(message: dict[str, Any]) -> Tick | None:
    """None for a message of another kind."""
    return Tick(**message) if "tick" in message else None
