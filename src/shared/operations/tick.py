"""The clock only tells: a tick sends one message for each integration, and asks nobody anything. Whatever
belongs to one integration happens when its message is taken up, so that a vendor that hangs holds up nobody
else."""

from datetime import datetime

from shared.bootstrap_deployment import Deployment
from shared.domain.run_ids import new_run_id
from shared.operations.poll_messages import Tick, send


def tell(deployment: Deployment, now: datetime) -> int:
    """Returns how many integrations were told. Raises Unavailable when some could not be; the clock then
    comes again, and those that were told twice drop the second message."""
    tick = new_run_id(now)
    found = [Tick(tick, name, "poll", now.isoformat()) for name in deployment.integrations.names()]
    send(deployment.polls, found)
    return len(found)
