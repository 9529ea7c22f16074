"""The log by run: what each reading of a list, hour of webhooks and action of a person came to. Quiet runs,
one after another, are one line."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from shared.console.reply import Reply
from shared.console.run_lines import Told, told
from shared.console.visit import NotFound, Visit
from shared.domain.record import record

PAGE = 100
_RUN = re.compile(r"[0-9A-Za-z_.-]{1,120}")


@record
class Quiet:
    """Quiet runs that follow one another, newest first."""

    runs: tuple[Told, ...]


def show(visit: Visit) -> Reply:
    listed, next_before = page_of(visit)
    older = visit.url("runs", before=next_before) if next_before else ""
    first = not visit.query.get("before", "")
    return visit.show("runs.html", "Runs", parts=[*_parts(listed)], older=older, first=first)


def page_of(visit: Visit) -> tuple[list[Told], str]:
    """And the `before` of the next one, "" for none."""
    before = visit.query.get("before", "")
    if before and not _RUN.fullmatch(before):
        raise NotFound
    found = visit.services.stores.log.runs(PAGE + 1, before)
    listed = told(found[:PAGE])
    return listed, listed[-1].run.run_id if len(found) > PAGE else ""


def _parts(runs: Sequence[Told]) -> Iterator[Told | Quiet]:
    for quiet, group in groupby(runs, key=lambda one: one.quiet):
        together = tuple(group)
        if quiet and len(together) > 1:
            yield Quiet(together)
        else:
            yield from together
