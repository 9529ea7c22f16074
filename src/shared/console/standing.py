"""When this release refuses the stored rules: what the console still does, and what it says instead.

Nothing is synchronised then. What is known without the rules is shown as ever: the log, the to-do list,
records, versions, settings. What would need them says so, in the same sentence everywhere.
"""

from shared.bootstrap import Services
from shared.bootstrap_deployment import Deployment
from shared.console.reply import Reply
from shared.console.visit import MENDING, Visit
from shared.errors import RuleInvalid

_WORKS = frozenset(
    (
        "",
        "open",
        "log",
        "log.csv",
        "log.json",
        "runs",
        "record",
        "dead-letters",
        "connections",
        "health",
        "days",
        "trail",
        "settings.toml",
        "rules",
        "versions",
        "version",
        *(
            f"api/{one}"
            for one in ("to-do", "log", "record", "runs", "connections", "health", "dead-letters")
        ),
        "api/session",
        "api/openapi.json",
    )
)


def opened(deployment: Deployment, name: str) -> Services:
    """By the shipped rules, and with `refused`, where the stored ones cannot be read. Raises RuleInvalid
    where neither can: the flow itself is no longer there."""
    try:
        return deployment.services(name)
    except RuleInvalid as fault:
        try:
            return deployment.services(name, refused=str(fault))
        except RuleInvalid:
            raise fault from None


def works(visit: Visit) -> bool:
    """Whether what was asked for needs no rules."""
    return visit.page in (_WORKS if visit.request.method == "GET" else MENDING)


def stands_still(visit: Visit) -> Reply:
    """In place of a page, or of what a button would do."""
    reply = visit.show("standing.html", "Not now")
    return Reply(503, reply.body)
