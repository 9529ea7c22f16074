"""From what the pages are made of to the answers of the API."""

from shared.console.api import models
from shared.console.connected import Connected
from shared.console.lines import Line, There
from shared.console.pages.record import Candidate
from shared.console.run_lines import Told
from shared.console.values import Field
from shared.domain.link import LogRow, Outcome


def item(line: Line, outcome: Outcome | None = None) -> models.Item:
    """`outcome`: where another one than the line's counts."""
    decided, (system, entity, record_id) = outcome or line.outcome, line.subject
    return models.Item(
        system,
        entity,
        record_id,
        line.name,
        line.number,
        line.amount,
        line.customer,
        decided.kind,
        decided.reason,
        str(decided.rule),
        decided.field,
        decided.value,
        tuple(decided.notes),
        line.at,
        tuple(map(there, line.there)),
    )


def there(one: There) -> models.There:
    return models.There(one.system, one.id, one.label, one.address)


def row(line: Line, found: LogRow) -> models.Row:
    changes = tuple(dict(one) for one in found.changes)
    return models.Row(item(line), found.cause, found.run_id, found.attempt, changes)


def value(one: Field) -> models.Value:
    return models.Value(one.name, one.values, one.goes, one.differs, one.held)


def candidate(one: Candidate) -> models.Candidate:
    return models.Candidate(one.system, one.id, one.name)


def run(one: Told) -> models.Run:
    ran = one.run
    return models.Run(
        ran.run_id,
        one.what,
        ran.cause,
        ran.entity,
        ran.system,
        ran.state,
        ran.message,
        dict(one.counts),
        ran.started_at,
        ran.finished_at,
    )


def connection(one: Connected) -> models.Connection:
    known = one.known
    return models.Connection(
        one.system,
        one.name,
        one.state,
        one.gate.until,
        one.gate.reason,
        known.account,
        known.checked_at,
        tuple(models.Found(found.level, found.subject, found.message) for found in known.findings),
        one.calls,
        one.sign_in_ends,
        one.business,
        dict(one.options),
    )
