"""A change of settings before it is stored: key by key, and line by line of the file that it becomes."""

from collections.abc import Sequence

from shared.console.draft import packed
from shared.console.reply import Reply
from shared.console.visit import Visit
from shared.operations.settings_changes import settings_changes
from shared.operations.settings_text import Parts, digest, settings_text
from shared.operations.settings_versions import differences, with_parts


def review(visit: Visit, parts: Parts, back: str, notes: Sequence[str] = ()) -> Reply:
    """`parts` must be without a fault; `back`: the address of the page that they come from."""
    stored = visit.services.integration
    after = with_parts(stored, parts)
    text, was = settings_text(after), settings_text(stored)
    return visit.show(
        "review.html",
        "What would change",
        changes=[*settings_changes(stored, after)],
        diff=[*differences(was, text)],
        notes=notes,
        draft=packed(text),
        base=visit.request.said("base") or digest(was),
        stale=visit.request.said("base") not in ("", digest(was)),
        back=back,
    )
