"""What could not be finished now."""

from datetime import datetime

from shared.domain.link import Outcome
from shared.domain.rules import Rule
from shared.domain.titles import title


def parked(why: str, until: datetime) -> Outcome:
    return Outcome(
        "parked",
        f"{why}; tried again automatically at {until:%Y-%m-%d %H:%M} UTC",
        Rule.PARKED,
        until=until,
    )


LIMITED = "that the settings allow"
"""In every reason that is a limit from the settings, and in no other."""


def calls_of_day_spent(system: str, allowed: int, until: datetime) -> str:
    return (
        f"the {allowed} calls in 24 hours {LIMITED} to {title(system)} (daily_calls) are used up "
        f"until {until:%Y-%m-%d %H:%M} UTC; nothing is lost, and it goes on by itself"
    )


def calls_of_minute_spent(system: str, allowed: int) -> str:
    return (
        f"more calls to {title(system)} are waiting than the {allowed} a minute {LIMITED} "
        "(per_minute); nothing is lost, and it goes on by itself"
    )


def list_put_off(why: str) -> str:
    return f"not read this time, the next poll reads it: {why}"


def awaited_put_off(why: str) -> str:
    return f"what is waited for is looked up by the next poll: {why}"


def sweep_put_off(what: str, why: str) -> str:
    return f"{what} not looked through this time, the next sweep does it: {why}"


def last_round(ended_at: str) -> str:
    """Of a list that is still being read; `ended_at` is ISO 8601, "" where it was never read to its end."""
    return f"last read to its end on {ended_at[:16].replace('T', ' ')} UTC" if ended_at else ""


def unexpected(error: Exception) -> Outcome:
    why = (
        f"an unexpected fault ({type(error).__name__}: {error}); the message is in the dead-letter queue. "
        "Replay it once the cause is fixed"
    )
    return Outcome("failed", why[:1000], Rule.UNEXPECTED)
