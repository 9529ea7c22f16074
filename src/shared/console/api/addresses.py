"""The addresses of the API: what each answers, what may be asked of it, and what is done there."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from shared.console.api import answers, deed_answers, deed_models, models
from shared.console.api.asked import KNOWN, RECORD, Asked
from shared.console.api.deeds import DEEDS, Deed
from shared.console.api.openapi import document
from shared.console.api.plain import text
from shared.console.pages.preview import ORDER
from shared.console.reply import Reply
from shared.console.visit import Done, Page, Visit
from shared.domain.link import OutcomeKind
from shared.domain.record import record

JSON = "application/json"
PREFIX = "api/"


@record
class Address:
    path: str
    says: str
    answer: Callable[[Visit], Any]
    kind: type
    asked: tuple[Asked, ...] = ()
    method: str = "get"

    def reply(self, visit: Visit) -> Reply:
        return Reply(200, text(self.answer(visit)), kind=JSON)


_BEFORE = Asked("before", "The `next` of the page before; blank for the newest.")
_LOG = (
    Asked("q", "Part of a name, a number or an id."),
    Asked("outcome", "Only these.", get_args(OutcomeKind)),
    Asked("entity", "Only this kind of record.", KNOWN),
    Asked("rule", "Only what this rule decided."),
    Asked("run", "Only this run."),
    Asked("since", "From this day on (UTC).", day=True),
    Asked("until", "Up to this day (UTC), included.", day=True),
    _BEFORE,
)
ADDRESSES = (
    Address("to-do", "What is open now, by reason", answers.to_do, models.ToDo),
    Address("log", "What was ever logged, newest first, 50 rows a page", answers.log, models.Log, _LOG),
    Address("record", "One record with its story", answers.record, models.Record, RECORD),
    Address(
        "runs", "Readings of lists, sweeps and what people asked for", answers.runs, models.Runs, (_BEFORE,)
    ),
    Address("connections", "Both systems as last seen", answers.connections, models.Connections),
    Address("health", "The facts that drive the alarms", answers.health, models.Health),
    Address(
        "dead-letters", "Messages that four tries could not finish", answers.dead_letters, models.DeadLetters
    ),
    Address(
        "previews",
        "What a sync would do, list by list: how far each preview is, and what it comes to",
        deed_answers.previews,
        deed_models.Previews,
    ),
    Address(
        "preview",
        "One preview, record by record, with every value that would be written",
        deed_answers.preview,
        deed_models.PreviewResult,
        (
            Asked("entity", "The list.", KNOWN, needed=True),
            Asked("run", "The `run` of the preview; blank for the newest."),
            Asked("would", "Only these.", ORDER),
        ),
    ),
    Address(
        "choices",
        "What may be decided of one record, to be sent to `decide`",
        deed_answers.choices,
        deed_models.Choices,
        RECORD,
    ),
    Address(
        "session", "Who is asking, and the token for what is done", deed_answers.session, deed_models.Session
    ),
)


def description(visit: Visit) -> Reply:
    """OpenAPI 3.1 of all of them."""
    return Reply(
        200, text(document((*ADDRESSES, *DEEDS), f"/{visit.services.integration.name}/api")), kind=JSON
    )


DONE: Mapping[str, Deed] = {PREFIX + one.path: one for one in DEEDS}
"""What is posted to."""
API: Mapping[str, Page] = {
    **{PREFIX + one.path: Page(one.reply) for one in ADDRESSES},
    PREFIX + "openapi.json": Page(description),
}


def refused(status: int, why: str) -> Reply:
    return Reply(status, text(models.Fault(why)), kind=JSON)


def told(done: Done, says: str, *, bad: bool) -> Reply:
    """What came of a deed: 409 where nothing was done, with the sentence that a page would show."""
    if bad:
        return refused(409, says)
    found = deed_models.Done(done.code, says, done.count, dict(done.query or {}))
    return Reply(200, text(found), kind=JSON)
