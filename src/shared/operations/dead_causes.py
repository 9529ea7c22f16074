"""What dead letters are about, and why they died: the record each names, and what its link last said."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.keys import link_id
from shared.domain.link import Link
from shared.domain.record import record
from shared.domain.titles import title
from shared.domain.wording import words
from shared.ports import Stores
from shared.ports.dead_letters import Letter

NO_MESSAGE = "it is no message of Tieout, so it can only be dropped"
ANOTHER = "it belongs to an integration that this stack does not have any more"
UNKNOWN = "it could not be finished in four tries; the function's log says why"


@record
class Dead:
    """`subject` is (system, entity, record id), None where the letter names no record."""

    letter: Letter
    why: str
    subject: tuple[str, str, str] | None = None
    link: Link | None = None

    @property
    def can_be_replayed(self) -> bool:
        return self.why != NO_MESSAGE


def understood(integration: str, stores: Stores, letters: Sequence[Letter]) -> list[Dead]:
    """2 requests for 100 letters about records of one list."""
    read = [(letter, _read(letter)) for letter in letters]
    subjects = [found for _, message in read if (found := _subject(message)) is not None]
    links = _links(integration, stores, subjects)
    return [_dead(integration, letter, message, links) for letter, message in read]


def _dead(
    integration: str, letter: Letter, message: Mapping[str, Any], links: Mapping[tuple[str, str, str], Link]
) -> Dead:
    subject = _subject(message)
    if not message:
        return Dead(letter, NO_MESSAGE)
    if message.get("integration", integration) != integration:
        return Dead(letter, ANOTHER)
    if subject is None:
        entity, system = str(message.get("entity", "")), str(message.get("system", ""))
        what = f"the {words(entity)} list in {title(system)}" if entity and system else "what the clock says"
        return Dead(letter, f"{what}: {UNKNOWN}")
    link = links.get(subject)
    outcome = link.outcome if link else None
    why = outcome.reason if outcome is not None and outcome.kind == "failed" else UNKNOWN
    return Dead(letter, why, subject, link)


def _read(letter: Letter) -> dict[str, Any]:
    try:
        found = json.loads(letter.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _subject(message: Mapping[str, Any]) -> tuple[str, str, str] | None:
    parts = tuple(message.get(name) for name in ("system", "entity", "record_id"))
    whole = all(isinstance(part, str) and part for part in parts)
    return (str(parts[0]), str(parts[1]), str(parts[2])) if whole else None


def _links(
    integration: str, stores: Stores, subjects: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Link]:
    """By the pointer, or by its own key where nothing was made of it yet."""
    ids: dict[tuple[str, str, str], str] = {}
    for system, entity in dict.fromkeys((one[0], one[1]) for one in subjects):
        wanted = list(dict.fromkeys(one[2] for one in subjects if one[:2] == (system, entity)))
        found = stores.links.find(system, entity, wanted)
        for record_id in wanted:
            own = link_id(integration, entity, system, record_id)
            ids[system, entity, record_id] = found.get(record_id, own)
    loaded = stores.links.load(list(dict.fromkeys(ids.values()))) if ids else {}
    return {subject: link for subject, link_id in ids.items() if (link := loaded[link_id].link) is not None}
