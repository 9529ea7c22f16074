"""What a sync would do, list by list and record by record, before anything is written: as it was last worked
out. The console calls no vendor; a button asks the function that may."""

from collections.abc import Mapping

from shared.console.render import money
from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.domain.record import record
from shared.operations.preview_run import previewed
from shared.operations.preview_store import Made, Planned, Previews

PAGE = 50
_PATIENCE = 900
"""Seconds that the page waits for a preview that was asked for."""
ORDER = ("fail", "hold", "create", "update", "link", "skip", "wait", "later", "nothing")
SAYS = {
    "create": "would be made",
    "update": "would change",
    "link": "would be linked",
    "nothing": "unchanged",
    "skip": "would be skipped",
    "wait": "would wait",
    "hold": "would be held",
    "later": "was not looked at",
    "fail": "would fail",
}


@record
class Shown:
    """A preview as the page shows it. `counts`: (would, records, money), what needs a person first."""

    made: Made
    counts: tuple[tuple[str, int, str], ...]

    @property
    def running(self) -> bool:
        return self.made.state == "running"


def show(visit: Visit) -> Reply:
    services = visit.services
    entities = previewed(services)
    stored = Previews(services.stores.cache).of(entities, visit.now)
    asked = chosen(visit, stored)
    lists = {entity: [_shown(one) for one in stored[entity]] for entity in entities}
    return visit.show(
        "preview.html",
        "Preview",
        lists=lists,
        says=SAYS,
        live=services.state.live,
        follow=_awaited(visit, stored),
        one=_shown(asked) if asked else None,
        **(_records(visit, asked) if asked else _NOTHING),
    )


_NOTHING: Mapping[str, object] = {"records": [], "would": "", "page_number": 1, "pages": 1}


def chosen(visit: Visit, stored: Mapping[str, list[Made]]) -> Made | None:
    """The preview that the address names. Raises NotFound for one that is not kept."""
    entity, run = visit.query.get("entity", ""), visit.query.get("run", "")
    if not entity:
        return None
    found = [one for one in stored.get(entity, []) if run in ("", one.run_id)]
    if not found:
        raise NotFound
    return found[0]


def _records(visit: Visit, made: Made) -> dict[str, object]:
    would = visit.query.get("would", "")
    found = [
        one
        for one in Previews(visit.services.stores.cache).records(made, visit.now)
        if would in ("", one.would)
    ]
    found.sort(key=lambda one: _rank(one.would))
    pages = max(1, -(-len(found) // PAGE))
    asked = visit.query.get("at", "1")
    number = min(int(asked), pages) if asked.isdecimal() and 0 < len(asked) < 5 and int(asked) else 1
    return {
        "records": found[(number - 1) * PAGE : number * PAGE],
        "would": would if would in SAYS else "",
        "page_number": number,
        "pages": pages,
    }


def _shown(made: Made) -> Shown:
    counts = tuple((would, made.counts[would], sums(made, would)) for would in sorted(made.counts, key=_rank))
    return Shown(made, counts)


def sums(made: Made, would: str) -> str:
    """What the documents of this kind come to, each currency by itself."""
    return "; ".join(
        money(amount, currency) for currency, amount in sorted(made.totals.get(would, {}).items())
    )


def _rank(would: str) -> int:
    return ORDER.index(would) if would in ORDER else len(ORDER)


def amount_of(one: Planned) -> str:
    return money(one.amount, one.currency)


def _awaited(visit: Visit, stored: Mapping[str, list[Made]]) -> bool:
    """Whether one is on its way: begun and not ended, or asked for and not begun."""
    newest = [made[0] for made in stored.values() if made]
    young = [one for one in newest if (visit.now - one.began_at).total_seconds() < _PATIENCE]
    if any(one.state == "running" for one in young):
        return True
    since, wanted = visit.query.get("since", ""), visit.query.get("for", "").split(",")
    if not since.isdecimal() or len(since) > 12 or visit.now.timestamp() - int(since) > _PATIENCE:
        return False
    done = {one.entity for one in newest if one.began_at.timestamp() >= int(since)}
    return any(name in stored and name not in done for name in wanted)
