"""What a proposal would change in a stack, key by key, for people. No secret is shown."""

from collections.abc import Iterator, Mapping

from shared.bootstrap import OPTIONS
from shared.domain.titles import title
from shared.operations.proposed import Proposed
from shared.operations.settings_changes import NOTHING, Change, settings_changes, shown


def changes(proposed: Proposed, name: str) -> list[Change]:
    """What storing the proposal would change of an integration."""
    after = proposed.integrations().load(name)
    before = proposed.stored(name)
    found = list(settings_changes(before, after))
    if before is None:
        return found
    if proposed.integrations().state(name).live and not proposed.stored_state(name).live:
        found.append(Change("live", "previews only", "live"))
    secrets = proposed.secrets(name)
    for system, values in secrets.waiting.items():
        found += _secrets(system, secrets.stored(system), values)
    return found


def _secrets(system: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if old.get(key) == new.get(key):
            continue
        where, option = f"{title(system)}, {key}", OPTIONS[system].get(key)
        if option is not None and option.shown:
            yield Change(where, shown(old.get(key)), shown(new.get(key)))
        else:
            was = "(not shown)" if key in old else NOTHING
            yield Change(where, was, "another (not shown)" if key in new else NOTHING)
