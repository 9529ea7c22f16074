"""Each address's answer, made of what its page is made of."""

from shared.console.api import models, told
from shared.console.connected import connections as both
from shared.console.lines import of_rows
from shared.console.pages import dead_letters as letters_page
from shared.console.pages import health as health_page
from shared.console.pages import home
from shared.console.pages import log as log_page
from shared.console.pages import record as record_page
from shared.console.pages import runs as runs_page
from shared.console.pulse import Cycle
from shared.console.values import fields_of
from shared.console.visit import NotFound, Visit
from shared.operations.log_search import search
from shared.operations.missing import questions
from shared.operations.open_groups import open_groups
from shared.operations.open_records import open_records

_SHOWN = 100
"""Records of a group, as of its page."""


def to_do(visit: Visit, shown: int = _SHOWN) -> models.ToDo:
    """`shown`: records of a group."""
    services = visit.services
    found = open_records(services.stores, services.flow.entities)
    asked = questions(services.state, services.stores.missing)
    return models.ToDo(
        found.counts,
        tuple(sorted(found.cut)),
        tuple(_group(one) for one in home.listed(visit, open_groups(found), shown)),
        tuple(
            models.Parked(one.count, one.reason, one.next)
            for one in home.resting(services.stores.parks, visit.now)
        ),
        services.state.braked,
        tuple(one.text for one in asked if one.text),
    )


def log(visit: Visit) -> models.Log:
    """Raises NotFound as the page does."""
    wanted = log_page.wanted_of(visit.query)
    before = log_page.place(visit.query.get("before", ""))
    found = search(visit.services.stores.log, wanted, before)
    lines = of_rows(visit.services, found.rows)
    rows = tuple(told.row(line, row) for line, row in zip(lines, found.rows, strict=True))
    return models.Log(rows, found.next, found.looked_to)


def record(visit: Visit) -> models.Record:
    """Raises NotFound for a record of which nothing is known."""
    subject = record_page.subject_of(visit)
    link = record_page.link_of(visit, subject)
    own = visit.services.stores.log.rows(record=subject, limit=record_page.STORY)
    rows = record_page.whole_story(visit, link, subject, own)
    if not rows and link is None:
        raise NotFound
    line = record_page.line_of(visit, link, rows)
    outcome = link.outcome if link is not None and link.outcome else line.outcome
    lines = of_rows(visit.services, rows)
    return models.Record(
        told.item(line, outcome),
        tuple(map(told.value, fields_of(visit.services, link))) if link else (),
        tuple(map(told.candidate, record_page.candidates(visit, link, outcome))),
        tuple(told.row(one, row) for one, row in zip(lines, rows, strict=True)),
        len(rows) >= record_page.STORY,
    )


def runs(visit: Visit) -> models.Runs:
    listed, following = runs_page.page_of(visit)
    return models.Runs(tuple(map(told.run, listed)), following)


def connections(visit: Visit) -> models.Connections:
    return models.Connections(tuple(map(told.connection, both(visit.services))))


def health(visit: Visit) -> models.Health:
    facts = health_page.facts(visit)
    pulse, state = facts["pulse"], facts["state"]
    return models.Health(
        state.live,
        (*pulse.troubles, *facts["silent"]),
        pulse.last,
        facts["swept"],
        facts["swept_in_time"],
        state.recovering_since,
        facts["depths"],
        facts["parked"],
        pulse.dead,
        tuple(map(_cycle, pulse.cycles)),
        "" if visit.services.refused else visit.services.flow.version,
    )


def dead_letters(visit: Visit) -> models.DeadLetters:
    counts, found = letters_page.listed(visit)
    names = letters_page.names_of(visit, found)
    causes = []
    for queue in found:
        for one in queue.causes:
            letters = tuple(
                models.Letter(
                    letter.letter.id,
                    letter.letter.sent_at,
                    letter.event.subject if letter.event else (),
                    names.get(letter.event.subject, "") if letter.event else letter.about,
                )
                for letter in one.letters
            )
            causes.append(models.Cause(queue.queue, one.why, one.can_be_replayed, letters))
    cut = {queue.queue: queue.looked_at for queue in found if queue.more}
    return models.DeadLetters(counts, cut, tuple(causes))


def _group(one: home.Listed) -> models.Group:
    group = one.group
    records = tuple(map(told.item, one.lines))
    return models.Group(group.kind, group.entity, group.rule, group.field, one.count, group.more, records)


def _cycle(one: Cycle) -> models.Cycle:
    if one.last is None:
        return models.Cycle(one.entity, one.system, None, "", {})
    ran = one.last.run
    return models.Cycle(one.entity, one.system, ran.started_at, ran.state, dict(one.last.counts))
