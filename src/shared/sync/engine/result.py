"""How the work on one record came out."""

from shared.domain.link import Outcome
from shared.domain.record import record


@record
class Ended:
    """Done with for now: the outcome goes into the log and onto the link."""

    outcome: Outcome


@record
class Deferred:
    """Come back after `seconds`. `started` False: nothing was tried, so it does not count as an attempt."""

    seconds: float
    reason: str
    started: bool = True


@record
class Failed:
    """An unexpected fault: the message goes back to SQS, and in the end to the dead-letter queue."""

    error: Exception


Result = Ended | Deferred | Failed
