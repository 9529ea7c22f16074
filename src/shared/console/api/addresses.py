"""The addresses of the API: what each answers, and what may be asked of it."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from shared.console.api import answers, models
from shared.console.api.openapi import document
from shared.console.api.plain import text
from shared.console.reply import Reply
from shared.console.visit import Page, Visit
from shared.domain.link import OutcomeKind
from shared.domain.record import record
from shared.settings import ENTITIES

JSON = "application/json"
PREFIX = "api/"
_ENTITIES = (*ENTITIES, "credit_position")


@record
class Asked:
    """A parameter of the query."""

    name: str
    says: str
    choices: tuple[str, ...] = ()
    day: bool = False
    needed: bool = False


@record
class Address:
    path: str
    says: str
    answer: Callable[[Visit], Any]
    kind: type
    asked: tuple[Asked, ...] = ()

    def reply(self, visit: Visit) -> Reply:
        return Reply(200, text(self.answer(visit)), kind=JSON)


_BEFORE = Asked("before", "The `next` of the page before; blank for the newest.")
_RECORD = (
    Asked("system", "The system that the id is of, as `sugarcrm`.", needed=True),
    Asked("entity", "The kind of record.", _ENTITIES, needed=True),
    Asked("record", "Its id there.", needed=True),
)
_LOG = (
    Asked("q", "Part of a name, a number or an id."),
    Asked("outcome", "Only these.", get_args(OutcomeKind)),
    Asked("entity", "Only this kind of record.", _ENTITIES),
    Asked("rule", "Only what this rule decided."),
    Asked("run", "Only this run."),
    Asked("since", "From this day on (UTC).", day=True),
    Asked("until", "Up to this day (UTC), included.", day=True),
    _BEFORE,
)
ADDRESSES = (
    Address("to-do", "What is open now, by reason", answers.to_do, models.ToDo),
    Address("log", "What was ever logged, newest first, 50 rows a page", answers.log, models.Log, _LOG),
    Address("record", "One record with its story", answers.record, models.Record, _RECORD),
    Address(
        "runs", "Readings of lists, sweeps and what people asked for", answers.runs, models.Runs, (_BEFORE,)
    ),
    Address("connections", "Both systems as last seen", answers.connections, models.Connections),
    Address("health", "The facts that drive the alarms", answers.health, models.Health),
    Address(
        "dead-letters", "Messages that four tries could not finish", answers.dead_letters, models.DeadLetters
    ),
)


def description(visit: Visit) -> Reply:
    """OpenAPI 3.1 of all of them."""
    return Reply(200, text(document(ADDRESSES, f"/{visit.services.integration.name}/api")), kind=JSON)


API: Mapping[str, Page] = {
    **{PREFIX + one.path: Page(one.reply) for one in ADDRESSES},
    PREFIX + "openapi.json": Page(description),
}


def refused(status: int, why: str) -> Reply:
    return Reply(status, text(models.Fault(why)), kind=JSON)
